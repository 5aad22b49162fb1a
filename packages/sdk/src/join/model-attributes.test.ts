import { expect, test } from "vitest";

import { inheritedBy, inOurWords, isForeignContent } from "./model-attributes.ts";

const write = (into: Record<string, unknown>, place: string, value: unknown): void => {
  into[place] = value;
};
const message = { role: "assistant", parts: [{ type: "text", content: "Hi" }] };

test("content goes to its place as the value that the text stands for", () => {
  const told = {
    "gen_ai.input.messages": JSON.stringify([message, message]),
    "gen_ai.output.messages": JSON.stringify([message]),
    "gen_ai.tool.call.arguments": '{"a":1}',
    "gen_ai.tool.call.result": "no {JSON",
    "gen_ai.request.model": "m",
  };
  expect(inOurWords(told, { "gen_ai.agent.name": "clerk" }, write)).toEqual({
    "gen_ai.agent.name": "clerk",
    "gen_ai.request.model": "m",
    input: [message, message],
    output: message,
    arguments: { a: 1 },
    result: "no {JSON",
  });
});

test("an agent inside another has its own name and shares the conversation", () => {
  const above = { "gen_ai.agent.name": "outer", "gen_ai.conversation.id": "c" };
  expect(inheritedBy(above, { "gen_ai.agent.name": "inner", x: 1 })).toEqual({
    ...above,
    "gen_ai.agent.name": "inner",
  });
  expect(inheritedBy(above, { x: 1 })).toBe(above);
});

test.each([
  ["ai.prompt.messages", true],
  ["ai.response.text", true],
  ["ai.toolCall.result", true],
  ["gen_ai.prompt.0.content", true],
  ["llm.input_messages.0.message.content", true],
  ["ai.response.model", false],
  ["ai.usage.inputTokens", false],
  ["gen_ai.usage.prompt_tokens", false],
  ["gen_ai.tool.name", false],
  ["http.url", false],
])("%s is content: %s", (key, expected) => {
  expect(isForeignContent(key)).toBe(expected);
});
