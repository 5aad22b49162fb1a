// Real processes against a real collector with ClickHouse: what it shows of each is what the process itself counted, however that ended.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Collector, createCollector, loadConfig, type Process } from "@runreel/collector";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const command = join(root, "packages/cli/src/main.ts");
const programs = join(root, "packages/sdk/test/programs");

let folder = "";
let collector: Collector;

async function startCollector(listen: string): Promise<void> {
  const overrides = { listen, dataDir: join(folder, "data"), logLevel: "error", block: { maxAgeMs: 20 } };
  const loaded = loadConfig({ environment: {}, overrides });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  collector = await createCollector(loaded.config);
  await collector.listen();
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "runreel-processes-"));
  await startCollector("127.0.0.1:0");
});

afterAll(async () => {
  await collector.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  pid: number;
  code: number | null;
  output: string;
}

/** Runs a program to its end; `signal` is sent once it says that it has recorded. */
async function ended(argv: string[], signal?: NodeJS.Signals): Promise<Ended> {
  const child = spawn(process.execPath, ["--conditions=runreel-source", ...argv], {
    env: { PATH: process.env["PATH"], RUNREEL_ENDPOINT: collector.address, RUNREEL_SPOOL_DIR: join(folder, "spool") },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    if (signal !== undefined && output.includes("recorded\n")) child.kill(signal);
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { pid: child.pid!, code, output };
}

const statusOf = ({ output }: Ended) =>
  JSON.parse(output.trim().split("\n").at(-1) ?? "") as Record<"spans" | "content", Process["spans"]>;

async function processOf({ pid }: Ended): Promise<Process> {
  await collector.flush();
  const answer = await fetch(`${collector.address}/api/processes`);
  const { processes } = (await answer.json()) as { processes: Process[] };
  const found = processes.filter((one) => one.pid === pid);
  expect(found).toHaveLength(1);
  return found[0]!;
}

/** What a process put on disk and somebody delivered is delivered, so much the collector knows better. */
function expectSame(shown: Process["spans"], status: Process["spans"]): void {
  const { recorded, delivered, spooled, buffered, dropped, fromDisk } = shown;
  expect({ recorded, delivered: delivered - fromDisk, spooled: spooled + fromDisk, buffered, dropped }).toEqual(status);
  expect(recorded).toBe(delivered + spooled + buffered + Object.values(dropped).reduce((sum, one) => sum + one, 0));
}

test.each([["ends"], ["exit"], ["flushes"], ["SIGTERM"]])(
  "%s: the collector's numbers are those of the process",
  async (way) => {
    const program = await ended([join(programs, "tells-status.ts"), way], way === "SIGTERM" ? way : undefined);
    const shown = await processOf(program);
    const status = statusOf(program);
    expectSame(shown.spans, status.spans);
    expectSame(shown.content, status.content);
    // All of it has arrived, for the endpoint was there.
    expect(shown.spans).toMatchObject({ delivered: shown.spans.recorded, spooled: 0 });
    expect(shown.openRuns).toBe(way === "exit" ? 1 : 0);
  },
);

test("what waits on disk is shown once it has come, and doctor says what became of it", async () => {
  const { port } = new URL(collector.address);
  await collector.stop();
  const program = await ended([join(programs, "tells-status.ts"), "exit"]);
  const status = statusOf(program);
  expect(status.spans.spooled).toBe(status.spans.recorded);
  await startCollector(`127.0.0.1:${port}`);
  expect((await ended([command, "spool", "send"])).code).toBe(0);
  const shown = await processOf(program);
  expectSame(shown.spans, status.spans);
  expectSame(shown.content, status.content);
  expect(shown).toMatchObject({ state: "ended", spans: { spooled: 0, fromDisk: status.spans.spooled } });

  const doctor = await ended([command, "doctor", "--json"]);
  const { checks } = JSON.parse(doctor.output) as { checks: { name: string; state: string; found: string }[] };
  expect(checks.filter(({ name }) => name === "process")).toContainEqual({
    name: "process",
    state: "ok",
    found: expect.stringContaining(
      `pid ${program.pid}, ended: ${shown.spans.recorded} spans = ${shown.spans.recorded} delivered`,
    ) as string,
  });
});
