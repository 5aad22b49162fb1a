// Proves that an agent written by hand on the real clients of OpenAI and Anthropic is recorded whole, streamed or not, and that what the
// clients give reaches the program unchanged. Only the models' APIs are played, on loopback.
import Anthropic from "@anthropic-ai/sdk";
import { flush, inference, run, shutdown, start } from "@runreel/sdk";
import OpenAI, { APIConnectionError } from "openai";
import { afterEach, beforeEach, expect, test } from "vitest";

import { whatToWear as askAnthropicAgent } from "../../examples/anthropic-agent/agent.ts";
import { whatToWear as askOpenAiAgent } from "../../examples/openai-agent/agent.ts";
import { createAnthropicServer } from "../../packages/adapters/langchain/test/anthropic-server.ts";
import { createOpenAiServer } from "../../packages/adapters/langchain/test/openai-server.ts";
import { createResponsesServer } from "../../packages/adapters/langchain/test/responses-server.ts";
import { createOtlpSink } from "../../packages/sdk/test/otlp-sink.ts";
import type { OtlpSink } from "../../packages/sdk/test/otlp-sink.ts";

let sink: OtlpSink;

beforeEach(async () => {
  sink = await createOtlpSink();
});

afterEach(async () => {
  await shutdown();
  await sink[Symbol.asyncDispose]();
});

const startHere = (): void => start({ endpoint: sink.endpoint, spool: false, processReports: false });
const named = (name: string) => sink.spans().filter((span) => span.name === name);
const content = async (of: { attributes: Record<string, unknown> }, place: string) =>
  sink.content(of.attributes[`runreel.content.${place}`]);

const script = [
  { reasoning: "I should look.", tools: [{ id: "call_1", name: "search", arguments: '{"q":"tea"}' }] },
  { text: "It is tea." },
];

const look = [
  { reasoning: "I should look.", tools: [{ id: "call_1", name: "weather", arguments: '{"city":"Oslo"}' }] },
  { text: "A coat." },
];
const oslo = { city: "Oslo", celsius: 18, sky: "rain" };

test("OpenAI's chat completions: every question, answer and tool call of the loop", async () => {
  await using server = await createOpenAiServer(look);
  const client = new OpenAI({ baseURL: server.baseURL, apiKey: "none" });
  startHere();
  expect(await askOpenAiAgent(client, "What do I wear in Oslo?")).toBe("A coat.");
  await flush();
  const [first, second] = named("chat gpt-5-mini");
  expect(first!.attributes).toMatchObject({
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-5-mini",
    "gen_ai.request.max_tokens": 200,
    "gen_ai.response.model": "gpt-test-2026-01-01",
    "gen_ai.usage.input_tokens": 120,
    "gen_ai.usage.cache_read.input_tokens": 100,
    "gen_ai.usage.output_tokens": 30,
    "gen_ai.usage.reasoning.output_tokens": 12,
    "gen_ai.response.finish_reasons": ["tool_calls"],
  });
  expect(await content(first!, "system")).toEqual([{ type: "text", content: "Say in one sentence what to wear." }]);
  expect(await content(first!, "output")).toEqual({
    role: "assistant",
    parts: [
      { type: "reasoning", content: "I should look." },
      { type: "tool_call", id: "call_1", name: "weather", arguments: { city: "Oslo" } },
    ],
  });
  expect(await content(second!, "input")).toMatchObject([
    { role: "user" },
    { role: "assistant" },
    { role: "tool", parts: [{ type: "tool_call_response", id: "call_1", response: JSON.stringify(oslo) }] },
  ]);
  const [call] = named("execute_tool weather");
  expect([await content(call!, "input"), await content(call!, "output")]).toEqual([{ city: "Oslo" }, oslo]);
  expect(new Set(sink.spans().map(({ traceId }) => traceId)).size).toBe(1);
});

test("OpenAI's streamed answer reaches the program chunk by chunk, as without us, and is recorded at its end", async () => {
  const request = {
    model: "gpt-test",
    messages: [{ role: "user" as const, content: "Look" }],
    stream: true as const,
    stream_options: { include_usage: true },
  };
  const ask = async (): Promise<unknown[]> => {
    await using server = await createOpenAiServer(script);
    const client = new OpenAI({ baseURL: server.baseURL, apiKey: "none" });
    let given: unknown;
    const stream = await inference(request, async (body) => {
      const answer = await client.chat.completions.create(body);
      given = answer;
      return answer;
    });
    expect(stream).toBe(given);
    const chunks: unknown[] = [];
    for await (const chunk of stream) {
      expect(named("chat gpt-test")).toEqual([]);
      chunks.push(chunk);
    }
    return chunks;
  };
  const without = await ask();
  startHere();
  expect(await ask()).toEqual(without);
  await flush();
  const [span] = named("chat gpt-test");
  expect(span!.attributes).toMatchObject({
    "gen_ai.request.stream": true,
    "gen_ai.usage.input_tokens": 120,
    "gen_ai.usage.reasoning.output_tokens": 12,
    "gen_ai.response.finish_reasons": ["tool_calls"],
    "gen_ai.response.time_to_first_chunk": expect.any(Number),
  });
  expect(await content(span!, "output")).toEqual({
    role: "assistant",
    parts: [
      { type: "reasoning", content: "I should look." },
      { type: "tool_call", id: "call_1", name: "search", arguments: { q: "tea" } },
    ],
  });
});

test("A stream that is given up or split ends its step with what had come", async () => {
  await using server = await createOpenAiServer([{ text: "one two three" }, { text: "one two three" }]);
  const client = new OpenAI({ baseURL: server.baseURL, apiKey: "none" });
  startHere();
  const messages = [{ role: "user" as const, content: "Count" }];
  const ask = () =>
    inference({ model: "gpt-test", messages, stream: true as const }, (body) => client.chat.completions.create(body));
  let seen = 0;
  for await (const _ of await ask()) if ((seen += 1) === 2) break;
  const [left, right] = (await ask()).tee();
  const texts = await Promise.all(
    [left, right].map(async (branch) => {
      let text = "";
      for await (const { choices } of branch) text += choices[0]?.delta.content ?? "";
      return text;
    }),
  );
  expect(texts).toEqual(["one two three", "one two three"]);
  await flush();
  const outputs = await Promise.all(named("chat gpt-test").map((span) => content(span, "output")));
  expect(outputs).toEqual(
    ["one ", "one two three"].map((text) => ({ role: "assistant", parts: [{ type: "text", content: text }] })),
  );
});

test("OpenAI's responses: items, instructions and tokens", async () => {
  await using server = await createResponsesServer();
  const client = new OpenAI({ baseURL: server.url, apiKey: "none" });
  startHere();
  await run("researcher", async () => {
    const request = { model: "gpt-test", instructions: "Be brief.", input: "Look", max_output_tokens: 50 };
    const { output } = await inference(request, (body) => client.responses.create(body), { provider: "openai" });
    const input = [
      ...(output as OpenAI.Responses.ResponseInput),
      { type: "function_call_output" as const, call_id: "call_a", output: "a" },
    ];
    const last = await inference({ model: "gpt-test", input }, (body) => client.responses.create(body));
    expect(last.output_text).toBe("It is a.");
  });
  await flush();
  const [first, second] = named("chat gpt-test");
  expect(first!.attributes).toMatchObject({
    "gen_ai.request.max_tokens": 50,
    "gen_ai.usage.input_tokens": 120,
    "gen_ai.usage.cache_read.input_tokens": 100,
    "gen_ai.usage.reasoning.output_tokens": 12,
    "gen_ai.response.finish_reasons": ["completed"],
  });
  expect(await content(first!, "system")).toEqual([{ type: "text", content: "Be brief." }]);
  expect(await content(first!, "input")).toEqual([{ role: "user", parts: [{ type: "text", content: "Look" }] }]);
  expect(await content(first!, "output")).toEqual({
    role: "assistant",
    parts: [
      { type: "reasoning", content: "I should look" },
      { type: "tool_call", id: "call_a", name: "look", arguments: { at: "a" } },
    ],
  });
  expect(await content(second!, "input")).toMatchObject([
    { role: "assistant", parts: [{ type: "reasoning" }] },
    { role: "assistant", parts: [{ type: "tool_call" }] },
    { role: "tool", parts: [{ type: "tool_call_response", id: "call_a", response: "a" }] },
  ]);
});

const thought = { type: "thinking" as const, thinking: "I should look.", signature: "sig" };

test("Anthropic's messages: thinking, tools, caches, streamed by its helper", async () => {
  await using server = await createAnthropicServer([
    [thought, { type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Oslo" } }],
    [{ type: "text", text: "A coat." }],
  ]);
  const client = new Anthropic({ baseURL: server.url, apiKey: "none" });
  startHere();
  let printed = "";
  await askAnthropicAgent(client, "What do I wear in Oslo?", (text) => (printed += text));
  expect(printed).toBe("A coat.");
  await flush();
  const [first] = named("chat claude-sonnet-4-5");
  expect(first!.attributes).toMatchObject({
    "gen_ai.provider.name": "anthropic",
    "gen_ai.request.max_tokens": 200,
    "gen_ai.usage.input_tokens": 100,
    "gen_ai.usage.cache_read.input_tokens": 50,
    "gen_ai.usage.cache_creation.input_tokens": 30,
    "gen_ai.usage.output_tokens": 40,
    "gen_ai.response.finish_reasons": ["tool_use"],
  });
  expect(await content(first!, "system")).toEqual([{ type: "text", content: "Say in one sentence what to wear." }]);
  expect(await content(first!, "output")).toEqual({
    role: "assistant",
    parts: [
      { type: "reasoning", content: "I should look." },
      { type: "tool_call", id: "toolu_1", name: "weather", arguments: { city: "Oslo" } },
    ],
  });
  expect(named("execute_tool weather")).toHaveLength(1);
});

test("Anthropic's stream, and its helper handed to the program, are recorded as the whole message is", async () => {
  const blocks = [thought, { type: "text" as const, text: "It is tea." }];
  await using server = await createAnthropicServer([blocks, blocks, blocks]);
  const client = new Anthropic({ baseURL: server.url, apiKey: "none" });
  startHere();
  const request = { model: "claude-test", max_tokens: 200, messages: [{ role: "user" as const, content: "What?" }] };
  await inference(request, (body) => client.messages.create(body));
  let events = 0;
  const stream = await inference({ ...request, stream: true as const }, (body) => client.messages.create(body));
  for await (const event of stream) if (event.type === "content_block_delta") events += 1;
  expect(events).toBe(7);
  const helper = await inference(request, (body) => client.messages.stream(body));
  expect((await helper.finalMessage()).content).toHaveLength(2);
  await flush();
  const spans = named("chat claude-test");
  const said = await Promise.all(
    spans.map(async (span) => [
      await content(span, "output"),
      span.attributes["gen_ai.usage.input_tokens"],
      span.attributes["gen_ai.usage.output_tokens"],
      span.attributes["gen_ai.response.finish_reasons"],
    ]),
  );
  expect(said).toHaveLength(3);
  for (const one of said) expect(one).toEqual(said[0]);
  expect(said[0]!.slice(1)).toEqual([100, 40, ["end_turn"]]);
});

test("an error of the client's reaches the program and its step", async () => {
  const client = new OpenAI({ baseURL: "http://127.0.0.1:9/v1", apiKey: "none", maxRetries: 0 });
  startHere();
  const request = { model: "gpt-test", messages: [{ role: "user" as const, content: "Hi" }] };
  await expect(inference(request, (body) => client.chat.completions.create(body))).rejects.toThrow(APIConnectionError);
  await flush();
  expect(named("chat gpt-test")[0]).toMatchObject({
    status: { code: 2 },
    attributes: { "error.type": "APIConnectionError" },
  });
});
