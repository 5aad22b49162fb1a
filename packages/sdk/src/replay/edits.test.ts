// Edits take effect where they can, and a wrong one is told before anything runs.
import { expect, test } from "vitest";

import { parsePath, withMember } from "./edit-path.ts";
import { readEdits } from "./edits.ts";
import type { ReplayPlan } from "./plan.ts";
import { planOf, recordedStep } from "../../test/replay/recording.ts";

const user = { role: "user", parts: [{ type: "text", content: "convert 5" }] };
const answered = { role: "tool", parts: [{ type: "tool_call_response", id: "c1", response: "bad" }] };
const asked = (index: number, messages: unknown[], callId: string) =>
  recordedStep({
    index,
    kind: "inference",
    name: "gpt",
    arguments: messages,
    result: {
      role: "assistant",
      parts: [{ type: "tool_call", id: callId, name: "convert", arguments: { to: "EUX" } }],
    },
    raw: { $as: ["langchain", { type: "ai", tool_calls: [{ id: callId, args: { to: "EUX" } }] }] },
  });
const plan = (edits: ReplayPlan["edits"], more: Partial<ReplayPlan> = {}): ReplayPlan =>
  planOf(
    [
      asked(1, [user], "c1"),
      recordedStep({
        index: 2,
        name: "convert",
        callId: "c1",
        arguments: { to: "EUX" },
        result: "bad",
        raw: { content: "bad" },
      }),
      asked(3, [user, { role: "assistant" }, answered], "c2"),
      recordedStep({ index: 4, name: "convert", callId: "c2", arguments: { to: "EUX", deep: { list: [1] } } }),
    ],
    { from: 4, edits, ...more },
  );
const stepOf = (of: ReplayPlan, index: number) => of.steps.find((step) => step.index === index)!;

test("paths know dots, brackets and escaped dots", () => {
  expect(parsePath("step.7.arguments.list[0].a\\.b")).toEqual(["step", "7", "arguments", "list", "0", "a.b"]);
});

test("a member is replaced without touching what was there", () => {
  const before = { a: [{ b: 1 }] };
  expect(withMember(before, ["a", "0", "b"], 2)).toEqual({ a: [{ b: 2 }] });
  expect(before).toEqual({ a: [{ b: 1 }] });
  expect(() => withMember(before, ["x", "y"], 2)).toThrow(/the members are a/);
  expect(() => withMember(before, ["a", "3"], 2)).toThrow(/a list of 1/);
});

test("arguments of a live step are changed, of the recorded and of the live value alike", () => {
  const given = plan([{ path: "step.4.arguments.to", value: "EUR" }]);
  const edits = readEdits(given);
  expect(edits.argumentsOf(stepOf(given, 4), { to: "EUX", deep: { list: [1] } })).toEqual({
    to: "EUR",
    deep: { list: [1] },
  });
  const other = { to: "EUX" };
  expect(edits.argumentsOf(stepOf(given, 2), other)).toBe(other);
});

test("what a served step hands back is changed, through the host's instance", () => {
  const given = plan([{ path: "step.3.raw.tool_calls.0.args.to", value: "EUR" }]);
  const { recorded, isResultEdited } = readEdits(given).resultOf(stepOf(given, 3));
  expect(recorded.raw).toEqual({ $as: ["langchain", { type: "ai", tool_calls: [{ id: "c2", args: { to: "EUR" } }] }] });
  expect(isResultEdited).toBe(false);
});

test("an edited result says so", () => {
  const given = plan([{ path: "step.3.result.parts.0.arguments.to", value: "EUR" }]);
  const { recorded, isResultEdited } = readEdits(given).resultOf(stepOf(given, 3));
  expect(recorded.result).toMatchObject({ parts: [{ arguments: { to: "EUR" } }] });
  expect(isResultEdited).toBe(true);
});

test("a message that no served inference has read is changed where its step hands it back", () => {
  const given = plan([{ path: "messages.3.tool_calls.0.args.to", value: "EUR" }]);
  const edits = readEdits(given);
  expect(edits.messages).toEqual([]);
  expect(edits.resultOf(stepOf(given, 3)).recorded.raw).toMatchObject({
    $as: ["langchain", { tool_calls: [{ args: { to: "EUR" } }] }],
  });
});

test("a tool's message after the last inference is changed where its step hands it back", () => {
  const given = plan([{ path: "messages.4.content", value: "good" }], { from: 5 });
  given.steps[3]!.raw = { content: "bad" };
  expect(readEdits(given).resultOf(stepOf(given, 4)).recorded.raw).toEqual({ content: "good" });
});

test("a message that served inferences have read is left to the adapter", () => {
  expect(readEdits(plan([{ path: "messages.0.content", value: "convert 6" }])).messages).toEqual([
    { index: 0, path: ["content"], value: "convert 6", recorded: user },
  ]);
});

test.each([
  ["step.9.arguments.to", {}, /no step 9/],
  ["step.2.arguments.to", {}, /step 2 is served/],
  ["step.4.result", {}, /step 4 runs in this replay/],
  ["step.3.arguments.0", { from: 3 }, /asks the model/],
  ["step.4.arguments.to", { mode: "tools-recorded" }, /step 4 is served/],
  ["step.3.raw.nothing.to", {}, /leads nowhere/],
  ["step.4.speed", {}, /not "speed"/],
  ["messages.9.content", {}, /has 4 messages/],
  ["messages.2.tool_calls.0.args", {}, /"tool_calls" leads nowhere: the members are content/],
  ["messages.0.content", { mode: "recorded" }, /no model runs/],
  ["state.x", {}, /expected step\.N\.arguments/],
])("%s with %o is refused", (path, more, fault) => {
  expect(() => readEdits(plan([{ path, value: "EUR" }], more as Partial<ReplayPlan>))).toThrow(fault);
});

test("all faults are told at once", () => {
  const edits = [
    { path: "step.9.arguments", value: 1 },
    { path: "nonsense", value: 1 },
  ];
  expect(() => readEdits(plan(edits))).toThrow(/step\.9[^]*nonsense/);
});
