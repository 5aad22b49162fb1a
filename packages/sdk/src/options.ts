import { RunreelOptionsError } from "./errors.ts";
import type { ContentMode } from "./content/content-writer.ts";
import { blankOtelHeaders } from "./otel-headers.ts";
import { defaultServiceName } from "./service-name.ts";

/** What `start()` takes. Nothing is needed on a developer's machine; everything can also be set by environment. */
export interface StartOptions {
  /** Base address of the collector; spans go to `/v1/traces` below it. `RUNREEL_ENDPOINT`, else `OTEL_EXPORTER_OTLP_ENDPOINT`, else `http://127.0.0.1:4318`. */
  endpoint?: string;
  /** Sent as `authorization: Bearer …`. `RUNREEL_API_KEY`; without it the headers of `OTEL_EXPORTER_OTLP_HEADERS` are sent. None unless given. */
  apiKey?: string;
  /** Turns the SDK off. `RUNREEL_DISABLED=1`, else `OTEL_SDK_DISABLED=true`. */
  disabled?: boolean;
  /** How messages, arguments and results are sent: `blobs`, `inline` or `none`. `RUNREEL_CONTENT`; `blobs` unless given. */
  content?: ContentMode;
  /** `OTEL_SERVICE_NAME`, else the name in the nearest `package.json`. */
  serviceName?: string;
  /** None unless given. */
  serviceVersion?: string;
  /** Whether runs at once, and spans that are open for longer than the interval, show while they are going. `RUNREEL_START_RECORDS=0` turns it off; on unless given. */
  startRecords?: boolean;
  /** Memory that undelivered data may take, in bytes, 1 MiB to 1 GiB. `RUNREEL_BUFFER_MAX_BYTES`; 32 MiB unless given: what a hundred parallel agents make before the event loop is free to send. */
  bufferMaxBytes?: number;
  /** How long what is recorded waits for company, in milliseconds, 10 to 60,000. `RUNREEL_FLUSH_INTERVAL_MS`; 1,000 unless given. */
  flushIntervalMs?: number;
  /** How long a request may take, in milliseconds, 100 to 120,000. `RUNREEL_EXPORT_TIMEOUT_MS`; 10,000 unless given. */
  exportTimeoutMs?: number;
  /** `gzip` or `none`. `RUNREEL_COMPRESSION`; `none` to this machine and `gzip` to others unless given. */
  compression?: "gzip" | "none";
  /** Takes the lines, one a minute at most, that tell what goes wrong inside. Standard error unless given. */
  diagnostics?: (line: string) => void;
}

/** Options with nothing left open. */
export interface Options {
  endpoint: string;
  headers: Record<string, string>;
  isDisabled: boolean;
  content: ContentMode;
  serviceName: string;
  serviceVersion: string | undefined;
  startRecords: boolean;
  bufferMaxBytes: number;
  flushIntervalMs: number;
  exportTimeoutMs: number;
  isCompressed: boolean;
  diagnostics: ((line: string) => void) | undefined;
  /** Path of the plan of the replay that this process carries out. */
  replayPlan: string | undefined;
}

type Environment = Record<string, string | undefined>;

const MiB = 1024 * 1024;

/**
 * Reads options and environment; what is given in code wins.
 *
 * @throws RunreelOptionsError with all faults at once
 */
export function parseOptions(given: StartOptions, environment: Environment): Options {
  const read = new OptionReader(environment);
  const isDisabled = read.flag("disabled", given.disabled, "RUNREEL_DISABLED", read.otelDisabled());
  const endpointDefault = read.text("OTEL_EXPORTER_OTLP_ENDPOINT") ?? "http://127.0.0.1:4318";
  const endpoint = read.url("endpoint", given.endpoint, "RUNREEL_ENDPOINT", endpointDefault);
  const apiKey = given.apiKey ?? read.text("RUNREEL_API_KEY");
  if (apiKey !== undefined && !/^[\x21-\x7e]+$/.test(apiKey)) {
    read.fault("apiKey (RUNREEL_API_KEY) should be printable ASCII without spaces");
  }
  const replayPlan = read.text("RUNREEL_REPLAY");
  if (replayPlan !== undefined && isDisabled) {
    read.fault("RUNREEL_REPLAY is set and the SDK is disabled: nothing would keep the replay from repeating effects");
  }
  const compression = read.choice("compression", given.compression, "RUNREEL_COMPRESSION", ["gzip", "none"], undefined);
  if (given.diagnostics !== undefined && typeof given.diagnostics !== "function") {
    read.fault("diagnostics should be a function that takes a line");
  }
  const options: Options = {
    endpoint,
    headers: apiKey === undefined ? {} : { ...blankOtelHeaders(environment), authorization: `Bearer ${apiKey}` },
    isDisabled,
    content: read.choice("content", given.content, "RUNREEL_CONTENT", ["blobs", "inline", "none"], "blobs"),
    serviceName: read.name("serviceName", given.serviceName ?? read.text("OTEL_SERVICE_NAME")) ?? defaultServiceName(),
    serviceVersion: read.name("serviceVersion", given.serviceVersion),
    startRecords: read.flag("startRecords", given.startRecords, "RUNREEL_START_RECORDS", true),
    bufferMaxBytes: read.number("bufferMaxBytes", given.bufferMaxBytes, "RUNREEL_BUFFER_MAX_BYTES", [
      MiB,
      1024 * MiB,
      32 * MiB,
    ]),
    flushIntervalMs: read.number(
      "flushIntervalMs",
      given.flushIntervalMs,
      "RUNREEL_FLUSH_INTERVAL_MS",
      [10, 60_000, 1_000],
    ),
    exportTimeoutMs: read.number(
      "exportTimeoutMs",
      given.exportTimeoutMs,
      "RUNREEL_EXPORT_TIMEOUT_MS",
      [100, 120_000, 10_000],
    ),
    isCompressed: compression === undefined ? !isLoopback(endpoint) : compression === "gzip",
    diagnostics: given.diagnostics,
    replayPlan,
  };
  for (const name of Object.keys(given)) if (!known.has(name)) read.fault(`${name} is no option`);
  if (read.faults.length > 0) throw new RunreelOptionsError(read.faults);
  return options;
}

const known = new Set<string>([
  "endpoint",
  "apiKey",
  "disabled",
  "content",
  "serviceName",
  "serviceVersion",
  "startRecords",
  "bufferMaxBytes",
  "flushIntervalMs",
  "exportTimeoutMs",
  "compression",
  "diagnostics",
] satisfies (keyof StartOptions)[]);

/** Reads one option from code or environment, and collects faults instead of throwing. */
class OptionReader {
  readonly faults: string[] = [];
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  fault(sentence: string): void {
    this.faults.push(sentence);
  }

  /** An empty variable is one that is not set. */
  text(variable: string): string | undefined {
    const value = this.#environment[variable]?.trim();
    return value === "" ? undefined : value;
  }

  otelDisabled(): boolean {
    return this.text("OTEL_SDK_DISABLED")?.toLowerCase() === "true";
  }

  name(option: string, value: unknown): string | undefined {
    if (value === undefined) return undefined;
    if (typeof value === "string" && value.trim() !== "") return value;
    this.fault(`${option} should be a text that is not empty, found ${JSON.stringify(value)}`);
    return undefined;
  }

  flag(option: string, given: unknown, variable: string, byDefault: boolean): boolean {
    if (typeof given === "boolean") return given;
    if (given !== undefined) this.fault(`${option} should be true or false, found ${JSON.stringify(given)}`);
    const text = this.text(variable)?.toLowerCase();
    if (text === undefined) return byDefault;
    if (text === "1" || text === "true") return true;
    if (text !== "0" && text !== "false") this.fault(`${variable} should be 1 or 0, found ${JSON.stringify(text)}`);
    return false;
  }

  number(option: string, given: unknown, variable: string, [min, max, byDefault]: [number, number, number]): number {
    const text = this.text(variable);
    if (given === undefined && text === undefined) return byDefault;
    const value = given ?? Number(text);
    if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
    const name = given === undefined ? variable : option;
    this.fault(`${name} should be a whole number from ${min} to ${max}, found ${JSON.stringify(given ?? text)}`);
    return byDefault;
  }

  choice<T extends string, D extends T | undefined>(
    option: string,
    given: unknown,
    variable: string,
    choices: readonly T[],
    byDefault: D,
  ): T | D {
    const value = given ?? this.text(variable);
    if (value === undefined) return byDefault;
    const choice = choices.find((candidate) => candidate === value);
    if (choice !== undefined) return choice;
    const name = given === undefined ? variable : option;
    this.fault(`${name} should be one of ${choices.join(", ")}, found ${JSON.stringify(value)}`);
    return byDefault;
  }

  url(option: string, given: unknown, variable: string, byDefault: string): string {
    const value = given ?? this.text(variable) ?? byDefault;
    if (typeof value === "string" && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return value;
    const name = given === undefined ? variable : option;
    this.fault(`${name} should be a URL such as http://127.0.0.1:4318, found ${JSON.stringify(value)}`);
    return byDefault;
  }
}

function isLoopback(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { hostname } = new URL(endpoint);
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}
