// What a model's call came to, from what the host hands on.
import { AIMessage, ToolMessage } from "@langchain/core/messages";
import { expect, test } from "vitest";

import { answerOf, messageIn } from "./answer.ts";

const usage = (input_tokens: number, output_tokens: number) => ({
  usage_metadata: { input_tokens, output_tokens, total_tokens: input_tokens + output_tokens },
});
const message = (content: string, fields: object = {}): AIMessage => new AIMessage({ content, ...fields });

test("an answer with its tokens", () => {
  expect(answerOf(message("hi", usage(5, 2)))).toMatchObject({ usage: { inputTokens: 5, outputTokens: 2 } });
  expect(answerOf(message("hi", usage(5, 2)))).not.toHaveProperty("cached");
});

test("zeros are what the host writes onto what its cache has answered: nothing was spent", () => {
  const outcome = answerOf(message("hi", usage(0, 0)));
  expect(outcome).toMatchObject({ cached: true });
  expect(outcome).not.toHaveProperty("usage");
});

test("of structured output, the model's own message is the answer, and not what the host has made of it", () => {
  const own = message("", { tool_calls: [{ id: "c", name: "extract-1", args: { city: "Bern" } }], ...usage(5, 2) });
  const told = [own, new ToolMessage({ content: "ok", tool_call_id: "c" }), message("Returning structured response")];
  const response = { structuredResponse: { city: "Bern" }, messages: told };
  expect(messageIn(response)).toBe(own);
  expect(answerOf(response)).toMatchObject({ usage: { inputTokens: 5 }, raw: response });
});
