// The collector is killed with -9 at random moments of a load, its ClickHouse with it or not, and started again on the same folder. Nothing that was
// acknowledged may be missing, nothing may be there twice, and the sums have to be right.
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { spawnCollector, startCollector } from "../../benchmarks/load/start-collector.ts";
import type { CollectorProcess } from "../../benchmarks/load/start-collector.ts";
import { expectExact } from "./expect-exact.ts";
import { sustainLoad } from "./sustained-load.ts";

const KILLS = 20;

let dataDir: string;
let port: number;
let collector: CollectorProcess | undefined;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "runreel-kill-"));
  port = await freePort();
});

afterEach(async () => {
  await collector?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

test(`what was acknowledged survives ${KILLS} kills of the collector, once`, { timeout: 240_000 }, async () => {
  collector = await startCollector({ dataDir, port });
  const load = sustainLoad(collector.url);
  for (let kill = 1; kill <= KILLS; kill++) {
    await sleep(100 + Math.random() * 1200);
    await killCollector(collector, kill % 2 === 0);
    // Every fourth time once more, while it starts and reads its journal again.
    if (kill % 4 === 0) await killWhileStarting();
    collector = await startCollector({ dataDir, port });
  }
  const sent = await load.stop();
  expect(sent.resent, "no kill met a request; the load is too small to prove anything").toBeGreaterThan(0);
  await expectExact(collector, sent.totals);

  // And nothing comes back when it is stopped and started in order.
  await collector.stop();
  collector = await startCollector({ dataDir, port });
  const stored = await expectExact(collector, sent.totals);

  console.log(
    `${KILLS} kills: ${sent.totals.spans} spans of ${sent.totals.runs} runs acknowledged in ${sent.requests} requests (${sent.resent} sent again); ` +
      `stored ${stored.spans.spans}, distinct ${stored.distinctSpans}, lost ${sent.totals.spans - stored.distinctSpans}, doubled ${stored.spans.spans - stored.distinctSpans}; ` +
      `tokens in ${stored.usage.tokens.input} and out ${stored.usage.tokens.output}, $${stored.costUsd.usage}, all sums equal`,
  );
});

async function killCollector(victim: CollectorProcess, withEngine: boolean): Promise<void> {
  const engine = victim.enginePid();
  const gone = once(victim.process, "exit");
  victim.process.kill("SIGKILL");
  if (withEngine && engine !== undefined) process.kill(engine, "SIGKILL");
  await gone;
}

async function killWhileStarting(): Promise<void> {
  const { process: child, ready } = spawnCollector({ dataDir, port });
  ready.catch(() => {});
  await sleep(200 + Math.random() * 1000);
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
