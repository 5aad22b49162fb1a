// Proves, with programs of their own, what is left when a process ends, and what a disabled SDK does: nothing.
import { afterEach, beforeEach, expect, test } from "vitest";

import { createOtlpSink } from "./otlp-sink.ts";
import type { OtlpSink } from "./otlp-sink.ts";
import { runProgram } from "./run-program.ts";

let sink: OtlpSink;

beforeEach(async () => {
  sink = await createOtlpSink();
});

afterEach(async () => {
  await sink[Symbol.asyncDispose]();
});

test("a program that merely ends delivers everything", async () => {
  const ended = await runProgram("merely-ends", ["500"], { RUNREEL_ENDPOINT: sink.endpoint });
  expect(ended).toEqual({ code: 0, signal: null, output: "", errors: "" });
  expect(sink.spans()).toHaveLength(501);
  expect(sink.spans()[0]?.resource["service.name"]).toBe("@runreel/sdk");
});

test("a program that ends while nobody listens ends at once, with one line", async () => {
  await sink[Symbol.asyncDispose]();
  const ended = await runProgram("merely-ends", ["500"], { RUNREEL_ENDPOINT: sink.endpoint });
  expect(ended).toMatchObject({ code: 0, output: "" });
  expect(ended.errors.trim().split("\n")).toHaveLength(1);
  expect(ended.errors).toContain("runreel: nobody listens at 127.0.0.1:");
});

test("an uncaught error is told as ever, and the failed run is delivered", async () => {
  const ended = await runProgram("fails", [], { RUNREEL_ENDPOINT: sink.endpoint });
  expect(ended.code).toBe(1);
  expect(ended.errors).toContain("Error: this agent has failed");
  expect(ended.errors).not.toContain("runreel:");
  const spans = new Map(sink.spans().map((span) => [span.name, span]));
  expect([...spans.keys()].toSorted()).toEqual(["failing", "first", "second"]);
  expect(spans.get("failing")?.status).toEqual({ code: 2, message: "this agent has failed" });
  expect(spans.get("first")?.parentSpanId).toBe(spans.get("failing")?.spanId);
  expect(await sink.content(spans.get("first")?.attributes["runreel.content.output"])).toEqual({
    picture: new Uint8Array(100),
    text: "x".repeat(1_000),
  });
  expect(sink.startRecords().map((span) => span.name)).toContain("still going");
});

test("process.exit() keeps its code and leaves a run that can be read", async () => {
  const ended = await runProgram("fails", ["exits"], { RUNREEL_ENDPOINT: sink.endpoint });
  expect(ended).toEqual({ code: 7, signal: null, output: "", errors: "" });
  expect(sink.spans().map((span) => span.name)).toEqual(["first"]);
  expect(
    sink
      .startRecords()
      .map((span) => span.name)
      .toSorted(),
  ).toEqual(["failing", "second", "still going"]);
});

test("a disabled SDK does nothing, and neither does one that has not been started", async () => {
  const disabled = await runProgram("disabled", ["start"], { RUNREEL_ENDPOINT: sink.endpoint, RUNREEL_DISABLED: "1" });
  expect(disabled).toMatchObject({ code: 0, errors: "" });
  const nothing = { delivered: 0, spooled: 0, dropped: 0, buffered: 0 };
  const result = [4, 3, { said: "hi" }, "number"];
  expect(JSON.parse(disabled.output)).toEqual({ result, flush: nothing, status: "disabled", shutdown: nothing });
  const unstarted = await runProgram("disabled", [], { RUNREEL_ENDPOINT: sink.endpoint });
  expect(JSON.parse(unstarted.output)).toMatchObject({ result, status: "idle" });
  expect(sink.seen.count).toBe(0);
});

test("in a process that is to replay, nothing runs before start(), nor with a plan that cannot be read", async () => {
  const environment = { RUNREEL_ENDPOINT: sink.endpoint, RUNREEL_REPLAY: "/nowhere/plan.json" };
  const unstarted = await runProgram("disabled", [], environment);
  expect(unstarted.code).toBe(1);
  expect(unstarted.errors).toContain("start() has not been called");
  const unread = await runProgram("disabled", ["start"], environment);
  expect(unread.code).toBe(1);
  expect(unread.errors).toContain("RUNREEL_REPLAY_PLAN_INVALID");
});
