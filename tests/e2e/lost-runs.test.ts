// Real processes against a real collector with ClickHouse: a run whose process is gone is lost, and no other is.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import {
  type Collector,
  createCollector,
  loadConfig,
  type Process,
  type Run,
  type RunAnswer,
} from "@runreel/collector";
import { afterEach, beforeEach, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const command = join(root, "packages/cli/src/main.ts");
const hangs = join(root, "packages/sdk/test/programs/hangs.ts");
const TEST_MAX_MS = 300_000;

let folder = "";
let collector: Collector;
let children: ChildProcess[] = [];

async function startCollector(listen: string): Promise<void> {
  const overrides = { listen, dataDir: join(folder, "data"), logLevel: "error", block: { maxAgeMs: 20 } };
  const loaded = loadConfig({ environment: {}, overrides });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  collector = await createCollector(loaded.config);
  await collector.listen();
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "runreel-lost-"));
  await startCollector("127.0.0.1:0");
});

afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  children = [];
  await collector.stop();
  await rm(folder, { recursive: true, force: true });
});

function start(...argv: string[]): ChildProcess {
  const child = spawn(process.execPath, ["--conditions=runreel-source", ...argv], {
    env: { PATH: process.env["PATH"], RUNREEL_ENDPOINT: collector.address, RUNREEL_SPOOL_DIR: join(folder, "spool") },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  return child;
}

async function runreel<Answer>(...words: string[]): Promise<Answer> {
  const child = start(command, ...words, "--json");
  let output = "";
  child.stdout!.on("data", (chunk: Buffer) => (output += chunk.toString()));
  await once(child, "close");
  return JSON.parse(output) as Answer;
}

async function ask<Answer>(path: string): Promise<Answer> {
  return (await (await fetch(`${collector.address}${path}`)).json()) as Answer;
}

const processOf = async ({ pid }: ChildProcess): Promise<Process | undefined> =>
  (await ask<{ processes: Process[] }>("/api/processes")).processes.find((one) => one.pid === pid);

/** The run of a process, once it is as it should be. How long that takes is not asserted. */
async function runOf(child: ChildProcess, isIt: (run: Run) => boolean): Promise<Run> {
  for (;;) {
    const instanceId = (await processOf(child))?.instanceId;
    const { runs } = await ask<{ runs: Run[] }>("/api/runs");
    const run = runs.find(({ processId }) => processId !== null && processId === instanceId);
    if (run !== undefined && isIt(run)) return run;
    await sleep(250);
  }
}

/** Starts the program that hangs in its third step, and waits until all three steps are shown. */
async function hanging(): Promise<ChildProcess> {
  const child = start(hangs);
  const run = await runOf(child, ({ status, steps }) => status === "running" && steps === 2);
  for (;;) {
    const { steps } = await ask<RunAnswer>(`/api/runs/${run.runId}`);
    if (steps.length === 3) return child;
    await sleep(250);
  }
}

const hasStatus = (status: string) => (run: Run) => run.status === status;

test(
  "a natural end with an open run: it is lost at once, and is the last that failed",
  { timeout: TEST_MAX_MS },
  async () => {
    const child = start(hangs, "ends");
    const [code] = (await once(child, "close")) as [number];
    expect(code).toBe(0);
    await collector.flush();
    const { runs } = await ask<{ runs: Run[] }>("/api/runs?status=lost");
    expect(runs).toMatchObject([{ name: "hanging", status: "lost", steps: 2, endTime: null, error: null }]);
    const shown = await runreel<RunAnswer>("show", "last-failed");
    expect(shown.run.runId).toBe(runs[0]?.runId);
    expect(shown.steps.map(({ name, status }) => `${name} ${status}`)).toEqual([
      "first ok",
      "second ok",
      "third running",
    ]);
    expect(await processOf(child)).toMatchObject({ state: "ended", openRuns: 1 });
  },
);

test("killed in step 3, stopped and continued, and going on", { timeout: TEST_MAX_MS }, async () => {
  const [killed, stopped, living] = await Promise.all([hanging(), hanging(), hanging()]);
  killed.kill("SIGKILL");
  stopped.kill("SIGSTOP");
  const lost = await runOf(killed, hasStatus("lost"));
  const { steps } = await ask<RunAnswer>(`/api/runs/${lost.runId}`);
  expect(steps.map(({ name, status }) => `${name} ${status}`)).toEqual(["first ok", "second ok", "third running"]);
  expect(await processOf(killed)).toMatchObject({ state: "lost", openRuns: 1 });

  await runOf(stopped, hasStatus("lost"));
  stopped.kill("SIGCONT");
  await runOf(stopped, hasStatus("running"));
  expect(await processOf(stopped)).toMatchObject({ state: "running" });
  expect((await runOf(living, () => true)).status).toBe("running");
  expect((await runreel<{ runs: Run[] }>("runs", "--status", "lost")).runs.map(({ runId }) => runId)).toEqual([
    lost.runId,
  ]);
});

test("a collector that was away calls nothing lost for that", { timeout: TEST_MAX_MS }, async () => {
  const child = await hanging();
  const { port } = new URL(collector.address);
  await collector.stop();
  // Four reports that nobody hears.
  await sleep(42_000);
  await startCollector(`127.0.0.1:${port}`);
  expect((await runOf(child, () => true)).status).toBe("running");
  const before = (await processOf(child))!.heardAt;
  for (;;) {
    const { status } = await runOf(child, () => true);
    expect(status).not.toBe("lost");
    if ((await processOf(child))!.heardAt > before) break;
    await sleep(500);
  }
  // However quiet its run is.
  expect((await runOf(child, () => true)).status).toBe("running");
});
