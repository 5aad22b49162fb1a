// One run over two processes: an agent asks another one over HTTP, both record, and the collector shows one tree.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Collector, createCollector, loadConfig } from "@runreel/collector";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const started: ChildProcess[] = [];
let folder = "";
let collector: Collector;
let hotelAgent = "";

function launch(file: string, args: string[] = [], environment: Record<string, string> = {}): ChildProcess {
  const foreign = /^(RUNREEL|OTEL|CLICKHOUSE)_/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  const child = spawn(process.execPath, ["--conditions=runreel-source", join(root, file), ...args], {
    env: {
      ...Object.fromEntries(kept),
      RUNREEL_ENDPOINT: collector.address,
      RUNREEL_SPOOL_DIR: join(folder, "spool"),
      HOTEL_AGENT: hotelAgent,
      ...environment,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  started.push(child);
  return child;
}

async function output(child: ChildProcess): Promise<string> {
  let text = "";
  child.stdout!.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const [code] = (await once(child, "close")) as [number];
  expect(code).toBe(0);
  return text;
}

interface Travelled {
  plan: string;
  there: { traceparent: string; tracestate: string };
}

const travel = async (environment?: Record<string, string>): Promise<Travelled> => {
  const said = await output(launch("tests/e2e/programs/travel-agent.ts", [], environment));
  await collector.flush();
  return JSON.parse(said) as Travelled;
};
const runreel = (...args: string[]): Promise<string> => output(launch("packages/cli/src/main.ts", args));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "runreel-two-processes-"));
  const loaded = loadConfig({
    environment: {},
    overrides: { listen: "127.0.0.1:0", dataDir: join(folder, "data"), logLevel: "error", block: { maxAgeMs: 20 } },
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  collector = await createCollector(loaded.config);
  await collector.listen();
  const hotel = launch("tests/e2e/programs/hotel-agent.ts");
  const [port] = (await once(hotel.stdout!, "data")) as [Buffer];
  hotelAgent = `http://127.0.0.1:${port.toString().trim()}`;
});

afterAll(async () => {
  for (const child of started) if (child.exitCode === null) child.kill();
  await collector.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Shown {
  run: { runId: string; name: string; status: string; steps: number; tokens: { input: number; output: number } };
  steps: { index: number; parentIndex: number | null; kind: string; name: string }[];
  spans: { spanId: string; parentSpanId: string | null; name: string }[];
}

test("it is one run with one tree, its steps numbered through and its usage counted once", async () => {
  expect(await travel()).toMatchObject({ plan: "You sleep at the Bern Palace.", outside: {} });

  const { runs } = JSON.parse(await runreel("runs", "--json")) as { runs: Shown["run"][] };
  expect(runs).toHaveLength(1);
  const { run, steps, spans } = JSON.parse(await runreel("show", "last", "--json")) as Shown;
  expect(run).toMatchObject({ name: "trip", status: "ok", steps: 5, tokens: { input: 230, output: 23 } });
  expect(steps.map(({ index, parentIndex, name }) => [index, parentIndex, name])).toEqual([
    [1, null, "example-model"],
    [2, null, "ask_hotel_agent"],
    [3, 2, "search_hotels"],
    [4, 2, "example-model"],
    [5, null, "example-model"],
  ]);
  const names = new Map(spans.map(({ spanId, name }) => [spanId, name]));
  const parents = Object.fromEntries(spans.map(({ name, parentSpanId }) => [name, names.get(parentSpanId!)]));
  expect(parents).toEqual({
    trip: undefined,
    "chat example-model": "trip",
    "execute_tool ask_hotel_agent": "trip",
    hotel: "execute_tool ask_hotel_agent",
    "execute_tool search_hotels": "hotel",
  });

  const { rows } = JSON.parse(await runreel("usage", "--by", "model", "--json")) as { rows: Record<string, unknown>[] };
  expect(rows).toHaveLength(2);
  expect(rows.find(({ model }) => model === null)).toMatchObject({ runs: 1, toolCalls: 2 });
  expect(rows.find(({ model }) => model === "example-model")).toMatchObject({
    inputTokens: 230,
    outputTokens: 23,
    inferences: 3,
  });

  const shown = await runreel("show", "last");
  const lines = shown.split("\n").filter((line) => /search_hotels|ask_hotel_agent/.test(line));
  expect(lines).toHaveLength(2);
  expect(lines[1]!.search(/search_hotels/)).toBeGreaterThan(lines[0]!.search(/ask_hotel_agent/));
});

test("flags and state go from process to process", async () => {
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  const { there } = await travel({ PARENT: `00-${traceId}-b7ad6b7169203331-01`, STATE: "vendor=of-somebody" });
  expect(there.traceparent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
  expect(there.tracestate).toContain("vendor=of-somebody");
  const { steps } = JSON.parse(await runreel("show", traceId, "--json")) as Shown;
  expect(steps).toHaveLength(5);
});
