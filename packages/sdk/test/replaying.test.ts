// Proves a replay from end to end without a collector: a program is recorded, a plan is made of what arrived, and the same program
// is started with it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { resolveContent } from "@runreel/content";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";

import type { ReplayPlan, RecordedStep } from "@runreel/sdk/adapter";

import type { ReceivedSpan } from "./otlp-reader.ts";
import { createOtlpSink } from "./otlp-sink.ts";
import type { OtlpSink } from "./otlp-sink.ts";
import { runProgram } from "./run-program.ts";

let folder: string;
let recording: { output: { result: unknown; ran: string[] }; steps: RecordedStep[]; root: ReceivedSpan };
let sink: OtlpSink;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "runreel-replaying-"));
  await using recorded = await createOtlpSink();
  const { output } = await runProgram("books-a-room", ["100"], { RUNREEL_ENDPOINT: recorded.endpoint });
  recording = {
    output: JSON.parse(output) as (typeof recording)["output"],
    steps: await stepsOf(recorded),
    root: recorded.spans().find((span) => span.parentSpanId === "")!,
  };
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(async () => {
  sink = await createOtlpSink();
});

afterEach(async () => {
  await sink[Symbol.asyncDispose]();
});

/** What the collector makes of spans for a plan. */
async function stepsOf(from: OtlpSink): Promise<RecordedStep[]> {
  const blobs = new Map(from.blobs().map((blob) => [blob.hash, blob]));
  const read = async (hash: unknown): Promise<unknown> =>
    hash === undefined ? null : await resolveContent(hash as string, async () => blobs);
  const spans = from.spans().filter((span) => span.attributes["runreel.step.kind"] !== undefined);
  const inOrder = spans.toSorted((a, b) => Number(a.startTimeUnixNano - b.startTimeUnixNano));
  return await Promise.all(
    inOrder.map(async ({ spanId, attributes }, index) => ({
      index: index + 1,
      spanId,
      kind: attributes["runreel.step.kind"] as RecordedStep["kind"],
      name: attributes["runreel.step.name"] as string,
      callId: null,
      argumentsHash: (attributes["runreel.content.input"] as string | undefined) ?? null,
      arguments: await read(attributes["runreel.content.input"]),
      result: await read(attributes["runreel.content.output"]),
      raw: await read(attributes["runreel.content.raw"]),
      error: null,
      effect: attributes["runreel.effect"] as RecordedStep["effect"],
    })),
  );
}

async function replay(
  price: string,
  changes: Partial<ReplayPlan>,
): Promise<{ error?: string; result?: unknown; ran: string[] }> {
  const plan: ReplayPlan = {
    version: 1,
    replayId: "rp_1",
    origin: { runId: recording.root.traceId, rootSpanId: recording.root.spanId },
    from: 5,
    mode: "recorded",
    onDivergence: "stop",
    edits: [],
    endpoint: sink.endpoint,
    steps: recording.steps,
    ...changes,
  };
  const file = join(folder, "plan.json");
  writeFileSync(file, JSON.stringify(plan));
  const environment = { RUNREEL_ENDPOINT: sink.endpoint, RUNREEL_REPLAY: file };
  const { output, errors } = await runProgram("books-a-room", [price], environment);
  expect(errors).toBe("");
  return JSON.parse(output) as { error?: string; result?: unknown; ran: string[] };
}

const served = (): Record<string, unknown> =>
  Object.fromEntries(
    sink
      .spans()
      .filter((span) => span.attributes["runreel.step.kind"] !== undefined)
      .map((span) => [span.attributes["runreel.step.name"], span.attributes["runreel.step.served"]]),
  );

test("everything from the recording: the same result, and nothing ran", async () => {
  expect(recording.output.ran).toEqual(["quote", "pay"]);
  expect(await replay("999", {})).toEqual({ result: recording.output.result, ran: [] });
  expect(served()).toEqual({ now: "recorded", randomUUID: "recorded", quote: "recorded", pay: "recorded" });
  const root = sink.spans().find((span) => span.parentSpanId === "")!;
  expect(root.traceId).not.toBe(recording.root.traceId);
  expect(root.attributes).toMatchObject({
    "runreel.replay.id": "rp_1",
    "runreel.replay.of_run": recording.root.traceId,
    "runreel.replay.from": 5,
    "runreel.replay.mode": "recorded",
  });
  expect(root.links).toEqual([
    {
      traceId: recording.root.traceId,
      spanId: recording.root.spanId,
      attributes: { "runreel.replay.of_run": recording.root.traceId },
    },
  ]);
});

test("after the checkpoint a read runs again, and an effect that nobody allows does not", async () => {
  const { error, ran } = await replay("200", { from: 3, mode: "live" });
  expect({ error, ran }).toEqual({ error: "RUNREEL_EFFECT_NOT_CONFIRMED", ran: ["quote"] });
  expect(served()).toEqual({ now: "recorded", randomUUID: "recorded", quote: "live", pay: "blocked" });
});

test("a program that asks for something else diverges, and its run says where", async () => {
  const steps = recording.steps.map((step) =>
    step.name === "quote" ? { ...step, argumentsHash: "0".repeat(32) } : step,
  );
  const { error, ran } = await replay("100", { steps });
  expect({ error, ran }).toEqual({ error: "RUNREEL_REPLAY_DIVERGED", ran: [] });
  const root = sink.spans().find((span) => span.parentSpanId === "")!;
  expect(root.status.code).toBe(2);
  expect(JSON.parse(root.attributes["runreel.replay.divergence"] as string)).toMatchObject({
    step: 3,
    actual: { kind: "tool", name: "quote", arguments: { nights: 3 } },
  });
});
