// The whole way with the real OpenAI client: what the provider says of tokens, reasoning and tool calls is what is recorded, streamed or
// not, and what is recorded replays without a request.
import { HumanMessage } from "@langchain/core/messages";
import type { BaseMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import { toPlain } from "@runreel/content";
import { createAgent, tool } from "langchain";
import { expect, test } from "vitest";
import { z } from "zod";

import { createReplay } from "../../../sdk/src/replay/create-replay.ts";
import { messageFields } from "../src/codec/message-fields.ts";
import { createRunreelMiddleware } from "../src/middleware/create-middleware.ts";
import { Registry } from "../src/record/registry.ts";
import { MemoryRecorder } from "./memory-recorder.ts";
import { createOpenAiServer } from "./openai-server.ts";
import { hash, planOf } from "./recorded-plan.ts";

const script = [
  {
    reasoning: "the city is known",
    text: "Looking.",
    tools: [{ id: "call_a", name: "weather", arguments: '{"city":"Oslo"}' }],
  },
  { text: "It rains." },
];
const weather = tool(({ city }: { city: string }) => `rain in ${city}`, {
  name: "weather",
  description: "Weather",
  schema: z.object({ city: z.string() }),
});

const agentOf = (recorder: MemoryRecorder, baseURL: string) =>
  createAgent({
    model: new ChatOpenAI({
      model: "gpt-test",
      apiKey: "none",
      temperature: 0.2,
      maxRetries: 0,
      configuration: { baseURL },
    }),
    tools: [weather],
    middleware: [createRunreelMiddleware(() => recorder, new Registry(() => recorder), {})],
  });

async function messagesOf(agent: ReturnType<typeof agentOf>, isStreamed: boolean): Promise<BaseMessage[]> {
  const input = { messages: [new HumanMessage("weather in Oslo?")] };
  if (!isStreamed) return (await agent.invoke(input)).messages;
  let messages: BaseMessage[] = [];
  // Somebody who reads messages is what makes the host stream from the model.
  for await (const [mode, chunk] of await agent.stream(input, { streamMode: ["messages", "values"] })) {
    if (mode === "values") messages = (chunk as { messages: BaseMessage[] }).messages;
  }
  return messages;
}

test.each([false, true])("streamed: %s", async (isStreamed) => {
  await using server = await createOpenAiServer(script);
  const recorder = new MemoryRecorder();
  const messages = await messagesOf(agentOf(recorder, server.baseURL), isStreamed);
  recorder.flush();

  expect(server.requests.map(({ stream }) => stream === true)).toEqual([isStreamed, isStreamed]);
  const [run, first, look, second] = recorder.spans;
  expect(first).toMatchObject({
    name: "gpt-test",
    request: { provider: "openai", parameters: { temperature: 0.2 } },
    outcome: {
      output: {
        role: "assistant",
        parts: [
          { type: "reasoning", content: "the city is known" },
          { type: "text", content: "Looking." },
          { type: "tool_call", id: "call_a", name: "weather", arguments: { city: "Oslo" } },
        ],
      },
      usage: { inputTokens: 120, cacheReadTokens: 100, outputTokens: 30, reasoningTokens: 12 },
      responseId: "chatcmpl-1",
      // Of a streamed answer the host tells these to callbacks only.
      ...(isStreamed ? {} : { responseModel: "gpt-test-2026-01-01", finishReasons: ["tool_calls"] }),
    },
  });
  expect(look?.outcome?.output).toBe("rain in Oslo");
  // The answer is the same value where it comes out and where the next request reads it, so it is sent once.
  expect(second?.request["messages"]).toContainEqual(first?.outcome?.output);
  expect(run?.outcome?.output).toEqual({ role: "assistant", parts: [{ type: "text", content: "It rains." }] });

  const replay = createReplay({ plan: await planOf(recorder, { mode: "recorded", from: 1 }), hash });
  const again = await messagesOf(agentOf(new MemoryRecorder({ replay }), server.baseURL), isStreamed);
  expect(server.requests).toHaveLength(2);
  const shape = (message: BaseMessage): unknown =>
    toPlain({ ...messageFields(message), id: null, class: message.constructor.name });
  expect(again.map(shape)).toEqual(messages.map(shape));
  expect(again).toHaveLength(4);
});
