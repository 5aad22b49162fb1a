import { expect, test } from "vitest";

import { inConventionNames } from "./vercel-attributes.ts";

test("a call as version 5 tells it, inside and outside", () => {
  const common = { "ai.model.id": "m", "ai.model.provider": "openai.chat", "ai.telemetry.functionId": "clerk" };
  expect(
    inConventionNames({
      ...common,
      "ai.operationId": "ai.generateText.doGenerate",
      "gen_ai.usage.input_tokens": 7,
      "ai.usage.promptTokens": 8,
      "ai.usage.cachedInputTokens": 3,
      "ai.prompt.toolChoice": "auto",
    }),
  ).toEqual({
    "gen_ai.request.model": "m",
    "gen_ai.provider.name": "openai",
    "gen_ai.agent.name": "clerk",
    "gen_ai.operation.name": "chat",
    "gen_ai.usage.input_tokens": 7,
    "gen_ai.usage.cache_read.input_tokens": 3,
    "ai.prompt.toolChoice": "auto",
  });
  expect(inConventionNames({ "ai.operationId": "ai.streamText" })).toEqual({ "gen_ai.operation.name": "invoke_agent" });
  expect(inConventionNames({ "ai.operationId": "ai.rerank" })).toEqual({ "ai.operationId": "ai.rerank" });
});

test("a tool, and what version 7 counts besides", () => {
  const tool = { "ai.operationId": "ai.toolCall", "ai.toolCall.name": "t", "ai.toolCall.args": "{}" };
  expect(inConventionNames(tool)).toEqual({
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": "t",
    "gen_ai.tool.call.arguments": "{}",
  });
  const usage = { "gen_ai.operation.name": "chat", "ai.usage.outputTokenDetails.reasoningTokens": 12 };
  expect(inConventionNames(usage)).toEqual({
    "gen_ai.operation.name": "chat",
    "gen_ai.usage.reasoning.output_tokens": 12,
  });
});

test("what others say is left as it is", () => {
  const said = { "http.url": "x", "gen_ai.request.model": "m", "air.quality": 1 };
  expect(inConventionNames(said)).toBe(said);
});
