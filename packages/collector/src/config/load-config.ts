import { isIP } from "node:net";
import type { z } from "zod";
import { configKeys, type ConfigKey } from "./config-keys.ts";
import type { CollectorConfig } from "./config.ts";
import { configSchema } from "./schema.ts";
import { merge, readConfigFile, readEnvironment, type RawConfig } from "./sources.ts";

/** Something wrong in the configuration. */
export interface ConfigFault {
  /** The setting, as `limits.requestMaxBytes`; the file's name when the file itself is at fault. */
  path: string;
  /** The variable that sets it; null where there is none. */
  environment: string | null;
  /** What stands there. Keys and passwords are not repeated. */
  found: string;
  expected: string;
}

export type ConfigResult = { ok: true; config: CollectorConfig } | { ok: false; faults: ConfigFault[] };

export interface ConfigSources {
  /** Defaults to `RUNREEL_CONFIG` of the environment. */
  file?: string;
  /** Defaults to that of the process. */
  environment?: Record<string, string | undefined>;
  /** Settings that win over file and environment: flags of a command, or a program's own. */
  overrides?: Record<string, unknown>;
}

/**
 * Collects the configuration: file, then environment over it, then overrides, then defaults for the rest.
 *
 * Never throws. Every fault is in the answer, so that nobody mends them one start at a time.
 */
export function loadConfig(sources: ConfigSources = {}): ConfigResult {
  const environment = sources.environment ?? process.env;
  const keys = configKeys();
  const faults: ConfigFault[] = [];
  let raw: RawConfig = {};
  const file = sources.file ?? environment["RUNREEL_CONFIG"];
  if (file !== undefined && file !== "") {
    const read = readConfigFile(file);
    if (read.ok) raw = read.raw;
    else faults.push({ path: file, environment: "RUNREEL_CONFIG", found: read.found, expected: read.expected });
  }
  raw = merge(merge(raw, readEnvironment(keys, environment)), sources.overrides ?? {});
  const parsed = configSchema.safeParse(raw);
  if (!parsed.success) faults.push(...parsed.error.issues.flatMap((issue) => schemaFaults(issue, raw, keys)));
  // The rules between settings are checked on what could be read, so that they show together with the other faults.
  const readable = parsed.success ? parsed.data : withoutFaults(raw, faults);
  if (readable) faults.push(...ruleFaults(readable));
  return parsed.success && faults.length === 0 ? { ok: true, config: parsed.data } : { ok: false, faults };
}

/** The faults as text for a person, one line each. */
export function describeFaults(faults: ConfigFault[]): string {
  const lines = faults.map((fault) => {
    const name = fault.environment === null ? fault.path : `${fault.path} (${fault.environment})`;
    return `  ${name}: found ${fault.found}, expected ${fault.expected}`;
  });
  const head =
    faults.length === 1 ? "The configuration has a fault:" : `The configuration has ${faults.length} faults:`;
  return [head, ...lines].join("\n");
}

function schemaFaults(issue: z.core.$ZodIssue, raw: RawConfig, keys: ConfigKey[]): ConfigFault[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((name) => ({
      path: [...issue.path, name].join("."),
      environment: null,
      found: "a setting that does not exist",
      expected: "one of those in docs/configuration.md",
    }));
  }
  const path = issue.path.join(".");
  const key = keys.find((key) => path === key.path.join(".") || path.startsWith(`${key.path.join(".")}.`));
  return [
    {
      path,
      environment: key?.environment ?? null,
      found: /key|password/i.test(path) ? "a value that is not shown here" : shown(at(raw, issue.path)),
      expected: expectation(issue),
    },
  ];
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.expected === "int" ? "a whole number" : `a ${issue.expected}`;
    case "too_small":
      return issue.origin === "string" || issue.origin === "array" ? "at least one" : `at least ${issue.minimum}`;
    case "too_big":
      return `at most ${issue.maximum}`;
    case "invalid_value":
      return `one of ${issue.values.join(", ")}`;
    case "invalid_union":
      return issue.message === "Invalid input" ? "host:port, with a port from 0 to 65535" : issue.message;
    default:
      return issue.message;
  }
}

/** Parses again without the settings at fault, which then have their defaults. */
function withoutFaults(raw: RawConfig, faults: ConfigFault[]): CollectorConfig | null {
  const rest = structuredClone(raw);
  for (const fault of faults) remove(rest, fault.path.split("."));
  const parsed = configSchema.safeParse(rest);
  return parsed.success ? parsed.data : null;
}

function ruleFaults(config: CollectorConfig): ConfigFault[] {
  const faults: ConfigFault[] = [];
  const { host } = config.listen;
  if (!isLoopback(host) && config.apiKeys.length === 0) {
    faults.push({
      path: "apiKeys",
      environment: "RUNREEL_API_KEYS",
      found: `none, while listen is ${host}`,
      expected: "at least one key, because the address can be reached from other machines; or listen on 127.0.0.1",
    });
  }
  for (const [index, { project }] of config.apiKeys.entries()) {
    if (config.projects.includes(project)) continue;
    faults.push({
      path: `apiKeys.${index}.project`,
      environment: "RUNREEL_API_KEYS",
      found: shown(project),
      expected: `one of projects: ${config.projects.join(", ")}`,
    });
  }
  if (config.limits.inflatedMaxBytes < config.limits.requestMaxBytes) {
    faults.push({
      path: "limits.inflatedMaxBytes",
      environment: "RUNREEL_LIMITS_INFLATED_MAX_BYTES",
      found: shown(config.limits.inflatedMaxBytes),
      expected: `at least limits.requestMaxBytes (${config.limits.requestMaxBytes})`,
    });
  }
  return faults;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

function at(raw: unknown, path: readonly PropertyKey[]): unknown {
  let here = raw;
  for (const part of path) here = (here as Record<PropertyKey, unknown> | undefined)?.[part];
  return here;
}

function remove(raw: RawConfig, path: string[]): void {
  const [head, ...rest] = path as [string, ...string[]];
  const below = raw[head];
  if (rest.length === 0 || typeof below !== "object" || below === null || Array.isArray(below)) delete raw[head];
  else remove(below as RawConfig, rest);
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
