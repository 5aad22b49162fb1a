// Proves that what the READMEs of the hand-written agents say to type works, command by command, and that what is recorded is what happened.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { type Collector, createCollector, loadConfig } from "@runreel/collector";
import { afterAll, beforeAll, expect, test } from "vitest";

const folder = import.meta.dirname;
const root = join(folder, "..");
let dataDir = "";
let collector: Collector;
let modelServer: ChildProcess;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "runreel-by-hand-"));
  const settings = { listen: "127.0.0.1:0", dataDir, logLevel: "error", block: { maxAgeMs: 20 } };
  const loaded = loadConfig({ environment: {}, overrides: settings });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  collector = await createCollector(loaded.config);
  await collector.listen();
  modelServer = spawn(process.execPath, [join(folder, "model-server/model-server.ts")], {
    env: { ...process.env, MODEL_PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface({ input: modelServer.stdout! }), "line")) as [string];
  const modelUrl = line.replace(/^.* on /, "");
  const foreign = /^(RUNREEL|OTEL|CLICKHOUSE|OPENAI|ANTHROPIC)_/;
  environment = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name))),
    NODE_OPTIONS: "--conditions=runreel-source",
    NO_COLOR: "1",
    RUNREEL_ENDPOINT: collector.address,
    OPENAI_BASE_URL: modelUrl,
    ANTHROPIC_BASE_URL: modelUrl.replace(/\/v1$/, ""),
  };
});

afterAll(async () => {
  modelServer.kill();
  await collector.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** The commands of the last block in a README, as the sources run them. */
async function commandsOf(agent: string): Promise<string[]> {
  const text = await readFile(join(folder, agent, "README.md"), "utf8");
  const [, block = ""] =
    text
      .split("```sh\n")
      .at(-1)!
      .match(/^([\s\S]*?)```/) ?? [];
  return block
    .trim()
    .split("\n")
    .map((line) => line.replace(/ +#.*$/, "").replace(/^npx -c '(.*)'$/, "$1"))
    .map((line) => line.replace(/^npx runreel/, "node packages/cli/src/main.ts"));
}

async function type(command: string): Promise<string> {
  const { code, output } = await tryOut(command);
  expect(code, `${command}\n${output}`).toBe(0);
  return output;
}

async function tryOut(command: string): Promise<{ code: number | null; output: string }> {
  const [program, ...rest] = command.split(" ");
  expect(program).toBe("node");
  const child = spawn(process.execPath, rest, { cwd: root, env: environment, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  await collector.flush();
  return { code, output };
}

const advice = "Bergen has 9 °C and rain: take a coat and an umbrella.";

interface RunAnswer {
  run: { runId: string; status: string; tokens: Record<string, number>; errors: number };
  steps: { kind: string; name: string; arguments: unknown; result: unknown }[];
}

async function newestRun(): Promise<RunAnswer> {
  const get = async (path: string): Promise<unknown> => (await fetch(new URL(path, collector.address))).json();
  const { runs } = (await get("/api/runs?limit=1")) as { runs: RunAnswer["run"][] };
  return (await get(`/api/runs/${runs[0]!.runId}`)) as RunAnswer;
}

const report = { city: "Bergen", celsius: 9, sky: "rain" };
const steps = (model: string) => [
  { kind: "inference", name: model, result: { role: "assistant" } },
  { kind: "tool", name: "weather", arguments: { city: "Bergen" }, result: report },
  { kind: "inference", name: model, result: { parts: expect.arrayContaining([{ type: "text", content: advice }]) } },
];

test("openai-agent", async () => {
  const [agent, show, replay, ...more] = await commandsOf("openai-agent");
  expect(await type(agent!)).toBe(`${advice}\n`);
  const { run, steps: taken } = await newestRun();
  expect(run).toMatchObject({ status: "ok", errors: 0, tokens: { input: 214, output: 56, reasoning: 18 } });
  expect(taken).toMatchObject(steps("gpt-5-mini"));
  expect(await type(show!)).toContain('weather  city="Bergen"');
  expect(await type(replay!)).toContain("Oslo has 18 °C and rain");
  expect(more).toEqual([]);
});

test("anthropic-agent", async () => {
  const [agent, show, replay, ...more] = await commandsOf("anthropic-agent");
  expect(await type(agent!)).toBe(`${advice}\n`);
  const { run, steps: taken } = await newestRun();
  expect(run).toMatchObject({ status: "ok", tokens: { cacheRead: 40, cacheWrite: 59, output: 89 } });
  expect(taken).toMatchObject(steps("claude-sonnet-4-5"));
  expect(await type(show!)).toContain("thinks  What to wear depends on the weather, so I look.");
  expect(await type(replay!)).toContain("Oslo has 18 °C and rain");
  expect(more).toEqual([]);
});

test("ai-sdk-agent, in six lines", async () => {
  const source = await readFile(join(folder, "ai-sdk-agent/agent.ts"), "utf8");
  expect(source.split("\n").filter((line) => line.endsWith("// runreel"))).toHaveLength(6);
  const [agent, show, usage, ...more] = await commandsOf("ai-sdk-agent");
  expect(await type(agent!)).toBe(`${advice}\n`);
  const { run, steps: taken } = await newestRun();
  expect(run).toMatchObject({ status: "ok", errors: 0, tokens: { input: 248, output: 56, reasoning: 18 } });
  expect(taken).toMatchObject(steps("gpt-5-mini"));
  expect(await type(show!)).toContain('weather  city="Bergen"');
  expect(await type(usage!)).toMatch(/what-to-wear\s+gpt-5-mini/);
  expect(more).toEqual([]);
});

test("ai-sdk-agent refuses a replay before it asks a model or runs a tool", async () => {
  const asked = async (): Promise<unknown> => (await fetch(`${environment["ANTHROPIC_BASE_URL"]}/count`)).json();
  const before = await asked();
  const replay = "node packages/cli/src/main.ts replay last --from 2 -- node examples/ai-sdk-agent/agent.ts";
  const { code, output } = await tryOut(replay);
  expect(code).not.toBe(0);
  expect(output).toContain("a program that records through runreelTracer() cannot be replayed");
  expect(await asked()).toEqual(before);
});
