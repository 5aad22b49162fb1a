// The embedded ClickHouse is killed with -9 while the collector takes a load. The collector starts it again and goes on acknowledging meanwhile.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startCollector } from "../../benchmarks/load/start-collector.ts";
import type { CollectorProcess } from "../../benchmarks/load/start-collector.ts";
import { expectExact } from "./expect-exact.ts";
import { sustainLoad } from "./sustained-load.ts";

const KILLS = 5;

let dataDir: string;
let collector: CollectorProcess | undefined;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "runreel-engine-kill-"));
});

afterEach(async () => {
  await collector?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

test(`nothing is lost or doubled when ClickHouse is killed ${KILLS} times`, async () => {
  collector = await startCollector({ dataDir, settings: { logLevel: "silent" } });
  const load = sustainLoad(collector.url);
  for (let kill = 1; kill <= KILLS; kill++) {
    await sleep(500 + Math.random() * 1500);
    const engine = await engineOf(collector);
    process.kill(engine, "SIGKILL");
    const before = load.acknowledged();
    await sleep(300);
    expect(load.acknowledged(), "the collector must go on acknowledging without ClickHouse").toBeGreaterThan(before);
  }
  const sent = await load.stop();
  await engineOf(collector);
  const stored = await expectExact(collector, sent.totals);
  console.log(
    `${KILLS} kills of ClickHouse: ${sent.totals.spans} spans acknowledged, stored ${stored.spans.spans}, distinct ${stored.distinctSpans}; all sums equal`,
  );
});

/** The engine that runs now; the collector may be about to start it. */
async function engineOf(owner: CollectorProcess): Promise<number> {
  for (const giveUpAt = Date.now() + 30_000; Date.now() < giveUpAt; await sleep(50)) {
    const pid = owner.enginePid();
    if (pid !== undefined) return pid;
  }
  throw new Error("The collector did not start ClickHouse again within 30 s.");
}
