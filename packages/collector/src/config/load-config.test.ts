import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { configKeys } from "./config-keys.ts";
import { describeFaults, loadConfig, type ConfigResult } from "./load-config.ts";

function faultsOf(result: ConfigResult): Record<string, string> {
  if (result.ok) throw new Error("expected faults");
  return Object.fromEntries(result.faults.map((fault) => [fault.path, `${fault.found} | ${fault.expected}`]));
}

test("nothing set gives a collector on loopback with an embedded database", () => {
  const result = loadConfig({ environment: {} });
  if (!result.ok) throw new Error(describeFaults(result.faults));
  expect(result.config.listen).toEqual({ host: "127.0.0.1", port: 4318 });
  expect(result.config.clickhouse).toEqual({ url: null, user: "default", password: "", database: "runreel" });
  expect(result.config.retention).toEqual({ contentDays: 3, spanDays: 30 });
});

test("overrides win over the environment, and the environment over the file", () => {
  const file = join(mkdtempSync(join(tmpdir(), "runreel-config-")), "runreel.yaml");
  writeFileSync(file, "listen: 127.0.0.1:1\ndataDir: from-file\nblock:\n  maxAgeMs: 11\n  maxSpans: 12\n");
  const result = loadConfig({
    environment: { RUNREEL_CONFIG: file, RUNREEL_LISTEN: "[::1]:2", RUNREEL_BLOCK_MAX_AGE_MS: "21" },
    overrides: { listen: ":3" },
  });
  if (!result.ok) throw new Error(describeFaults(result.faults));
  expect(result.config.listen).toEqual({ host: "127.0.0.1", port: 3 });
  expect(result.config.dataDir).toBe("from-file");
  expect(result.config.block).toMatchObject({ maxAgeMs: 21, maxSpans: 12 });
});

test("every setting has a variable of its own and a description", () => {
  const keys = configKeys();
  expect(new Set(keys.map((key) => key.environment)).size).toBe(keys.length);
  expect(keys.filter((key) => key.description === "")).toEqual([]);
  expect(keys.map((key) => key.environment)).toEqual(
    expect.arrayContaining(["RUNREEL_LISTEN", "RUNREEL_DATA", "CLICKHOUSE_URL", "RUNREEL_LIMITS_REQUEST_MAX_BYTES"]),
  );
});

test("all faults come at once, with what was found and what is expected", () => {
  const faults = faultsOf(
    loadConfig({
      environment: {
        RUNREEL_LISTEN: "here",
        RUNREEL_LIMITS_REQUEST_MAX_BYTES: "many",
        RUNREEL_RETENTION_CONTENT_DAYS: "0",
        RUNREEL_LOG_LEVEL: "loud",
        CLICKHOUSE_URL: "tcp://db:9000",
        CLICKHOUSE_DATABASE: "run-reel",
      },
      overrides: { colour: "red", block: { maxAge: 5 } },
    }),
  );
  expect(faults).toEqual({
    listen: '"here" | host:port, with a port from 0 to 65535',
    "limits.requestMaxBytes": '"many" | a number',
    "retention.contentDays": "0 | at least 1",
    logLevel: '"loud" | one of fatal, error, warn, info, debug, trace, silent',
    "clickhouse.url": '"tcp://db:9000" | an http:// or https:// address, such as http://localhost:8123',
    "clickhouse.database": '"run-reel" | a name of letters, digits and _',
    "block.maxAge": "a setting that does not exist | one of those in docs/configuration.md",
    colour: "a setting that does not exist | one of those in docs/configuration.md",
  });
});

test("an address beyond loopback needs a key, and says so beside other faults", () => {
  const faults = faultsOf(loadConfig({ environment: { RUNREEL_LISTEN: "0.0.0.0:4318", RUNREEL_LOG_LEVEL: "loud" } }));
  expect(Object.keys(faults).sort()).toEqual(["apiKeys", "logLevel"]);
  const keyed = loadConfig({
    environment: { RUNREEL_LISTEN: "0.0.0.0:4318", RUNREEL_API_KEYS: "a-key-of-enough-length" },
  });
  expect(keyed.ok && keyed.config.apiKeys).toEqual([{ key: "a-key-of-enough-length", project: "default" }]);
});

test("a short key is a fault, and is not repeated", () => {
  const result = loadConfig({ environment: { RUNREEL_API_KEYS: "hunter2, a-key-of-enough-length" } });
  if (result.ok) throw new Error("expected faults");
  expect(describeFaults(result.faults)).toContain("apiKeys.0");
  expect(describeFaults(result.faults)).not.toContain("hunter2");
});

test("a key of a project that does not exist is a fault", () => {
  const faults = faultsOf(
    loadConfig({ environment: {}, overrides: { apiKeys: [{ key: "a-key-of-enough-length", project: "shop" }] } }),
  );
  expect(faults).toEqual({ "apiKeys.0.project": '"shop" | one of projects: default' });
});

test("a file that cannot be read is a fault of its own", () => {
  const faults = faultsOf(loadConfig({ file: "/does/not/exist.yaml", environment: { RUNREEL_LOG_LEVEL: "loud" } }));
  expect(Object.keys(faults).sort()).toEqual(["/does/not/exist.yaml", "logLevel"]);
});
