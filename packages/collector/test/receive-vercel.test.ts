// An agent of Vercel's AI SDK 5 that exports to the collector as it is: one run, six steps, tokens counted once, however often it is sent.
import { readFileSync } from "node:fs";

import { afterAll, beforeAll, expect, test } from "vitest";

import type { RunAnswer } from "../src/query/show-run.ts";
import { runCollector, type RunningCollector } from "./running-collector.ts";

let running: RunningCollector;

beforeAll(async () => {
  running = await runCollector();
});

afterAll(() => running?.stop());

const captured = readFileSync(new URL("./golden/ai-sdk-v5/request-01.json", import.meta.url), "utf8");

/** As if it had been captured now: what is old is not kept. */
function capturedNow(): string {
  const times = [...captured.matchAll(/"(?:start|end)TimeUnixNano": ?"(\d+)"/g)].map(([, nanos]) => BigInt(nanos!));
  const newest = times.reduce((a, b) => (a > b ? a : b));
  const shift = BigInt(Date.now()) * 1_000_000n - newest;
  return captured.replaceAll(
    /(imeUnixNano": ?")(\d+)"/g,
    (_, head: string, nanos: string) => `${head}${BigInt(nanos) + shift}"`,
  );
}

test("a run with its calls, its tools and what was said, counted once", async () => {
  const request = capturedNow();
  await running.store(request);
  await running.store(request);
  const { runs } = (await running.get<{ runs: RunAnswer["run"][] }>("/api/runs")).body;
  expect(runs).toMatchObject([
    {
      steps: 6,
      inferences: 3,
      toolCalls: 3,
      errors: 1,
      models: ["gpt-5-mini-2025-08-07"],
      tokens: { input: 4423 - 1408, cacheRead: 1408, output: 186, reasoning: 17 },
    },
  ]);
  const { steps } = (await running.get<RunAnswer>(`/api/runs/${runs[0]!.runId}`)).body;
  const { rows } = (await running.get<{ rows: object[] }>("/api/usage?by=agent,model,provider")).body;
  expect(rows).toContainEqual(expect.objectContaining({ agent: "order_clerk", provider: "openai", inferences: 3 }));
  expect(steps.filter(({ kind }) => kind === "tool").map(({ name, arguments: given }) => [name, given])).toEqual(
    expect.arrayContaining([
      ["lookup_order", { order_id: "A-1042" }],
      ["convert_currency", { amount: 80, to: "EUR" }],
    ]),
  );
  expect(steps.at(-1)?.result).toMatchObject({
    role: "assistant",
    parts: [{ type: "text", content: expect.stringContaining("[mark-answer]") as string }],
  });
});
