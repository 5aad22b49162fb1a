import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import type { Totals } from "../../benchmarks/load/expected-totals.ts";
import type { CollectorProcess } from "../../benchmarks/load/start-collector.ts";
import { readStoredTotals } from "../../benchmarks/load/stored-totals.ts";
import type { StoredTotals } from "../../benchmarks/load/stored-totals.ts";

const VISIBLE_WITHIN_MS = 60_000;
/** A block's spans are stored before its rows of the runs, which come last. */
const STORED = "SELECT least((SELECT count() FROM spans), (SELECT sum(spans) FROM runs FINAL)) AS spans";

/** Waits for the last block, then expects every span once and every sum equal to what was sent: over the spans, the rollup and the runs. */
export async function expectExact(collector: CollectorProcess, sent: Totals): Promise<StoredTotals> {
  for (const giveUpAt = Date.now() + VISIBLE_WITHIN_MS; Date.now() < giveUpAt; await sleep(100)) {
    // ClickHouse may be about to come back.
    const [row] = await collector.sql(STORED).catch(() => []);
    if (Number(row?.["spans"] ?? 0) >= sent.spans) break;
  }
  const stored = await readStoredTotals(collector);
  expect({ ...stored.spans, distinct: stored.distinctSpans }).toEqual({ ...sent, distinct: sent.spans });
  expect(stored.usage).toEqual(sent);
  expect(stored.runs).toEqual(sent);
  expect(stored.differingRuns).toBe(0);
  expect(Number(stored.costUsd.spans)).toBeGreaterThan(0);
  expect(stored.costUsd).toEqual({
    spans: stored.costUsd.spans,
    usage: stored.costUsd.spans,
    runs: stored.costUsd.spans,
  });
  return stored;
}
