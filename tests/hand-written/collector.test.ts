// Proves that agents written by hand on the clients of OpenAI and Anthropic come out of the real collector with model, provider, the five
// tokens, tools with arguments and results.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import Anthropic from "@anthropic-ai/sdk";
import { flush, shutdown, start } from "@runreel/sdk";
import OpenAI from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";

import { startCollector } from "../../benchmarks/load/start-collector.ts";
import type { CollectorProcess } from "../../benchmarks/load/start-collector.ts";
import { whatToWear as askAnthropicAgent } from "../../examples/anthropic-agent/agent.ts";
import { whatToWear as askOpenAiAgent } from "../../examples/openai-agent/agent.ts";
import { createAnthropicServer } from "../../packages/adapters/langchain/test/anthropic-server.ts";
import { createOpenAiServer } from "../../packages/adapters/langchain/test/openai-server.ts";

interface RunAnswer {
  run: { runId: string; status: string; steps: number; tokens: Record<string, number | null> };
  steps: { kind: string; name: string; arguments: unknown; result: unknown }[];
}

let dataDir: string;
let collector: CollectorProcess;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "runreel-hand-written-"));
  collector = await startCollector({ dataDir });
  start({ endpoint: collector.url, serviceName: "hand-written", spool: false });
});

afterAll(async () => {
  await shutdown();
  await collector.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const get = async (path: string): Promise<unknown> => (await fetch(new URL(path, collector.url))).json();

async function newestRun(count: number): Promise<RunAnswer> {
  await flush();
  for (const giveUpAt = Date.now() + 60_000; Date.now() < giveUpAt; await sleep(100)) {
    const { runs } = (await get("/api/runs")) as { runs: RunAnswer["run"][] };
    const [newest] = runs;
    if (runs.length === count && newest?.status === "ok") return (await get(`/api/runs/${newest.runId}`)) as RunAnswer;
  }
  throw new Error(`There are no ${count} finished runs after a minute.`);
}

const weather = {
  kind: "tool",
  name: "weather",
  arguments: { city: "Oslo" },
  result: { city: "Oslo", celsius: 18, sky: "rain" },
};

test("an agent on OpenAI's client", async () => {
  await using server = await createOpenAiServer([
    { reasoning: "I should look.", tools: [{ id: "call_1", name: "weather", arguments: '{"city":"Oslo"}' }] },
    { text: "A coat." },
  ]);
  await askOpenAiAgent(new OpenAI({ baseURL: server.baseURL, apiKey: "none" }), "What do I wear in Oslo?");
  const { run, steps } = await newestRun(1);
  expect(run).toMatchObject({ steps: 3, tokens: { input: 40, cacheRead: 200, output: 60, reasoning: 24 } });
  expect(steps).toMatchObject([
    {
      kind: "inference",
      name: "gpt-5-mini",
      result: { parts: [{ type: "reasoning" }, { type: "tool_call", name: "weather" }] },
    },
    weather,
    { kind: "inference", result: { parts: [{ type: "text", content: "A coat." }] } },
  ]);
});

test("an agent on Anthropic's client, streamed", async () => {
  await using server = await createAnthropicServer([
    [
      { type: "thinking", thinking: "I should look.", signature: "sig" },
      { type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Oslo" } },
    ],
    [{ type: "text", text: "A coat." }],
  ]);
  await askAnthropicAgent(new Anthropic({ baseURL: server.url, apiKey: "none" }), "What do I wear in Oslo?", () => {});
  const { run, steps } = await newestRun(2);
  expect(run).toMatchObject({ steps: 3, tokens: { input: 40, cacheRead: 100, cacheWrite: 60, output: 80 } });
  expect(steps).toMatchObject([
    { kind: "inference", name: "claude-sonnet-4-5", result: { parts: [{ type: "reasoning" }, { type: "tool_call" }] } },
    weather,
    { kind: "inference", result: { parts: [{ type: "text", content: "A coat." }] } },
  ]);
});
