// Proves, with real processes, that what a process says of itself at its end is what `status()` says, however it ends and whatever lay on disk.
import { readdirSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";

import { createOtlpSink } from "./otlp-sink.ts";
import type { OtlpSink } from "./otlp-sink.ts";
import { createSpoolDir, runProgram } from "./run-program.ts";

let sink: OtlpSink;
let spool: string;

beforeEach(async () => {
  sink = await createOtlpSink();
  spool = createSpoolDir();
});

afterEach(async () => {
  await sink[Symbol.asyncDispose]();
});

interface Counts {
  recorded: number;
  delivered: number;
  spooled: number;
  buffered: number;
  dropped: Record<string, number>;
}

/** Runs the program and gives the counts of spans and content that it printed last. */
async function ended(
  way: string,
  environment: Record<string, string> = {},
): Promise<{ spans: Counts; content: Counts }> {
  let isSent = false;
  const { output } = await runProgram(
    "tells-status",
    [way],
    { RUNREEL_ENDPOINT: sink.endpoint, RUNREEL_SPOOL_DIR: spool, ...environment },
    (text, kill) => {
      if (isSent || !text.includes("recorded")) return;
      isSent = true;
      kill("SIGTERM");
    },
  );
  return JSON.parse(output.trim().split("\n").at(-1) ?? "") as { spans: Counts; content: Counts };
}

/** What the newest report says; the sequence decides, whatever came first. */
function told(): { spans: Counts; content: Counts; hasEnded: boolean; openRuns: number; instances: number } {
  const reports = sink.reports().filter((one) => one.attributes["runreel.process.spans"] !== undefined);
  const sequenceOf = (one: (typeof reports)[0]): number => one.attributes["runreel.process.sequence"] as number;
  const newest = reports.toSorted((a, b) => sequenceOf(a) - sequenceOf(b)).at(-1)!;
  const counts = (key: string): Counts => {
    const { recorded, delivered, spooled, buffered, dropped } = JSON.parse(newest.attributes[key] as string) as Counts;
    return { recorded, delivered, spooled, buffered, dropped };
  };
  return {
    spans: counts("runreel.process.spans"),
    content: counts("runreel.process.content"),
    hasEnded: newest.attributes["runreel.process.ended"] === true,
    openRuns: newest.attributes["runreel.process.open_runs"] as number,
    instances: new Set(reports.map((one) => one.resource["service.instance.id"])).size,
  };
}

/** The sum of what the receipts of requests from disk say. */
function fromDisk(): { spans: number; content: number } {
  return sink
    .reports()
    .flatMap((one) => one.attributes["runreel.process.from_disk"] ?? [])
    .map((text) => JSON.parse(text as string) as { spans: number; content: number })
    .reduce((sum, one) => ({ spans: sum.spans + one.spans, content: sum.content + one.content }), {
      spans: 0,
      content: 0,
    });
}

function expectBalanced({ recorded, delivered, spooled, buffered, dropped }: Counts): void {
  expect(recorded).toBe(delivered + spooled + buffered + Object.values(dropped).reduce((sum, one) => sum + one, 0));
}

test.each(["ends", "exit", "flushes", "SIGTERM", "throws"])("%s: the last report is the last status", async (way) => {
  const status = await ended(way);
  const last = told();
  expect(last).toMatchObject({ ...status, openRuns: way === "exit" ? 1 : 0, instances: 1 });
  expect(last.hasEnded).toBe(way !== "flushes");
  expectBalanced(last.spans);
  expectBalanced(last.content);
  expect(last.spans.recorded).toBeGreaterThan(20);
  expect(fromDisk()).toEqual({ spans: last.spans.spooled, content: last.content.spooled });
  // What was under way when the process ended may come twice.
  expect(new Set(sink.spans().map(({ spanId }) => spanId)).size).toBe(last.spans.delivered + last.spans.spooled);
});

test("what waits on disk comes with its receipts and the last report", async () => {
  const port = Number(new URL(sink.endpoint).port);
  await sink[Symbol.asyncDispose]();
  const status = await ended("exit");
  expect(status.spans.spooled).toBe(status.spans.recorded);
  sink = await createOtlpSink(port);
  await runProgram("starts", ["5000"], { RUNREEL_ENDPOINT: sink.endpoint, RUNREEL_SPOOL_DIR: spool });
  const first = sink.reports()[0]?.resource["service.instance.id"];
  for (const request of sink.requests) {
    request.spans = request.spans.filter((span) => span.resource["service.instance.id"] === first);
  }
  expect(told()).toMatchObject({ ...status, hasEnded: true, openRuns: 1 });
  expect(fromDisk()).toEqual({ spans: status.spans.spooled, content: status.content.spooled });
  expect(readdirSync(spool, { recursive: true }).filter((name) => String(name).includes(".otlp"))).toEqual([]);
});

test("what the endpoint refuses is told with its reason, once it takes reports again", async () => {
  sink.answer = { status: 400, afterMs: 0 };
  const running = ended("refused");
  while (sink.seen.count === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  sink.answer = { status: 200, afterMs: 0 };
  const status = await running;
  expect(Object.keys(status.spans.dropped)).toContain("rejected_400");
  expect(told()).toMatchObject(status);
});

test("no report where nothing is recorded, and none where they are turned off or the content goes inline", async () => {
  await runProgram("starts", ["100"], { RUNREEL_ENDPOINT: sink.endpoint });
  expect(sink.seen.count).toBe(0);
  await ended("ends", { RUNREEL_PROCESS_REPORTS: "0" });
  await ended("exit", { RUNREEL_CONTENT: "inline" });
  expect(sink.spans().length).toBeGreaterThan(20);
  expect(sink.reports()).toEqual([]);
});
