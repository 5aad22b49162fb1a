// Proves what start() takes, by code and by environment, and that it tells all faults at once.
import { expect, test } from "vitest";

import { RunreelOptionsError } from "./errors.ts";
import { parseOptions } from "./options.ts";
import type { StartOptions } from "./options.ts";

test("nothing is needed", () => {
  expect(parseOptions({}, {})).toMatchObject({
    endpoint: "http://127.0.0.1:4318",
    headers: {},
    isDisabled: false,
    content: "blobs",
    sample: 1,
    ringMaxBytes: 8 * 1024 * 1024,
    startRecords: true,
    bufferMaxBytes: 8 * 1024 * 1024,
    flushIntervalMs: 1_000,
    exportTimeoutMs: 10_000,
    compression: "none",
    replayPlan: undefined,
  });
});

test("without a key of ours, the headers of OpenTelemetry's variables are sent", () => {
  const environment = {
    OTEL_EXPORTER_OTLP_HEADERS: "x-vendor-key=secret%20one, Authorization=Basic x",
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: "x-vendor-key=two",
  };
  expect(parseOptions({}, environment).headers).toEqual({ "x-vendor-key": "two", authorization: "Basic x" });
  expect(parseOptions({ apiKey: "k" }, environment).headers).toEqual({ authorization: "Bearer k" });
});

test("what cannot be delivered waits on disk, unless nobody wants that", () => {
  expect(parseOptions({}, { XDG_CACHE_HOME: "/cache" })).toMatchObject({
    spoolFolder: expect.stringMatching(/runreel.spool.127\.0\.0\.1_4318-[0-9a-f]{8}$/),
    spoolMaxBytes: 256 * 1024 * 1024,
  });
  expect(parseOptions({}, { RUNREEL_SPOOL_DIR: "/here", RUNREEL_SPOOL_MAX_BYTES: "1048576" })).toMatchObject({
    spoolFolder: expect.stringMatching(/^.here.127/),
    spoolMaxBytes: 1_048_576,
  });
  expect(parseOptions({ spool: false }, {}).spoolFolder).toBeUndefined();
  expect(parseOptions({}, { RUNREEL_SPOOL: "0" }).spoolFolder).toBeUndefined();
});

test("every option can be set by environment, and code wins", () => {
  const environment = {
    RUNREEL_ENDPOINT: "https://runs.example.com",
    RUNREEL_API_KEY: "secret",
    RUNREEL_CONTENT: "none",
    RUNREEL_SAMPLE: "0.25",
    RUNREEL_RING_MAX_BYTES: "1048576",
    OTEL_SERVICE_NAME: "agent",
    RUNREEL_START_RECORDS: "0",
    RUNREEL_BUFFER_MAX_BYTES: "2097152",
    RUNREEL_FLUSH_INTERVAL_MS: "50",
    RUNREEL_EXPORT_TIMEOUT_MS: "500",
  };
  expect(parseOptions({}, environment)).toMatchObject({
    endpoint: "https://runs.example.com",
    headers: { authorization: "Bearer secret" },
    content: "none",
    sample: 0.25,
    ringMaxBytes: 1_048_576,
    serviceName: "agent",
    startRecords: false,
    bufferMaxBytes: 2_097_152,
    flushIntervalMs: 50,
    exportTimeoutMs: 500,
    compression: "best",
  });
  expect(parseOptions({ content: "inline", serviceName: "mine" }, environment)).toMatchObject({
    content: "inline",
    serviceName: "mine",
  });
});

test("compression is that of the option, else of a variable, else fits the distance", () => {
  const compression = (given: StartOptions, environment: Record<string, string> = {}): string =>
    parseOptions(given, environment).compression;
  const remote = { endpoint: "https://runs.example.com" };
  expect(compression({})).toBe("none");
  expect(compression(remote)).toBe("best");
  expect(compression({ compression: "zstd" }, { RUNREEL_COMPRESSION: "gzip" })).toBe("zstd");
  expect(compression(remote, { RUNREEL_COMPRESSION: "zstd", OTEL_EXPORTER_OTLP_COMPRESSION: "none" })).toBe("zstd");
  expect(compression(remote, { OTEL_EXPORTER_OTLP_COMPRESSION: "none" })).toBe("none");
  // Meant for another exporter: no reason not to start.
  expect(compression(remote, { OTEL_EXPORTER_OTLP_COMPRESSION: "snappy" })).toBe("best");
  expect(() => compression(remote, { RUNREEL_COMPRESSION: "snappy" })).toThrow("none, gzip, zstd");
});

test("OpenTelemetry's own variables stand in, and an empty variable is none", () => {
  const environment = {
    RUNREEL_ENDPOINT: " ",
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318",
    OTEL_SDK_DISABLED: "TRUE",
  };
  expect(parseOptions({}, environment)).toMatchObject({ endpoint: "http://collector:4318", isDisabled: true });
  expect(parseOptions({}, { ...environment, RUNREEL_DISABLED: "0" }).isDisabled).toBe(false);
});

test("of a replay all is sent", () => {
  expect(parseOptions({ sample: 0.25 }, { RUNREEL_REPLAY: "plan.json" }).sample).toBe(1);
});

test("all faults are told at once", () => {
  const given = {
    endpoint: "localhost:4318",
    content: "all",
    sample: 1.5,
    ringMaxBytes: 1,
    bufferMaxBytes: 1,
    unknown: 1,
    serviceName: "",
  };
  const environment = { RUNREEL_FLUSH_INTERVAL_MS: "soon", RUNREEL_DISABLED: "yes", RUNREEL_API_KEY: "a key" };
  let error: unknown;
  try {
    parseOptions(given as unknown as StartOptions, environment);
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(RunreelOptionsError);
  const { faults, message } = error as RunreelOptionsError;
  expect(faults).toHaveLength(10);
  for (const named of [
    "sample should be a number from 0 to 1, found 1.5",
    "ringMaxBytes",
    "endpoint",
    "content",
    "bufferMaxBytes",
    "unknown",
    "serviceName",
    "RUNREEL_FLUSH_INTERVAL_MS",
    "RUNREEL_DISABLED",
    "RUNREEL_API_KEY",
  ]) {
    expect(message).toContain(named);
  }
  expect(message).not.toContain("a key");
});

/** The faults of what somebody without types gives. */
function faultsOf(given: unknown): readonly string[] {
  try {
    parseOptions(given as StartOptions, {});
  } catch (error) {
    if (error instanceof RunreelOptionsError) return error.faults;
    throw error;
  }
  return [];
}

test("options that are no object are one fault", () => {
  for (const given of [null, 5, "http://localhost:4318", [], () => 1, 5n]) {
    expect(faultsOf(given), String(given)).toEqual([expect.stringMatching(/^start\(\) should be given an object/)]);
  }
  const trap = new Proxy({}, { ownKeys: () => [].at(0)! });
  expect(faultsOf(trap)).toEqual([expect.stringContaining("the options cannot be read")]);
});

test("whatever stands under an option where something else should, every such option is told", () => {
  const names = [
    "endpoint",
    "apiKey",
    "provider",
    "sample",
    "ringMaxBytes",
    "processReports",
    "disabled",
    "content",
    "redact",
    "serviceName",
    "serviceVersion",
    "startRecords",
    "bufferMaxBytes",
    "spool",
    "spoolDir",
    "spoolMaxBytes",
    "flushIntervalMs",
    "exportTimeoutMs",
    "compression",
    "diagnostics",
  ] satisfies (keyof StartOptions)[];
  const circle: Record<string, unknown> = {};
  circle["me"] = circle;
  for (const wrong of [null, Number.NaN, 5n, Symbol("s"), circle, [circle]]) {
    const faults = faultsOf(Object.fromEntries(names.map((name) => [name, wrong])));
    for (const name of names) {
      // The circle is an object, as the options of redaction are.
      const part = name === "redact" && wrong === circle ? "redact.me" : name;
      expect(
        faults.filter((fault) => fault.startsWith(part)),
        `${name} of ${typeof wrong}`,
      ).not.toEqual([]);
    }
  }
});

test("a name that is no option is told with the one that was meant", () => {
  const given = { endPoint: "x", flushInterval: 5, servicename: "a", buffer: 1, zzz: 1, redact: { keepkeys: [] } };
  expect(faultsOf(given)).toEqual([
    "endPoint is no option, did you mean endpoint?",
    "flushInterval is no option, did you mean flushIntervalMs?",
    "servicename is no option, did you mean serviceName?",
    "buffer is no option",
    "zzz is no option",
    "redact.keepkeys is no option, did you mean redact.keepKeys?",
  ]);
});

test("a process that is to replay cannot be disabled", () => {
  expect(() => parseOptions({}, { RUNREEL_REPLAY: "plan.json", RUNREEL_DISABLED: "1" })).toThrow(RunreelOptionsError);
});
