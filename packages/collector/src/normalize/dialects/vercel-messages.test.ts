import * as fc from "fast-check";
import { expect, test } from "vitest";

import { readPrompt, readToolCalls, readTools } from "./vercel-messages.ts";

test("a prompt with its instructions, however it is told", () => {
  const expected = {
    system: [{ type: "text", content: "Be brief." }],
    messages: [{ role: "user", parts: [{ type: "text", content: "Hi" }] }],
  };
  const message = { role: "user", content: [{ type: "text", text: "Hi" }] };
  for (const prompt of [
    [{ role: "system", content: "Be brief." }, message],
    { system: "Be brief.", prompt: "Hi" },
    { system: "Be brief.", messages: [message] },
    { system: "Be brief.", prompt: [{ role: "user", content: "Hi" }] },
  ]) {
    expect(readPrompt(JSON.stringify(prompt))).toEqual(expected);
  }
});

test("parts of versions 4 and later; others stay as they are", () => {
  const image = { type: "image", image: "data" };
  const content = [
    { type: "reasoning", text: "hm" },
    { type: "tool-call", toolCallId: "1", toolName: "t", args: { a: 1 } },
    { type: "tool-call", toolCallId: "2", toolName: "t", input: '{"a":1}' },
    { type: "tool-result", toolCallId: "1", result: "old" },
    { type: "tool-result", toolCallId: "2", output: { type: "json", value: { b: 2 } } },
    image,
  ];
  expect(readPrompt(JSON.stringify([{ role: "assistant", content }]))?.messages[0]?.parts).toEqual([
    { type: "reasoning", content: "hm" },
    { type: "tool_call", id: "1", name: "t", arguments: { a: 1 } },
    { type: "tool_call", id: "2", name: "t", arguments: { a: 1 } },
    { type: "tool_call_response", id: "1", response: "old" },
    { type: "tool_call_response", id: "2", response: { b: 2 } },
    image,
  ]);
});

test("whatever comes, nothing is thrown and what is no JSON is left to others", () => {
  expect(readPrompt("cut [{")).toBeUndefined();
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const prompt = readPrompt(text);
      for (const message of prompt?.messages ?? []) expect(message.parts).toBeInstanceOf(Array);
      readTools(text);
      readToolCalls(text);
    }),
  );
});
