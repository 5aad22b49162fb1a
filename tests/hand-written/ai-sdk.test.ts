// Proves that Vercel's AI SDK, given our tracer for its own telemetry, is recorded as a run of inferences and tool calls: tokens once although
// it tells them at each level, each message sent once although it tells all of them each time, in the tree it has, without secrets.
import { createOpenAI } from "@ai-sdk/openai";
import { OpenTelemetry } from "@ai-sdk/otel";
import { flush, run, shutdown, start, status } from "@runreel/sdk";
import type { StartOptions } from "@runreel/sdk";
import { runreelTracer } from "@runreel/sdk/opentelemetry";
import { generateText, isStepCount, registerTelemetry, streamText, tool } from "ai";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";

import { createOpenAiServer } from "../../packages/adapters/langchain/test/openai-server.ts";
import type { OpenAiAnswer, OpenAiServer } from "../../packages/adapters/langchain/test/openai-server.ts";
import { treeOf } from "../../packages/sdk/test/coexistence/host.ts";
import { createOtlpSink } from "../../packages/sdk/test/otlp-sink.ts";
import type { OtlpSink } from "../../packages/sdk/test/otlp-sink.ts";

registerTelemetry(new OpenTelemetry({ tracer: runreelTracer("ai"), usage: true }));

const secret = `sk-proj-${"a1B2".repeat(10)}`;
const calls = (...cities: string[]): OpenAiAnswer => ({
  tools: cities.map((city, index) => ({
    id: `call_${index}`,
    name: "weather",
    arguments: JSON.stringify({ city }),
  })),
});
const weather = tool({
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => {
    if (city === "Atlantis") throw new RangeError(`no weather in ${city}, ${secret}`);
    return { city, celsius: 9 };
  },
});

let sink: OtlpSink;
let server: OpenAiServer | undefined;

beforeEach(async () => {
  sink = await createOtlpSink();
});

afterEach(async () => {
  await shutdown();
  await server?.[Symbol.asyncDispose]();
  await sink[Symbol.asyncDispose]();
});

const begin = async (script: readonly OpenAiAnswer[], options: StartOptions = {}) => {
  start({ endpoint: sink.endpoint, spool: false, processReports: false, ...options });
  server = await createOpenAiServer(script);
  const model = createOpenAI({ baseURL: server.baseURL, apiKey: "none" }).chat("gpt-5-mini");
  const settings = { model, instructions: "Be brief.", tools: { weather }, stopWhen: isStepCount(9), maxRetries: 0 };
  return { ...settings, telemetry: { functionId: "clerk" } };
};
const named = (name: string) => sink.spans().filter((span) => span.name === name);
const content = (of: { attributes: Record<string, unknown> }, place: string) =>
  sink.content(of.attributes[`runreel.content.${place}`]);

test("generateText: calls and tools in their tree, with tokens, content and the error of a tool", async () => {
  const settings = await begin([calls("Oslo", "Atlantis"), { text: "Nine degrees." }]);
  const { text } = await run("advice", () => generateText({ ...settings, prompt: `Weather? ${secret}` }), {
    conversationId: "conv-7",
  });
  expect(text).toBe("Nine degrees.");
  expect(await flush()).toMatchObject({ dropped: 0, buffered: 0 });
  expect(treeOf(sink.spans())).toEqual([
    ["advice", undefined],
    ["chat gpt-5-mini", "step 1"],
    ["chat gpt-5-mini", "step 2"],
    ["execute_tool weather", "step 1"],
    ["execute_tool weather", "step 1"],
    ["invoke_agent gpt-5-mini", "advice"],
    ["step 1", "invoke_agent gpt-5-mini"],
    ["step 2", "invoke_agent gpt-5-mini"],
  ]);
  const [first, second] = named("chat gpt-5-mini");
  expect(first!.attributes).toMatchObject({
    "gen_ai.agent.name": "clerk",
    "gen_ai.conversation.id": "conv-7",
    "gen_ai.response.model": "gpt-test-2026-01-01",
    "gen_ai.usage.input_tokens": 120,
    "gen_ai.usage.cache_read.input_tokens": 100,
    "gen_ai.usage.output_tokens": 30,
    "gen_ai.usage.reasoning.output_tokens": 12,
    "otel.scope.name": "ai",
  });
  expect(await content(first!, "system")).toEqual([{ type: "text", content: "Be brief." }]);
  expect(await content(first!, "tools")).toMatchObject([{ name: "weather" }]);
  expect(await content(first!, "output")).toMatchObject({
    role: "assistant",
    parts: [
      { type: "tool_call", name: "weather", arguments: { city: "Oslo" } },
      { type: "tool_call", name: "weather", arguments: { city: "Atlantis" } },
    ],
  });
  expect(await content(second!, "input")).toMatchObject([
    { role: "user", parts: [{ type: "text", content: "Weather? [redacted:openai_key]" }] },
    { role: "assistant", parts: [{ type: "tool_call" }, { type: "tool_call" }] },
    { role: "tool", parts: [{ response: { city: "Oslo", celsius: 9 } }, { type: "tool_call_response" }] },
  ]);
  const tools = named("execute_tool weather");
  const [fine, failed] = tools.toSorted((a, b) => a.status.code - b.status.code);
  expect([await content(fine!, "input"), await content(fine!, "output")]).toEqual([
    { city: "Oslo" },
    { city: "Oslo", celsius: 9 },
  ]);
  expect(failed!.status).toMatchObject({ code: 2, message: "no weather in Atlantis, [redacted:openai_key]" });
  for (const { body } of sink.requests) expect(body.includes(secret)).toBe(false);
});

test("streamText: the chunks reach the program, and a long conversation is sent once", async () => {
  const long = (at: number): OpenAiAnswer => ({ ...calls(`City ${at} ${"x".repeat(3_000)}`), reasoning: "hm" });
  const settings = await begin([...Array.from({ length: 8 }, (_, at) => long(at)), { text: "one two three" }]);
  const chunks: string[] = [];
  await run("advice", async () => {
    for await (const text of streamText({ ...settings, prompt: "Weather?" }).textStream) chunks.push(text);
  });
  expect(chunks).toEqual(["one ", "two ", "three"]);
  await flush();
  const inferences = named("chat gpt-5-mini");
  expect(inferences).toHaveLength(9);
  expect(inferences[8]!.attributes).toMatchObject({ "gen_ai.usage.input_tokens": 120 });
  expect(await content(inferences[8]!, "input")).toHaveLength(17);
  // Each city comes in the call, the tool's arguments and result, and up to eight conversations.
  const texts = sink.blobs().filter(({ data }) => typeof data === "string" && data.includes("x".repeat(3_000)));
  expect(new Set(texts.map(({ hash }) => hash)).size).toBe(texts.length);
  expect(sink.requests.reduce((sum, { body }) => sum + body.length, 0)).toBeLessThan(8 * 3_000 * 3);
});

test("outside any run each call is one, named after its function", async () => {
  const settings = await begin([{ text: "A" }, { text: "B" }]);
  await Promise.all(["a", "b"].map((prompt) => generateText({ ...settings, prompt })));
  await flush();
  const roots = named("clerk");
  expect(roots.map(({ attributes }) => attributes["runreel.run.name"])).toEqual(["clerk", "clerk"]);
  expect(new Set(sink.spans().map(({ traceId }) => traceId)).size).toBe(2);
  expect(treeOf(sink.spans().filter(({ traceId }) => traceId === roots[0]!.traceId))).toEqual([
    ["chat gpt-5-mini", "step 1"],
    ["clerk", undefined],
    ["invoke_agent gpt-5-mini", "clerk"],
    ["step 1", "invoke_agent gpt-5-mini"],
  ]);
});

test("a call that fails fails its run, and the program gets the same error", async () => {
  const { model, ...settings } = await begin([]);
  await server![Symbol.asyncDispose]();
  server = undefined;
  await expect(generateText({ model, ...settings, prompt: "Weather?" })).rejects.toThrow("Cannot connect to API");
  await flush();
  expect(named("clerk")[0]).toMatchObject({ status: { code: 2 }, attributes: { "error.type": "AI_APICallError" } });
});

test("content: none sends structure and tokens, and inline plain attributes", async () => {
  const settings = await begin([calls("Oslo"), { text: "Nine degrees." }], { content: "none" });
  await run("advice", () => generateText({ ...settings, prompt: "Weather?" }));
  await shutdown();
  const none = sink.requests.splice(0).map(({ body }) => body.toString("latin1"));
  for (const text of ["Oslo", "Nine degrees", "Weather?", "Be brief", "celsius"])
    expect(none.join()).not.toContain(text);
  expect(none.join()).toContain("gen_ai.usage.input_tokens");
  await server![Symbol.asyncDispose]();

  const again = await begin([{ text: `Nine, ${secret}` }], { content: "inline" });
  await run("advice", () => generateText({ ...again, prompt: "Weather?" }));
  await flush();
  const { attributes } = named("chat gpt-5-mini")[0]!;
  expect(JSON.parse(attributes["gen_ai.output.messages"] as string)).toMatchObject([
    { role: "assistant", parts: [{ type: "text", content: "Nine, [redacted:openai_key]" }] },
  ]);
});

test("of a run that is sampled out the usage is exact, and of one that fails everything is there", async () => {
  const settings = await begin([calls("Oslo"), { text: "A" }, calls("Oslo"), { text: "B" }], { sample: 0 });
  await run("fine", () => generateText({ ...settings, prompt: "Weather?" }));
  await flush();
  expect(named("chat gpt-5-mini")).toEqual([]);
  const rows = sink
    .spans()
    .flatMap(({ events }) => events)
    .filter((event) => event.attributes["gen_ai.operation.name"] === "chat");
  expect(rows.map(({ attributes }) => attributes)).toMatchObject([
    {
      "gen_ai.agent.name": "clerk",
      "runreel.usage.input_tokens": [120, 120],
      "runreel.usage.cache_read_tokens": [100, 100],
      "runreel.usage.output_tokens": [30, 30],
      "runreel.usage.reasoning_tokens": [12, 12],
    },
  ]);
  const fails = run("fails", async () => {
    await generateText({ ...settings, prompt: "Weather?" });
    throw new Error("after all");
  });
  await expect(fails).rejects.toThrow("after all");
  await flush();
  expect(await content(named("chat gpt-5-mini")[1]!, "output")).toMatchObject({ parts: [{ content: "B" }] });
  expect(status().problem).toBeUndefined();
});
