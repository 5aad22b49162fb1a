// Usage does not depend on how runs are sampled, and a run that fails is there whole: the real SDK, the real collector and its ClickHouse.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Collector, createCollector, loadConfig } from "@runreel/collector";
import { checkpoint, inference, run, shutdown, start, status, step, tool } from "@runreel/sdk";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";

let folder = "";
let collector: Collector;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "runreel-sampling-"));
  const loaded = loadConfig({
    environment: {},
    overrides: { listen: "127.0.0.1:0", dataDir: join(folder, "data"), logLevel: "error", block: { maxAgeMs: 20 } },
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  collector = await createCollector(loaded.config);
  await collector.listen();
});

afterAll(async () => {
  await shutdown();
  await collector.stop();
  await rm(folder, { recursive: true, force: true });
});

const get = async <T>(path: string): Promise<T> => (await fetch(new URL(path, collector.address))).json() as Promise<T>;

async function sql(query: string): Promise<Record<string, unknown>[]> {
  const response = await fetch(new URL("/api/sql", collector.address), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query }),
  });
  return ((await response.json()) as { rows: Record<string, unknown>[] }).rows;
}

/** Records at a rate from here until `recorded`. */
const record = (sample: number): void =>
  start({ endpoint: collector.address, serviceName: "sampling", spool: false, sample, flushIntervalMs: 20 });

async function recorded(): Promise<void> {
  await shutdown();
  expect(status()).toMatchObject({ buffered: 0, dropped: {} });
  await collector.flush();
}

const count = fc.option(fc.nat(300_000), { nil: undefined });
const action = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("inference" as const),
      // Gemini's price depends on the size of the call, and nobody knows what gpt-900 costs.
      model: fc.constantFrom("gpt-5-mini", "gemini-2.5-pro", "gpt-900"),
      input: count,
      cached: fc.nat(1_000),
      output: count,
      isFailed: fc.constantFrom(false, false, false, false, true),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("tool" as const),
      name: fc.constantFrom("search", "mail"),
      isFailed: fc.constantFrom(false, false, false, false, true),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "step" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "checkpoint" as const }) },
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;
const plan = fc.record({
  agent: fc.constantFrom<string>("reader", "writer"),
  actions: fc.array(action, { maxLength: 6 }),
  helper: fc.option(fc.array(action, { maxLength: 3 }), { nil: undefined }),
});
type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;

async function act(one: Action): Promise<unknown> {
  switch (one.kind) {
    case "inference":
      return await inference(
        {
          provider: one.model.startsWith("gemini") ? "gcp.gemini" : "openai",
          model: one.model,
          messages: [{ role: "user", content: "What now?" }],
        },
        () => {
          if (one.isFailed) throw new Error("overloaded");
          return {
            model: one.model,
            choices: [{ finish_reason: "stop", message: { role: "assistant", content: "That." } }],
            usage: {
              prompt_tokens: one.input,
              completion_tokens: one.output,
              prompt_tokens_details: { cached_tokens: one.cached },
            },
          };
        },
      );
    case "tool":
      return await tool({
        name: one.name,
        execute: () => (one.isFailed ? Promise.reject(new Error("no")) : "yes ".repeat(200)),
      })({});
    case "step":
      return await step("note", () => 1);
    default:
      return checkpoint({ noted: "something ".repeat(100) });
  }
}

async function carryOut({ agent, actions, helper }: Plan, version: string): Promise<void> {
  const doAll = async (all: readonly Action[]): Promise<void> => {
    for (const one of all) await act(one).catch(() => {});
  };
  await run(
    agent,
    async () => {
      await doAll(actions);
      if (helper !== undefined) await run("helper", () => doAll(helper), { agent: { version } });
    },
    { agent: { version } },
  );
}

const RATES = [1, 0.25, 0];

test("usage is the same at any rate: every key, call, error, token and picodollar", async () => {
  let round = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(plan, { minLength: 1, maxLength: 12 }), async (plans) => {
      round += 1;
      for (const rate of RATES) {
        record(rate);
        await Promise.all(plans.map((one) => carryOut(one, `${round} at ${rate}`)));
        await recorded();
      }
      const usage = await Promise.all(
        RATES.map((rate) =>
          sql(`SELECT agent, kind, provider, model, tool, status, sum(spans) AS spans, sum(runs) AS runs,
            sum(inferences) AS inferences, sum(inferences_without_usage) AS without, sum(inferences_unpriced) AS unpriced,
            sum(tool_calls) AS tools, sum(errors) AS errors, sum(input_tokens) AS input, sum(cache_read_tokens) AS cached,
            sum(output_tokens) AS output, toString(sum(cost_usd)) AS cost
            FROM usage_1m FINAL WHERE agent_version = '${round} at ${rate}' GROUP BY ALL ORDER BY ALL`),
        ),
      );
      expect(usage[0]!.length).toBeGreaterThan(0);
      expect(usage[1]).toEqual(usage[0]);
      expect(usage[2]).toEqual(usage[0]);
      const [found] = await sql(
        `SELECT countIf(n != 0) AS runs FROM (SELECT run_id, max(errors) AS n FROM runs FINAL WHERE agent_version = '${round} at 0' GROUP BY run_id)`,
      );
      const isFailure = (one: Action): boolean => "isFailed" in one && one.isFailed;
      const failing = plans.filter(({ actions, helper }) => [...actions, ...(helper ?? [])].some(isFailure));
      expect(Number(found?.["runs"])).toBe(failing.length);
    }),
    { numRuns: 6 },
  );
});

interface RunAnswer {
  run: {
    runId: string;
    name: string;
    status: string;
    keptBecause: string;
    tokens: object;
    costUsd: string;
    steps: number;
  };
  steps: { kind: string; name: string; arguments: unknown; result: unknown; status: string; contentMissing: boolean }[];
}

async function answerOf(name: string): Promise<RunAnswer> {
  const { runs } = await get<{ runs: RunAnswer["run"][] }>("/api/runs?limit=1000");
  const found = runs.find((one) => one.name === name);
  return await get<RunAnswer>(`/api/runs/${found?.runId}`);
}

test("a run that fails is as whole as if all were kept", async () => {
  const fails: Plan = {
    agent: "",
    actions: [
      { kind: "inference", model: "gpt-5-mini", input: 100, cached: 10, output: 5, isFailed: false },
      { kind: "tool", name: "search", isFailed: false },
      { kind: "checkpoint" },
      { kind: "step" },
      { kind: "tool", name: "mail", isFailed: true },
      { kind: "inference", model: "gemini-2.5-pro", input: 7, cached: 0, output: 2, isFailed: false },
    ],
    helper: [{ kind: "tool", name: "search", isFailed: false }],
  };
  for (const rate of [1, 0]) {
    record(rate);
    await carryOut({ ...fails, agent: `failing at ${rate}` }, "1");
    await recorded();
  }
  const whole = await answerOf("failing at 1");
  const kept = await answerOf("failing at 0");
  expect(whole.run.keptBecause).toBe("everything");
  expect(kept.run.keptBecause).toBe("error");
  const plain = ({ run: about, steps }: RunAnswer): object => ({
    tokens: about.tokens,
    costUsd: about.costUsd,
    status: about.status,
    steps: steps.map(({ kind, name, arguments: given, result, status: how, contentMissing }) => {
      return { kind, name, given, result, how, contentMissing };
    }),
  });
  expect(plain(kept)).toEqual(plain(whole));
  expect(kept.steps).toHaveLength(6);
  const { checkpoints } = await get<{ checkpoints: { checkpointId: string }[] }>(
    `/api/runs/${kept.run.runId}/checkpoints`,
  );
  expect(checkpoints).toHaveLength(1);
  const state = await get<{ state: unknown }>(`/api/runs/${kept.run.runId}/state?at=2`);
  expect(state).toMatchObject({ state: { noted: "something ".repeat(100) } });
});
