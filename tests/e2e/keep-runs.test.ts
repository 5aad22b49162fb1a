// A run that was sampled out is sent after all when somebody has found something in it: the program itself, or whoever asks the collector for it.
// Real processes: the agent, the command; the real collector and its ClickHouse.
import { execFile, fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { type Collector, createCollector, loadConfig } from "@runreel/collector";
import type { RunAnswer } from "@runreel/collector";
import type { Status } from "@runreel/sdk";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

const command = join(import.meta.dirname, "../../packages/cli/src/main.ts");

let folder = "";
let collector: Collector;
let agent: ChildProcess | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "runreel-keep-"));
  const loaded = loadConfig({
    environment: {},
    overrides: { listen: "127.0.0.1:0", dataDir: join(folder, "data"), logLevel: "error", block: { maxAgeMs: 20 } },
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  collector = await createCollector(loaded.config);
  await collector.listen();
});

afterEach(() => void agent?.kill("SIGKILL"));

afterAll(async () => {
  await collector.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Starts the agent, and tells which run it is in. */
async function startAgent(): Promise<string> {
  agent = fork(join(import.meta.dirname, "programs/goes-on.ts"), {
    execArgv: ["--conditions=runreel-source"],
    env: { ...process.env, RUNREEL_ENDPOINT: collector.address },
  });
  return (await said<{ runId: string }>()).runId;
}

async function said<T>(): Promise<T> {
  const heard = new AbortController();
  const { signal } = heard;
  const ended = once(agent!, "exit", { signal }).then(([code]) => {
    throw new Error(`the agent ended with ${code}`);
  });
  const [message] = (await Promise.race([once(agent!, "message", { signal }), ended])) as unknown[];
  heard.abort();
  return message as T;
}

/** The agent takes a step and sends what it has. */
async function go(how: "on" | "keep" = "on"): Promise<Status> {
  agent!.send(how);
  const { status } = await said<{ status: Status }>();
  await collector.flush();
  return status;
}

async function end(): Promise<void> {
  agent!.send("end");
  const [code] = await once(agent!, "exit");
  expect(code).toBe(0);
  await collector.flush();
}

interface Answer<T> {
  status: number;
  body: T;
}

async function ask<T>(path: string, body?: object): Promise<Answer<T>> {
  const post = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(`${collector.address}${path}`, body === undefined ? {} : post);
  return { status: response.status, body: (await response.json()) as T };
}

const show = async (runId: string): Promise<Answer<RunAnswer>> => await ask(`/api/runs/${runId}`);

/** What the command prints, on standard output, and its exit code. */
async function runreel(...words: string[]): Promise<{ code: number; output: string; errors: string }> {
  const run = promisify(execFile)(process.execPath, ["--conditions=runreel-source", command, ...words], {
    env: { ...process.env, RUNREEL_ENDPOINT: collector.address, NO_COLOR: "1" },
  });
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout, errors: stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => {
      return { code, output: stdout, errors: stderr };
    },
  );
}

function expectWhole({ run, steps }: RunAnswer, names: string[]): void {
  expect(run).toMatchObject({ name: "on and on", status: "ok", lostContent: null, steps: names.length });
  expect(steps.map(({ name }) => name)).toEqual(names);
  expect(steps.some(({ contentMissing }) => contentMissing)).toBe(false);
  for (const { result } of steps.filter(({ name }) => name === "look")) expect(result).toContain("nothing to see");
}

test("somebody asks the collector for a run that goes on", async () => {
  const runId = await startAgent();
  await go();
  expect((await go()).sampledOut).toBe(2);
  expect((await show(runId)).status).toBe(404);
  const asked = await runreel("keep", runId, "--because", "it looks at nothing");
  expect(asked).toMatchObject({ code: 0, errors: "" });
  expect(asked.output).toContain(`Asked 1 process for run ${runId}`);
  expect((await show(runId)).status).toBe(404);
  // The answer to this step's request tells it.
  await go();
  expect((await go()).sampledOut).toBe(0);
  await end();
  const { body } = await show(runId);
  expectWhole(body, ["look", "look", "look", "look"]);
  expect(body.run.keptBecause).toBe("it looks at nothing");
  const { body: again } = await ask(`/api/runs/${runId}/keep`, { reason: "more" });
  expect(again).toMatchObject({ runId, state: "kept" });
  expect((await runreel("show", runId)).output).toContain("kept although runs are sampled: it looks at nothing");
  expect((await runreel("keep", runId, "--because", "more")).output).toContain("is there already");
});

test("the program itself finds something", async () => {
  const runId = await startAgent();
  await go();
  expect((await go("keep")).sampledOut).toBe(0);
  await go();
  await end();
  const { body } = await show(runId);
  expectWhole(body, ["look", "look", "judge", "look"]);
  expect(body.run.keptBecause).toBe("the program is bored");
});

test("a run that nobody knows, or that is over, cannot be asked for, and each says so", async () => {
  const runId = await startAgent();
  expect(await runreel("keep", "0".repeat(32), "--because", "why not")).toMatchObject({
    code: 5,
    errors: expect.stringContaining("no process has named it"),
  });
  await go();
  expect((await ask(`/api/runs/${runId}/keep`, { reason: " " })).status).toBe(400);
  expect((await ask(`/api/runs/${runId}/keep`, { reason: "x".repeat(201) })).status).toBe(400);
  expect((await runreel("keep", runId)).code).toBe(2);
  expect((await runreel("keep", runId, "--because", " ")).code).toBe(2);
  await end();
  expect(await ask(`/api/runs/${runId}/keep`, { reason: "too late" })).toMatchObject({
    status: 410,
    body: { error: { code: "RUNREEL_RUN_OVER" } },
  });
  const late = await runreel("keep", runId, "--because", "too late", "--json");
  expect(late.code).toBe(5);
  expect(JSON.parse(late.output)).toMatchObject({ error: { code: "RUNREEL_RUN_OVER" } });
  expect((await show(runId)).status).toBe(404);
});
