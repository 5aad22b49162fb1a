// Proves what is read from the answers of the two APIs that are known.
import { expect, test } from "vitest";

import { answerOutcome } from "./answer.ts";

test("OpenAI chat completions, with reasoning and a tool call", () => {
  const answer = {
    id: "chatcmpl-1",
    model: "gpt-x-2026",
    choices: [
      {
        finish_reason: "tool_calls",
        message: {
          role: "assistant",
          content: null,
          reasoning_content: "I need the weather.",
          tool_calls: [{ id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Bern"}' } }],
        },
      },
    ],
    usage: {
      prompt_tokens: 100,
      completion_tokens: 20,
      prompt_tokens_details: { cached_tokens: 64 },
      completion_tokens_details: { reasoning_tokens: 12 },
    },
  };
  expect(answerOutcome(answer)).toEqual({
    output: {
      role: "assistant",
      parts: [
        { type: "reasoning", content: "I need the weather." },
        { type: "tool_call", id: "call_1", name: "weather", arguments: { city: "Bern" } },
      ],
    },
    raw: answer,
    usage: { inputTokens: 100, cacheReadTokens: 64, outputTokens: 20, reasoningTokens: 12 },
    responseId: "chatcmpl-1",
    responseModel: "gpt-x-2026",
    finishReasons: ["tool_calls"],
  });
});

test("Anthropic messages: what was cached counts as input", () => {
  const answer = {
    type: "message",
    role: "assistant",
    id: "msg_1",
    model: "claude-x",
    content: [
      { type: "thinking", thinking: "Hm." },
      { type: "text", text: "Look:" },
      { type: "tool_use", id: "t1", name: "search", input: { q: "a" } },
    ],
    stop_reason: "tool_use",
    usage: { input_tokens: 10, cache_read_input_tokens: 30, cache_creation_input_tokens: 5, output_tokens: 7 },
  };
  expect(answerOutcome(answer)).toMatchObject({
    output: {
      role: "assistant",
      parts: [
        { type: "reasoning", content: "Hm." },
        { type: "text", content: "Look:" },
        { type: "tool_call", id: "t1", name: "search", arguments: { q: "a" } },
      ],
    },
    usage: { inputTokens: 45, cacheReadTokens: 30, cacheWriteTokens: 5, outputTokens: 7 },
    finishReasons: ["tool_use"],
  });
});

test("usage that nobody reported is absent, not 0", () => {
  expect(answerOutcome({ choices: [{ message: { role: "assistant", content: "Hi" } }] }).usage).toEqual({});
  expect(answerOutcome({ choices: [], usage: { prompt_tokens: null } }).usage).toEqual({});
});

test.each([["text"], [null], [{ said: "hi" }], [[1]]])("any other answer is kept as it is: %j", (answer) => {
  expect(answerOutcome(answer)).toEqual({ output: answer });
});
