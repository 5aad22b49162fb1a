// Proves what the steps of the public functions do in a replay: serve, run or stop, by a real plan.
import { contentHash } from "@runreel/content";
import { expect, test } from "vitest";

import { RunreelDivergenceError, RunreelEffectBlockedError } from "../errors.ts";
import { createReplay } from "../replay/create-replay.ts";
import type { RecordedStep, ReplayPlan } from "../replay/plan.ts";
import type { CodeRequest, InferenceRequest, Recorder, ToolRequest } from "./recorder.ts";
import { inertRecorder } from "./inert-recorder.ts";
import type { Outcome } from "./outcome.ts";
import { recordInference, recordStep, recordToolCall } from "./record-steps.ts";

function recorded(index: number, step: Partial<RecordedStep>): RecordedStep {
  const args = step.arguments ?? null;
  return {
    index,
    spanId: `${index}`.padStart(16, "0"),
    kind: "tool",
    name: "t",
    callId: null,
    argumentsHash: contentHash(args),
    arguments: args,
    result: null,
    raw: null,
    error: null,
    effect: "read",
    ...step,
  };
}

type Begun = (ToolRequest | CodeRequest | InferenceRequest) & { outcome?: Outcome };

function replaying(steps: RecordedStep[], plan: Partial<ReplayPlan> = {}, isAllowed = false) {
  const begun: Begun[] = [];
  const begin = (request: ToolRequest | CodeRequest | InferenceRequest) => {
    const entry: Begun = { ...request };
    begun.push(entry);
    return { ...inertRecorder.beginRun({ name: "" }), end: (outcome: Outcome = {}) => void (entry.outcome = outcome) };
  };
  const replay = createReplay({
    plan: {
      version: 1,
      replayId: "rp",
      origin: { runId: "0".repeat(32), rootSpanId: "0".repeat(16) },
      from: steps.length + 1,
      mode: "live",
      onDivergence: "stop",
      edits: [],
      endpoint: "http://127.0.0.1:1",
      steps,
      ...plan,
    },
    hash: (value) => contentHash(value),
    guard: { ask: async () => (isAllowed ? { isAllowed, by: "maria" } : { isAllowed, by: null, reason: "no" }) },
  });
  const recorder: Recorder = {
    ...inertRecorder,
    enabled: true,
    replay,
    beginTool: begin,
    beginCode: begin,
    beginInference: begin,
  };
  return { recording: { recorder, codecs: [] }, begun };
}

const mustNotRun = (): never => expect.unreachable();

test("a recorded tool call is served, with the values that JSON lacks, and nothing runs", async () => {
  const at = new Date(0);
  const { recording, begun } = replaying([
    recorded(1, { name: "when", arguments: { q: 1 }, result: { at: { $date: at.toISOString() } } }),
  ]);
  expect(await recordToolCall(recording, { name: "when", execute: mustNotRun }, { q: 1 })).toEqual({ at });
  expect(begun).toMatchObject([{ name: "when", served: "recorded", outcome: { output: { at } } }]);
});

test("a recorded failure is thrown again", async () => {
  const error = { name: "TypeError", message: "bad city", stack: "TypeError: bad city\n    at there" };
  const { recording, begun } = replaying([recorded(1, { kind: "code", name: "geo", error })]);
  const thrown = await recordStep(recording, "geo", mustNotRun, {}).catch((caught: unknown) => caught);
  expect(thrown).toMatchObject(error);
  expect(begun[0]?.outcome?.error).toBe(thrown);
});

test("an inference is served in its provider's own form, and its tokens are not counted again", async () => {
  const answer = { choices: [{ message: { role: "assistant", content: "Hi" } }], usage: { prompt_tokens: 9 } };
  const messages = [{ role: "user", parts: [{ type: "text", content: "Hello" }] }];
  const { recording, begun } = replaying([
    recorded(1, { kind: "inference", name: "m", arguments: messages, result: { role: "assistant" }, raw: answer }),
  ]);
  const request = { model: "m", messages: [{ role: "user", content: "Hello" }] };
  expect(await recordInference(recording, request, mustNotRun, {})).toEqual(answer);
  expect(begun[0]).toMatchObject({ served: "recorded", outcome: { raw: answer } });
  expect(begun[0]?.outcome?.usage).toBeUndefined();
});

test("a streamed answer is served as the chunks that were recorded", async () => {
  const chunks = [{ choices: [{ index: 0, delta: { content: "Hi" } }] }, { choices: [], usage: { prompt_tokens: 9 } }];
  const messages = [{ role: "user", parts: [{ type: "text", content: "Hello" }] }];
  const { recording, begun } = replaying([
    recorded(1, { kind: "inference", name: "m", arguments: messages, raw: { $as: ["runreel.chunks", chunks] } }),
  ]);
  const request = { model: "m", messages: [{ role: "user", content: "Hello" }] };
  const served = (await recordInference(recording, request, mustNotRun, {})) as unknown as AsyncIterable<unknown>;
  const read: unknown[] = [];
  for await (const chunk of served) read.push(chunk);
  expect(read).toEqual(chunks);
  expect(begun[0]?.outcome?.output).toEqual({ role: "assistant", parts: [{ type: "text", content: "Hi" }] });
  expect(begun[0]?.outcome?.usage).toBeUndefined();
});

test("an effect after the checkpoint runs only with a yes, and who gave it is recorded", async () => {
  const send = { name: "send_mail", effect: "non_idempotent" as const };
  const denied = replaying([]);
  await expect(recordToolCall(denied.recording, { ...send, execute: mustNotRun }, {})).rejects.toThrow(
    RunreelEffectBlockedError,
  );
  expect(denied.begun).toMatchObject([
    { served: "blocked", outcome: { error: { code: "RUNREEL_EFFECT_NOT_CONFIRMED" } } },
  ]);
  const allowed = replaying([], {}, true);
  expect(await recordToolCall(allowed.recording, { ...send, execute: () => "sent" }, {})).toBe("sent");
  expect(allowed.begun).toMatchObject([{ served: "confirmed", confirmedBy: "maria", outcome: { output: "sent" } }]);
});

test("a tool runs with the arguments that the person edited", async () => {
  const { recording, begun } = replaying([recorded(1, { name: "convert", arguments: { currency: "XXX", n: 1 } })], {
    from: 1,
    edits: [{ path: "step.1.arguments.currency", value: "EUR" }],
  });
  const convert = { name: "convert", effect: "read" as const, execute: (args: object) => args };
  expect(await recordToolCall(recording, convert, { currency: "XXX", n: 1 })).toEqual({ currency: "EUR", n: 1 });
  expect(begun).toMatchObject([{ served: "live", arguments: { currency: "EUR", n: 1 } }]);
});

test("a step that the recording does not hold stops the replay", async () => {
  const { recording } = replaying([recorded(1, { name: "other" })]);
  await expect(recordToolCall(recording, { name: "t", effect: "read", execute: mustNotRun }, { a: 1 })).rejects.toThrow(
    RunreelDivergenceError,
  );
});
