// Tokens from every place where LangChain's integrations leave them; a number that nobody reported is absent.
import { AIMessage } from "@langchain/core/messages";
import { expect, test } from "vitest";

import { usageOf } from "./usage.ts";

test("the message's own count comes first", () => {
  const message = new AIMessage({
    content: "a",
    usage_metadata: {
      input_tokens: 10,
      output_tokens: 5,
      total_tokens: 15,
      input_token_details: { cache_read: 4, cache_creation: 2 },
      output_token_details: { reasoning: 3 },
    },
  } as never);
  expect(usageOf(message, { tokenUsage: { promptTokens: 1 } })).toEqual({
    inputTokens: 10,
    cacheReadTokens: 4,
    cacheWriteTokens: 2,
    outputTokens: 5,
    reasoningTokens: 3,
  });
});

test.each([
  [{ tokenUsage: { promptTokens: 10, completionTokens: 5, totalTokens: 15 } }],
  [{ usage: { prompt_tokens: 10, completion_tokens: 5 } }],
  [{ usage: { input_tokens: 10, output_tokens: 5 } }],
  [{ tokenUsage: {}, estimatedTokenUsage: { promptTokens: 10, completionTokens: 5 } }],
])("%o beside the message", (llmOutput) => {
  expect(usageOf(new AIMessage("a"), llmOutput)).toEqual({ inputTokens: 10, outputTokens: 5 });
  expect(usageOf(new AIMessage({ content: "a", response_metadata: llmOutput }))).toEqual({
    inputTokens: 10,
    outputTokens: 5,
  });
});

test("nothing reported is nothing, not 0", () => {
  expect(usageOf(new AIMessage("a"))).toBeUndefined();
  expect(usageOf(new AIMessage("a"), { tokenUsage: {} })).toBeUndefined();
  expect(usageOf(undefined, undefined)).toBeUndefined();
});
