// Proves, with real processes that end in every way, that what was recorded is delivered or on disk, and that what is on disk is delivered once.
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { createOtlpSink } from "./otlp-sink.ts";
import type { OtlpSink } from "./otlp-sink.ts";
import { createSpoolDir, runProgram } from "./run-program.ts";
import type { Ended } from "./run-program.ts";

let sink: OtlpSink;
let spool: string;

beforeEach(async () => {
  sink = await createOtlpSink();
  spool = createSpoolDir();
});

afterEach(async () => {
  await sink[Symbol.asyncDispose]();
});

const STEPS = 20;
const names = [...Array.from({ length: STEPS }, (_, index) => `step ${index}`), "ending"].toSorted();

const ways = {
  "process.exit(0)": { way: "exit-0", ended: { code: 0, signal: null } },
  "process.exit(1)": { way: "exit-1", ended: { code: 1, signal: null } },
  "an uncaught error": { way: "throws", ended: { code: 1, signal: null } },
  "an unhandled rejection": { way: "rejects", ended: { code: 1, signal: null } },
  "a natural end": { way: "ends", ended: { code: 0, signal: null } },
  SIGTERM: { way: "SIGTERM", ended: { code: null, signal: "SIGTERM" } },
  SIGINT: { way: "SIGINT", ended: { code: null, signal: "SIGINT" } },
  SIGHUP: { way: "SIGHUP", ended: { code: null, signal: "SIGHUP" } },
} as const;

function end(way: string, environment: Record<string, string> = {}): Promise<Ended> {
  let isSent = false;
  return runProgram(
    "ends",
    [way, String(STEPS)],
    { RUNREEL_ENDPOINT: sink.endpoint, RUNREEL_SPOOL_DIR: spool, ...environment },
    (output, kill) => {
      if (isSent || !output.includes("recorded")) return;
      isSent = true;
      kill((way.startsWith("SIG") ? way : "SIGTERM") as NodeJS.Signals);
    },
  );
}

const startAgain = (waitMs = 6_000): Promise<Ended> =>
  runProgram("starts", [String(waitMs)], { RUNREEL_ENDPOINT: sink.endpoint, RUNREEL_SPOOL_DIR: spool });

/** The files that wait for the endpoint. */
const files = (): string[] =>
  readdirSync(spool, { recursive: true, encoding: "utf8" }).filter((name) => name.includes(".otlp"));

/** As the collector counts: what was under way when the process ended may come twice. */
const received = (): string[] => [...new Map(sink.spans().map((span) => [span.spanId, span.name])).values()].toSorted();

describe.each(Object.entries(ways))("%s", (_, { way, ended }) => {
  test("delivers everything where the endpoint is there, and ends as ever", async () => {
    expect(await end(way)).toMatchObject(ended);
    expect(received()).toEqual(names);
    expect(files()).toEqual([]);
  });

  test("leaves everything on disk where it is not, and the next start delivers it, once", async () => {
    const port = Number(new URL(sink.endpoint).port);
    await sink[Symbol.asyncDispose]();
    expect(await end(way)).toMatchObject(ended);
    expect(files().length).toBeGreaterThan(0);

    sink = await createOtlpSink(port);
    expect(await startAgain()).toMatchObject({ code: 0, output: `${STEPS + 1}\n` });
    expect(received()).toEqual(names);
    const [step] = sink.spans().filter((span) => span.name === "step 7");
    expect(await sink.content(step?.attributes["runreel.content.output"])).toEqual({
      index: 7,
      text: "text 7 ".repeat(100),
    });
    expect(sink.spans()).toHaveLength(names.length);
    expect(files()).toEqual([]);
  });
});

test("a host that handles a signal goes on as it likes; what was put on disk is accounted for", async () => {
  await sink[Symbol.asyncDispose]();
  const ended = await end("handles-sigterm");
  expect(ended).toMatchObject({ code: 3, signal: null });
  const status = JSON.parse(ended.output.split("\n")[1] ?? "") as Record<string, number>;
  expect(status).toMatchObject({ recorded: STEPS + 1, spooled: STEPS + 1, delivered: 0, buffered: 0, dropped: {} });
});

test("10,000 spans that end in one turn and a natural end: 10,000 delivered", async () => {
  const ended = await runProgram("ends", ["ends", "9999"], {
    RUNREEL_ENDPOINT: sink.endpoint,
    RUNREEL_SPOOL_DIR: spool,
  });
  expect(ended).toMatchObject({ code: 0, errors: "" });
  expect(received()).toHaveLength(10_000);
  expect(sink.spans()).toHaveLength(10_000);
});

test("nobody but the user can read what waits, and a key is not in it", async () => {
  await sink[Symbol.asyncDispose]();
  await end("exit-0", { RUNREEL_API_KEY: "rr_key_of_this_user" });
  for (const name of files()) {
    const path = join(spool, name);
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(readFileSync(path).includes("rr_key_of_this_user")).toBe(false);
  }
});

test("what is for one endpoint is not sent to another", async () => {
  const other = await createOtlpSink();
  await sink[Symbol.asyncDispose]();
  await end("exit-0");
  const waiting = files();
  const ended = await runProgram("starts", ["1500"], { RUNREEL_ENDPOINT: other.endpoint, RUNREEL_SPOOL_DIR: spool });
  expect(ended.output).toBe("0\n");
  expect(other.seen.count).toBe(0);
  expect(files()).toEqual(waiting);
  await other[Symbol.asyncDispose]();
});

test("programs that start together share what waits, and send nothing twice", async () => {
  const port = Number(new URL(sink.endpoint).port);
  await sink[Symbol.asyncDispose]();
  for (let round = 0; round < 3; round += 1) await end("exit-0");
  sink = await createOtlpSink(port);
  sink.answer.afterMs = 30;
  const ended = await Promise.all([startAgain(), startAgain(), startAgain()]);
  const sum = ended.reduce((total, { output }) => total + Number(output), 0);
  expect(sum).toBe(3 * (STEPS + 1));
  expect(sink.spans()).toHaveLength(3 * (STEPS + 1));
  expect(files()).toEqual([]);
});

test("a file that a killed process had taken is not lost", async () => {
  const port = Number(new URL(sink.endpoint).port);
  await sink[Symbol.asyncDispose]();
  await end("exit-0");
  // Above the largest pid that Linux gives by default.
  for (const name of files()) renameSync(join(spool, name), join(spool, `${name}.4194305_0badcafe`));
  sink = await createOtlpSink(port);
  expect(await startAgain()).toMatchObject({ output: `${STEPS + 1}\n` });
  expect(received()).toEqual(names);
});

test("a folder that cannot be written to costs the spans, with their reason, and nothing else", async () => {
  await sink[Symbol.asyncDispose]();
  const file = join(spool, "a-file");
  writeFileSync(file, "");
  const ended = await end("handles-sigterm", { RUNREEL_SPOOL_DIR: join(file, "below") });
  expect(ended).toMatchObject({ code: 3, signal: null });
  const status = JSON.parse(ended.output.split("\n")[1] ?? "") as Record<string, number>;
  expect(status).toMatchObject({ recorded: STEPS + 1, spooled: 0, buffered: 0, dropped: { spool_failed: STEPS + 1 } });
});
