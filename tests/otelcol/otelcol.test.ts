// Proves that what we send is what any backend of OpenTelemetry takes: the OTLP receiver of its own Collector reads our requests, in each
// content mode and encoding, and gives on what was recorded. Needs Go, and is skipped, with the reason, where that is missing.
import { checkpoint, flush, run, shutdown, start, status, tool } from "@runreel/sdk";
import type { StartOptions } from "@runreel/sdk";
import OpenAI from "openai";
import { afterEach, beforeAll, describe, expect, test } from "vitest";

import { whatToWear } from "../../examples/openai-agent/agent.ts";
import { createOpenAiServer } from "../../packages/adapters/langchain/test/openai-server.ts";
import { buildReceiver, startReceiver } from "./stock-receiver.ts";
import type { StockSpan } from "./stock-receiver.ts";

/** Go compiles some three hundred packages the first time. */
const BUILD_MAX_MS = 600_000;

const script = [
  { reasoning: "I should look.", tools: [{ id: "call_1", name: "weather", arguments: '{"city":"Oslo"}' }] },
  { text: "A coat." },
];
const oslo = { city: "Oslo", celsius: 18, sky: "rain" };
let path = "";
let reason: string | undefined;

beforeAll(async () => {
  const built = await buildReceiver();
  if ("path" in built) ({ path } = built);
  else ({ reason } = built);
  if (reason !== undefined) console.warn(`Skipped: ${reason}.`);
}, BUILD_MAX_MS);

afterEach(async () => {
  await shutdown();
});

/** Records an agent to a receiver, and gives what its pipeline got. */
async function record(options: StartOptions, ...flags: string[]): Promise<StockSpan[][]> {
  await using receiver = await startReceiver(path, ...flags);
  await using server = await createOpenAiServer(script);
  start({ endpoint: receiver.url, spool: false, ...options });
  const client = new OpenAI({ baseURL: server.baseURL, apiKey: "none" });
  expect(await whatToWear(client, "What do I wear in Oslo?")).toBe("A coat.");
  const { dropped, buffered } = await flush();
  expect({ dropped, buffered, losses: status().dropped }).toEqual({ dropped: 0, buffered: 0, losses: {} });
  await shutdown();
  return receiver.stop();
}

const named = (spans: StockSpan[], name: string) => spans.filter((span) => span.name === name);

/** What every mode tells: the tree, and the tokens as the model's server gave them, the reasoning among them. */
function expectStructure(spans: StockSpan[]): void {
  const [root] = named(spans, "what-to-wear");
  const steps = spans.filter((span) => span.name.startsWith("chat ") || span.name.startsWith("execute_tool "));
  expect(steps.map(({ name }) => name).toSorted()).toEqual([
    "chat gpt-5-mini",
    "chat gpt-5-mini",
    "execute_tool weather",
  ]);
  expect(new Set(steps.map(({ traceId }) => traceId))).toEqual(new Set([root!.traceId]));
  expect(root!.parentSpanId).toBe("");
  for (const { attributes } of named(spans, "chat gpt-5-mini")) {
    expect(attributes).toMatchObject({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-5-mini",
      "gen_ai.response.model": "gpt-test-2026-01-01",
      "gen_ai.usage.input_tokens": 120,
      "gen_ai.usage.cache_read.input_tokens": 100,
      "gen_ai.usage.output_tokens": 30,
      "gen_ai.usage.reasoning.output_tokens": 12,
    });
  }
  expect(named(spans, "execute_tool weather")[0]!.attributes["gen_ai.tool.name"]).toBe("weather");
}

describe.each(["none", "gzip", "zstd"] as const)("compression %s", (compression) => {
  test("inline: plain GenAI attributes, JSON in each, and nothing that only our collector can read", async (context) => {
    context.skip(reason !== undefined, reason);
    const spans = (await record({ content: "inline", compression })).flat();
    expectStructure(spans);
    const json = (span: StockSpan, key: string): unknown => JSON.parse(span.attributes[key] as string);
    const [first, second] = named(spans, "chat gpt-5-mini");
    const question = { role: "user", parts: [{ type: "text", content: "What do I wear in Oslo?" }] };
    const call = { type: "tool_call", id: "call_1", name: "weather", arguments: { city: "Oslo" } };
    const answer = { role: "assistant", parts: [{ type: "reasoning", content: "I should look." }, call] };
    expect(json(first!, "gen_ai.input.messages")).toEqual([question]);
    expect(json(first!, "gen_ai.output.messages")).toEqual([answer]);
    expect(json(first!, "gen_ai.system_instructions")).toEqual([
      { type: "text", content: "Say in one sentence what to wear." },
    ]);
    expect(json(first!, "gen_ai.tool.definitions")).toMatchObject([{ function: { name: "weather" } }]);
    expect(json(second!, "gen_ai.input.messages")).toMatchObject([
      question,
      { role: "assistant", parts: expect.arrayContaining([call]) },
      { role: "tool", parts: [{ type: "tool_call_response", id: "call_1", response: JSON.stringify(oslo) }] },
    ]);
    const [used] = named(spans, "execute_tool weather");
    expect(json(used!, "gen_ai.tool.call.arguments")).toEqual({ city: "Oslo" });
    expect(json(used!, "gen_ai.tool.call.result")).toEqual(oslo);
    expect(spans.filter(({ name }) => name === "runreel.content" || name === "runreel.process")).toEqual([]);
    expect(
      spans.flatMap(({ attributes }) => Object.keys(attributes)).filter((key) => key.includes(".content.")),
    ).toEqual([]);
  });

  test("none: structure and tokens, no content", async (context) => {
    context.skip(reason !== undefined, reason);
    const spans = (await record({ content: "none", compression })).flat();
    expectStructure(spans);
    const text = JSON.stringify(spans);
    for (const said of ["Oslo", "A coat", "I should look", "in one sentence", "celsius"])
      expect(text).not.toContain(said);
  });

  test("blobs: what only our collector joins is still OTLP that this one takes", async (context) => {
    context.skip(reason !== undefined, reason);
    const spans = (await record({ content: "blobs", compression })).flat();
    expectStructure(spans);
    const blobs = named(spans, "runreel.content").flatMap(({ events }) => events);
    const hashes = new Set(blobs.map(({ attributes }) => attributes["runreel.blob.hash"]));
    for (const { attributes } of named(spans, "chat gpt-5-mini")) {
      for (const place of ["input", "output", "system", "tools"]) {
        expect(hashes).toContain(attributes[`runreel.content.${place}`]);
      }
    }
    expect(
      Buffer.concat(blobs.map(({ attributes }) => attributes["runreel.blob.data"] as Buffer)).toString(),
    ).toContain("What do I wear in Oslo?");
  });
});

test("where it does not take zstd it is asked again with gzip, and nothing is lost", async (context) => {
  context.skip(reason !== undefined, reason);
  const spans = (await record({ content: "inline", compression: "zstd" }, "-encodings=gzip")).flat();
  expectStructure(spans);
  expect(named(spans, "chat gpt-5-mini")).toHaveLength(2);
});

test.for([
  ["for now (503)", []],
  ["for good (500)", ["-permanent"]],
] as const)("requests that its pipeline refuses %s come again and arrive once", async ([, flags], context) => {
  context.skip(reason !== undefined, reason);
  const told: string[] = [];
  await using receiver = await startReceiver(path, "-refusals=1", ...flags);
  start({ endpoint: receiver.url, content: "inline", spool: false, diagnostics: (line) => told.push(line) });
  await run("r", async () => {
    await tool({ name: "t", execute: () => "fine" })({ q: 1 });
    checkpoint({ messages: [] });
  });
  for (let left = (await flush()).buffered; left > 0; left = (await flush()).buffered);
  expect(status()).toMatchObject({ dropped: {} });
  await shutdown();
  const spans = (await receiver.stop()).flat();
  const ended = spans.filter(({ attributes }) => attributes["runreel.span.pending"] === undefined);
  expect(ended.map(({ name }) => name).toSorted()).toEqual(["checkpoint", "execute_tool t", "r"]);
  expect(told).toHaveLength(1);
});
