import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { SendLoadDone, SendLoadReady, SendLoadRequest } from "../load/send-load.ts";
import { startCollector } from "../load/start-collector.ts";
import type { CollectorProcess } from "../load/start-collector.ts";
import { readStoredTotals } from "../load/stored-totals.ts";
import type { StoredTotals } from "../load/stored-totals.ts";
import { nextMessage, startChild } from "../measure/child.ts";
import { processUsage } from "../measure/process-usage.ts";
import type { ProcessUsage } from "../measure/process-usage.ts";

export type IngestLoad = Omit<SendLoadRequest, "url">;

/** One round: a fresh collector on an empty folder takes a load, and everything of it is looked up afterwards. */
export interface IngestSample {
  load: IngestLoad;
  bytesPerSpan: number;
  acknowledgedSpans: number;
  resentRequests: number;
  acknowledgedPerSecond: number;
  visiblePerSecond: number;
  collectorCpuMicros: number;
  engineCpuMicros: number;
  generatorCpuMicros: number;
  collectorPeakRssMb: number;
  enginePeakRssMb: number;
  diskBytesPerSpan: number;
  /** Whether every acknowledged span is there once and all sums are equal. */
  exact: boolean;
  stored: StoredTotals;
}

const POLL_MIN_MS = 50;
const POLL_MAX_MS = 2000;
const VISIBLE_WITHIN_MS = 120_000;

export async function measureIngest(load: IngestLoad, execArgv: string[] = []): Promise<IngestSample> {
  const dataDir = await mkdtemp(join(tmpdir(), "runreel-ingest-"));
  const collector = await startCollector({ dataDir, execArgv });
  try {
    return await measureOn(collector, load);
  } finally {
    await collector.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function measureOn(collector: CollectorProcess, load: IngestLoad): Promise<IngestSample> {
  const request: SendLoadRequest = { url: collector.url, ...load };
  const generator = startChild(new URL("../load/send-load.ts", import.meta.url), request);
  const ready = await nextMessage<SendLoadReady>(generator);
  const engine = collector.enginePid();
  if (engine === undefined)
    throw new Error("The collector runs without an embedded ClickHouse; there is nothing to measure.");

  const before = [processUsage(collector.pid), processUsage(engine)] as const;
  const begun = performance.now();
  const finished = nextMessage<SendLoadDone>(generator);
  generator.send("go");
  const done = await finished;
  await untilVisible(collector, done.totals.spans, begun);
  const visibleSeconds = (performance.now() - begun) / 1000;
  await untilQuiet(engine);
  const after = [processUsage(collector.pid), processUsage(engine)] as const;

  const { spans } = done.totals;
  const microsPerSpan = (from: ProcessUsage, to: ProcessUsage): number => ((to.cpuMs - from.cpuMs) * 1000) / spans;
  const stored = await readStoredTotals(collector);
  const [disk] = await collector.sql("SELECT sum(bytes_on_disk) AS bytes FROM system.parts WHERE active");
  return {
    load,
    bytesPerSpan: ready.bytesPerSpan,
    acknowledgedSpans: spans,
    resentRequests: done.resent,
    acknowledgedPerSecond: spans / done.seconds,
    visiblePerSecond: spans / visibleSeconds,
    collectorCpuMicros: microsPerSpan(before[0], after[0]),
    engineCpuMicros: microsPerSpan(before[1], after[1]),
    generatorCpuMicros: (done.cpuMs * 1000) / spans,
    collectorPeakRssMb: after[0].peakRssMb,
    enginePeakRssMb: after[1].peakRssMb,
    diskBytesPerSpan: Number(disk?.["bytes"]) / spans,
    exact:
      stored.distinctSpans === spans &&
      stored.differingRuns === 0 &&
      [stored.spans, stored.usage, stored.runs].every((sums) => isDeepStrictEqual(sums, done.totals)) &&
      stored.costUsd.usage === stored.costUsd.spans,
    stored,
  };
}

/** Asks seldom while much is missing: each question costs both processes some milliseconds, which would count as the spans' own. */
async function untilVisible(collector: CollectorProcess, spans: number, begun: number): Promise<void> {
  for (const giveUpAt = performance.now() + VISIBLE_WITHIN_MS; ;) {
    const [row] = await collector.sql("SELECT count() AS spans FROM spans");
    const visible = Number(row?.["spans"]);
    if (visible >= spans) return;
    const now = performance.now();
    if (now > giveUpAt) throw new Error(`${visible} of ${spans} acknowledged spans are visible.`);
    const expectedMs = ((now - begun) * (spans - visible)) / Math.max(1, visible);
    await sleep(Math.min(POLL_MAX_MS, Math.max(POLL_MIN_MS, expectedMs / 2)));
  }
}

/** Waits until ClickHouse has merged what it wants to merge: a second with less than a tenth of a core. */
async function untilQuiet(pid: number): Promise<void> {
  for (let last = processUsage(pid).cpuMs; ;) {
    await sleep(1000);
    const now = processUsage(pid).cpuMs;
    if (now - last < 100) return;
    last = now;
  }
}
