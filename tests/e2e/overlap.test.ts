// Fifty runs overlap in one process. Each has to come out of the collector with its own steps in its own order, its content whole, and its tokens and
// cost exact.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { flush, inference, run, shutdown, start, status, step, tool } from "@runreel/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCollector } from "../../benchmarks/load/start-collector.ts";
import type { CollectorProcess } from "../../benchmarks/load/start-collector.ts";

const RUNS = 50;
const ROUNDS = 4;
const MODEL = "gpt-5-mini";
/** The price of the model above, in millionths of a millionth of a dollar for one token. */
const PRICE = { input: 250_000n, cacheRead: 25_000n, output: 2_000_000n };

interface StepAnswer {
  kind: string;
  name: string;
  spanId: string;
  arguments: unknown;
  result: unknown;
  status: string;
  truncated: boolean;
  contentMissing: boolean;
  tokens: Record<string, number | null> | null;
}

interface RunAnswer {
  run: { runId: string; name: string; status: string; steps: number; tokens: Record<string, number>; costUsd: string };
  steps: StepAnswer[];
}

let dataDir: string;
let collector: CollectorProcess;
const answers = new Map<string, RunAnswer>();

/** What run `run` says and hears in round `round`: long enough to be cut into blobs, and nothing any other run says. */
const question = (run: number, round: number): string => `Question ${round} of run ${run}: ${"why? ".repeat(150)}✓`;
const found = (run: number, round: number): { id: string; text: string; numbers: number[] } => ({
  id: `${run}/${round}`,
  text: `Résumé ${run}.${round} 🛫 `.repeat(120),
  numbers: Array.from({ length: 40 }, (_, index) => run * 1000 + round * 100 + index),
});
const usage = (run: number, round: number): { prompt: number; cached: number; completion: number } => ({
  prompt: 1000 + run * 10 + round,
  cached: round * 100,
  completion: 50 + run + round,
});

async function ask(run: number, round: number, messages: { role: string; content: string }[]): Promise<string> {
  const { prompt, cached, completion } = usage(run, round);
  const answer = await inference({ provider: "openai", model: MODEL, messages }, async () => {
    await jitter(run, round);
    return {
      id: `response-${run}-${round}`,
      model: MODEL,
      choices: [{ finish_reason: "stop", message: { role: "assistant", content: `Answer ${round} of run ${run}` } }],
      usage: {
        prompt_tokens: prompt,
        completion_tokens: completion,
        prompt_tokens_details: { cached_tokens: cached },
      },
    };
  });
  return answer.choices[0]?.message.content ?? "";
}

/** Pauses of other lengths in each run, so that their steps interleave. */
const jitter = (run: number, round: number): Promise<void> => sleep((run * 7 + round * 13) % 17);

const lookUp = tool({
  name: "look_up",
  effect: "read",
  execute: async ({ run, round }: { run: number; round: number }) => {
    await jitter(round, run);
    return found(run, round);
  },
});

async function work(index: number): Promise<void> {
  const messages: { role: string; content: string }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    messages.push({ role: "user", content: question(index, round) });
    messages.push({ role: "assistant", content: await ask(index, round, [...messages]) });
    await lookUp({ run: index, round });
    await step("ticket", async () => ({ ticket: `${index}-${round}` }), { effect: "read" });
  }
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "runreel-overlap-"));
  collector = await startCollector({ dataDir });
  start({ endpoint: collector.url, serviceName: "overlap" });
  await Promise.all(Array.from({ length: RUNS }, (_, index) => run(`overlap-${index}`, () => work(index))));
  await flush();
  await untilStored(RUNS);
  const { runs } = (await get(`/api/runs?limit=${RUNS * 2}`)) as { runs: RunAnswer["run"][] };
  for (const { runId, name } of runs) answers.set(name, (await get(`/api/runs/${runId}`)) as RunAnswer);
});

afterAll(async () => {
  await shutdown();
  await collector.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const get = async (path: string): Promise<unknown> => (await fetch(new URL(path, collector.url))).json();

async function untilStored(runs: number): Promise<void> {
  for (const giveUpAt = Date.now() + 30_000; Date.now() < giveUpAt; await sleep(100)) {
    // The rows of `runs` are the last of a block, so everything else is there with them.
    const [row] = await collector.sql("SELECT count() AS ended FROM runs WHERE root_state = 'ended'");
    if (Number(row?.["ended"]) >= runs) return;
  }
  throw new Error(`Fewer than ${runs} finished runs are in the store after 30 s.`);
}

test("everything recorded was delivered", () => {
  const spans = RUNS * (1 + ROUNDS * 3);
  expect(status()).toMatchObject({ recorded: spans, delivered: spans, dropped: {}, buffered: 0 });
  expect(status().content).toMatchObject({ dropped: {}, buffered: 0 });
});

test("each run is there once", () => {
  expect([...answers.keys()].sort()).toEqual(Array.from({ length: RUNS }, (_, index) => `overlap-${index}`).sort());
});

describe.each(Array.from({ length: RUNS }, (_, index) => index))("run %i", (index) => {
  const answer = (): RunAnswer => {
    const found = answers.get(`overlap-${index}`);
    if (found === undefined) throw new Error(`The collector does not know run ${index}.`);
    return found;
  };

  test("has its own steps in order, with their content whole", () => {
    const { run, steps } = answer();
    expect(run).toMatchObject({ status: "ok", steps: ROUNDS * 3 });
    expect(steps.map(({ kind, name }) => `${kind} ${name}`)).toEqual(
      Array.from({ length: ROUNDS }, () => [`inference ${MODEL}`, "tool look_up", "code ticket"]).flat(),
    );
    for (let round = 0; round < ROUNDS; round++) {
      const [asked, looked, ticket] = steps.slice(round * 3, round * 3 + 3);
      expect(asked).toMatchObject({ status: "ok", truncated: false, contentMissing: false });
      expect(asked?.arguments).toMatchObject({ messages: messagesOf(index, round) });
      expect(asked?.result).toMatchObject(message("assistant", `Answer ${round} of run ${index}`));
      expect(looked).toMatchObject({
        arguments: { run: index, round },
        result: found(index, round),
        contentMissing: false,
      });
      expect(ticket).toMatchObject({ result: { ticket: `${index}-${round}` } });
    }
  });

  test("has its own tokens and cost", () => {
    const { run, steps } = answer();
    const spent = Array.from({ length: ROUNDS }, (_, round) => usage(index, round));
    const sum = (read: (of: (typeof spent)[number]) => number): number =>
      spent.reduce((total, of) => total + read(of), 0);
    const tokens = {
      input: sum((of) => of.prompt - of.cached),
      cacheRead: sum((of) => of.cached),
      output: sum((of) => of.completion),
    };
    expect(run.tokens).toMatchObject(tokens);
    expect(steps.filter(({ kind }) => kind === "inference").map(({ tokens }) => tokens)).toMatchObject(
      spent.map(({ prompt, cached, completion }) => ({
        input: prompt - cached,
        cacheRead: cached,
        output: completion,
      })),
    );
    const cost =
      BigInt(tokens.input) * PRICE.input +
      BigInt(tokens.cacheRead) * PRICE.cacheRead +
      BigInt(tokens.output) * PRICE.output;
    expect(picodollars(run.costUsd)).toBe(cost);
  });
});

const message = (role: string, content: string): object => ({ role, parts: [{ type: "text", content }] });

/** The conversation as it stood when the model was asked in a round. */
const messagesOf = (run: number, round: number): object[] =>
  Array.from({ length: round + 1 }, (_, earlier) => [
    message("user", question(run, earlier)),
    ...(earlier < round ? [message("assistant", `Answer ${earlier} of run ${run}`)] : []),
  ]).flat();

/** A decimal number of dollars, exactly. */
function picodollars(decimal: string): bigint {
  const [whole = "0", fraction = ""] = decimal.split(".");
  return BigInt(whole + fraction.slice(0, 12).padEnd(12, "0"));
}
