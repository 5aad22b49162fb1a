import { RunreelOptionsError } from "./errors.ts";
import type { ContentMode } from "./content/content-writer.ts";
import type { Compression, CompressionChoice } from "./export/compressor.ts";
import { otelCompression, otelHeaders } from "./otel-variables.ts";
import { globalState } from "./global-state.ts";
import { readHost } from "./join/host.ts";
import type { Host, HostProvider } from "./join/host.ts";
import { OptionReader } from "./option-reader.ts";
import type { Environment } from "./option-reader.ts";
import { parseRedactOptions } from "./redact/redact-options.ts";
import type { RedactionRules, RedactOptions } from "./redact/redact-options.ts";
import { defaultServiceName } from "./service-name.ts";
import { defaultSpoolRoot, spoolFolder } from "./spool/spool-folder.ts";

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
  /**
   * The program's own tracing, to join: an OpenTelemetry TracerProvider, dd-trace's, or Sentry's client. Runs and steps then show there too,
   * and its own spans inside a run are recorded. None unless given; nothing of the program's tracing is touched then.
   */
  provider?: HostProvider | undefined;
  /**
   * How many of all runs are sent with their content, 0 to 1, chosen by their trace id. Of the others usage is sent, exactly, and the whole
   * run if anything in it fails. `RUNREEL_SAMPLE`; 1 unless given.
   */
  sample?: number;
  /** Memory in which runs wait that are not sent, in case they fail, in bytes, 1 MiB to 1 GiB; the oldest falls out first. `RUNREEL_RING_MAX_BYTES`; 8 MiB unless given. */
  ringMaxBytes?: number;
  /** Which secrets are taken out of everything before it leaves the process; `false` for none. `RUNREEL_REDACT=0` turns it off. Keys and tokens of a known form unless given. */
  redact?: boolean | RedactOptions;
  /** `OTEL_SERVICE_NAME`, else the name in the nearest `package.json`. */
  serviceName?: string;
  /** None unless given. */
  serviceVersion?: string;
  /** Whether runs at once, and spans that are open for longer than the interval, show while they are going. `RUNREEL_START_RECORDS=0` turns it off; on unless given. */
  startRecords?: boolean;
  /** Whether the process tells the collector what has become of everything it has recorded, and that it is still there. `RUNREEL_PROCESS_REPORTS=0` turns it off; on unless given, except with `content: "inline"`, which is for other backends. */
  processReports?: boolean;
  /** Memory that undelivered data may take, in bytes, 1 MiB to 1 GiB. `RUNREEL_BUFFER_MAX_BYTES`; 8 MiB unless given. */
  bufferMaxBytes?: number;
  /** Whether what cannot be delivered waits on disk when the process ends. `RUNREEL_SPOOL=0` turns it off; on unless given. */
  spool?: boolean;
  /** Where it waits. `RUNREEL_SPOOL_DIR`; the user's cache folder unless given. */
  spoolDir?: string;
  /** Disk space that it may take, in bytes, 1 MiB to 100 GiB; the oldest content goes first. `RUNREEL_SPOOL_MAX_BYTES`; 256 MiB unless given. */
  spoolMaxBytes?: number;
  /** How long what is recorded waits for company, in milliseconds, 10 to 60,000. `RUNREEL_FLUSH_INTERVAL_MS`; 1,000 unless given. */
  flushIntervalMs?: number;
  /** How long a request may take, in milliseconds, 100 to 120,000. `RUNREEL_EXPORT_TIMEOUT_MS`; 10,000 unless given. */
  exportTimeoutMs?: number;
  /** How requests are compressed. `RUNREEL_COMPRESSION`, else `OTEL_EXPORTER_OTLP_COMPRESSION`; unless given, `none` to this machine, and to others `gzip`, or `zstd` once the collector has said that it takes it. */
  compression?: Compression;
  /** Takes the lines, one a minute at most, that tell what goes wrong inside. Standard error unless given. */
  diagnostics?: (line: string) => void;
}

/** Options with nothing left open. */
export interface Options {
  endpoint: string;
  headers: Record<string, string>;
  isDisabled: boolean;
  content: ContentMode;
  /** 1 in a replay, which is always kept. */
  sample: number;
  ringMaxBytes: number;
  redaction: RedactionRules | false;
  /** The host's own tracing, which is joined. */
  host: Host | undefined;
  serviceName: string;
  serviceVersion: string | undefined;
  startRecords: boolean;
  processReports: boolean;
  bufferMaxBytes: number;
  /** Where what cannot be delivered waits; undefined when it does not. */
  spoolFolder: string | undefined;
  spoolMaxBytes: number;
  flushIntervalMs: number;
  exportTimeoutMs: number;
  compression: CompressionChoice;
  diagnostics: ((line: string) => void) | undefined;
  /** Path of the plan of the replay that this process carries out. */
  replayPlan: string | undefined;
}

const MiB = 1024 * 1024;

/**
 * Reads options and environment; what is given in code wins.
 *
 * @throws RunreelOptionsError with all faults at once
 */
export function parseOptions(options: StartOptions, environment: Environment): Options {
  const read = new OptionReader(environment);
  const given = read.known(options, known);
  const isDisabled = read.flag("disabled", given.disabled, "RUNREEL_DISABLED", read.otelDisabled());
  const endpointDefault = read.text("OTEL_EXPORTER_OTLP_ENDPOINT") ?? "http://127.0.0.1:4318";
  const endpoint = read.url("endpoint", given.endpoint, "RUNREEL_ENDPOINT", endpointDefault);
  const apiKey: unknown = given.apiKey === undefined ? read.text("RUNREEL_API_KEY") : given.apiKey;
  if (apiKey !== undefined && !(typeof apiKey === "string" && /^[\x21-\x7e]+$/.test(apiKey))) {
    read.fault("apiKey (RUNREEL_API_KEY) should be printable ASCII without spaces");
  }
  const replayPlan = read.text("RUNREEL_REPLAY");
  if (replayPlan !== undefined && isDisabled) {
    read.fault("RUNREEL_REPLAY is set and the SDK is disabled: nothing would keep the replay from repeating effects");
  }
  const spoolRoot =
    read.name("spoolDir", given.spoolDir === undefined ? read.text("RUNREEL_SPOOL_DIR") : given.spoolDir) ??
    defaultSpoolRoot(environment, process.platform);
  const compressions = ["none", "gzip", "zstd"] as const;
  const compression = read.choice("compression", given.compression, "RUNREEL_COMPRESSION", compressions, undefined);
  if (given.diagnostics !== undefined && typeof given.diagnostics !== "function") {
    read.fault("diagnostics should be a function that takes a line");
  }
  const content = read.choice("content", given.content, "RUNREEL_CONTENT", ["blobs", "inline", "none"], "blobs");
  const sample = read.share("sample", given.sample, "RUNREEL_SAMPLE", 1);
  const parsed: Options = {
    endpoint,
    headers: typeof apiKey === "string" ? { authorization: `Bearer ${apiKey}` } : otelHeaders(environment),
    isDisabled,
    content,
    sample: replayPlan === undefined ? sample : 1,
    ringMaxBytes: read.number("ringMaxBytes", given.ringMaxBytes, "RUNREEL_RING_MAX_BYTES", [MiB, 1024 * MiB, 8 * MiB]),
    redaction: readRedaction(given.redact, read),
    host: isDisabled ? undefined : readProvider(given.provider, read),
    serviceName:
      read.name("serviceName", given.serviceName === undefined ? read.text("OTEL_SERVICE_NAME") : given.serviceName) ??
      defaultServiceName(),
    serviceVersion: read.name("serviceVersion", given.serviceVersion),
    startRecords: read.flag("startRecords", given.startRecords, "RUNREEL_START_RECORDS", true),
    processReports: read.flag("processReports", given.processReports, "RUNREEL_PROCESS_REPORTS", content !== "inline"),
    bufferMaxBytes: read.number("bufferMaxBytes", given.bufferMaxBytes, "RUNREEL_BUFFER_MAX_BYTES", [
      MiB,
      1024 * MiB,
      8 * MiB,
    ]),
    spoolFolder: read.flag("spool", given.spool, "RUNREEL_SPOOL", true) ? spoolFolder(spoolRoot, endpoint) : undefined,
    spoolMaxBytes: read.number("spoolMaxBytes", given.spoolMaxBytes, "RUNREEL_SPOOL_MAX_BYTES", [
      MiB,
      100 * 1024 * MiB,
      256 * MiB,
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
    compression: compression ?? otelCompression(environment) ?? (isLoopback(endpoint) ? "none" : "best"),
    diagnostics: given.diagnostics,
    replayPlan,
  };
  if (read.faults.length > 0) throw new RunreelOptionsError(read.faults);
  return parsed;
}

function readProvider(given: unknown, read: OptionReader): Host | undefined {
  if (given === undefined) return undefined;
  const host = readHost(given, globalState().hasSpanProcessor === true);
  if (typeof host !== "string") return host;
  read.fault(host);
  return undefined;
}

function readRedaction(given: unknown, read: OptionReader): RedactionRules | false {
  if (!read.flag("redact", undefined, "RUNREEL_REDACT", true) && given === undefined) return false;
  const { rules, faults } = parseRedactOptions(given);
  for (const fault of faults) read.fault(fault);
  return rules;
}

const known = new Set<string>([
  "endpoint",
  "apiKey",
  "disabled",
  "content",
  "provider",
  "sample",
  "ringMaxBytes",
  "redact",
  "serviceName",
  "serviceVersion",
  "startRecords",
  "processReports",
  "bufferMaxBytes",
  "spool",
  "spoolDir",
  "spoolMaxBytes",
  "flushIntervalMs",
  "exportTimeoutMs",
  "compression",
  "diagnostics",
] satisfies (keyof StartOptions)[]);

function isLoopback(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { hostname } = new URL(endpoint);
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}
