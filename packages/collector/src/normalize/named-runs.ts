import { RUNREEL_USAGE_ENDED_RUNS, RUNREEL_USAGE_OPEN_RUNS } from "@runreel/semconv";
import type { NormalizedSpan } from "../model/normalized-span.ts";

/** A run that a usage record names. */
export interface NamedRun {
  /** 16 bytes. */
  runId: Uint8Array;
  hasEnded: boolean;
}

/** More than a record names. */
const RUNS_MAX_COUNT = 2_000;

/** The runs that a usage record names, which are sampled out. */
export function namedRuns({ batch, index }: NormalizedSpan): NamedRun[] {
  const { attributesFrom, attributesTo } = batch.spans;
  const runs: NamedRun[] = [];
  for (let row = attributesFrom[index]!; row < attributesTo[index]!; row++) {
    const key = batch.key(row);
    const hasEnded = key === RUNREEL_USAGE_ENDED_RUNS;
    if (!hasEnded && key !== RUNREEL_USAGE_OPEN_RUNS) continue;
    const ids: unknown = JSON.parse(batch.valueJson(row));
    for (const id of Array.isArray(ids) ? ids.slice(0, RUNS_MAX_COUNT) : []) {
      if (typeof id === "string" && /^[0-9a-f]{32}$/.test(id)) runs.push({ runId: Buffer.from(id, "hex"), hasEnded });
    }
  }
  return runs;
}
