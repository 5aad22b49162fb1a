import { expect, test } from "vitest";

import { stateEdits } from "./state-edits.ts";

const recorded = {
  messages: [
    { type: "human", content: "What does it cost?" },
    { type: "ai", content: "", tool_calls: [{ name: "convert", args: { from: "kr", amount: 4950 } }] },
  ],
  todo: ["mail"],
};

test("A state that was not changed makes no edit", () => {
  expect(stateEdits(recorded, structuredClone(recorded))).toEqual([]);
});

test("Every change in a message becomes one edit at its place", () => {
  const changed = structuredClone(recorded);
  changed.messages[0]!.content = "And in euro?";
  changed.messages[1]!.tool_calls![0]!.args.from = "NOK";
  expect(stateEdits(recorded, changed)).toEqual([
    { path: "messages.0.content", value: "And in euro?" },
    { path: "messages.1.tool_calls.0.args.from", value: "NOK" },
  ]);
});

test("A list that grew, and a member that was taken away, replace what holds them", () => {
  const changed = structuredClone(recorded) as { messages: { tool_calls?: unknown }[] };
  changed.messages[1]!.tool_calls = [];
  expect(stateEdits(recorded, changed)).toEqual([{ path: "messages.1.tool_calls", value: [] }]);
  changed.messages[1]!.tool_calls = [{ name: "convert", args: { amount: 4950 } }];
  expect(stateEdits(recorded, changed)).toEqual([{ path: "messages.1.tool_calls.0.args", value: { amount: 4950 } }]);
});

test("What a replay cannot carry into the program is refused, all of it at once", () => {
  const changed = { messages: [{ type: "human" }, recorded.messages[1]], todo: [], extra: 1 };
  expect(() => stateEdits(recorded, changed)).toThrow("messages.0, todo, extra");
  expect(() => stateEdits(recorded, { ...recorded, messages: [] })).toThrow("messages (2 recorded, 0 in the file)");
  expect(() => stateEdits(recorded, [])).toThrow("expected a JSON object");
});
