import { z } from "zod";
import type { Database } from "../model/database.ts";
import { readRun, type QueryContext } from "./read-runs.ts";
import { numberSteps, readSpans, type NumberedStep } from "./read-spans.ts";
import { isoFromNano } from "./time.ts";

/** A moment whose state can be read and replayed from. */
export interface Checkpoint {
  checkpointId: string;
  parentCheckpointId: string | null;
  spanId: string;
  /** The subgraph the state belongs to; empty for the whole agent. */
  namespace: string;
  label: string | null;
  framework: string | null;
  at: string;
  /** The newest step that had ended then; null before the first. */
  afterStep: number | null;
  /** Hash of the content tree of the state. */
  stateHash: string;
}

export const checkpointSchema: z.ZodType<Checkpoint> = z.object({
  checkpointId: z.string(),
  parentCheckpointId: z.string().nullable(),
  spanId: z.string(),
  namespace: z.string(),
  label: z.string().nullable(),
  framework: z.string().nullable(),
  at: z.string(),
  afterStep: z.number().nullable(),
  stateHash: z.string(),
});

export const checkpointsAnswerSchema: z.ZodType<{ checkpoints: Checkpoint[] }> = z.object({
  checkpoints: z.array(checkpointSchema),
});

/** A checkpoint with the exact time that it is compared by. */
export interface TimedCheckpoint extends Checkpoint {
  atNano: bigint;
}

const CHECKPOINTS = `
SELECT checkpoint_id AS checkpointId, parent_checkpoint_id AS parentCheckpointId, lower(hex(span_id)) AS spanId, namespace, label, framework,
  toString(toUnixTimestamp64Nano(at)) AS atNano, lower(hex(state)) AS stateHash
FROM checkpoints FINAL
WHERE project = {project:String} AND trace_id = toFixedString(unhex({runId:String}), 16)
ORDER BY at, checkpointId`;

interface CheckpointRow {
  checkpointId: string;
  parentCheckpointId: string;
  spanId: string;
  namespace: string;
  label: string;
  framework: string;
  atNano: string;
  stateHash: string;
}

/** The checkpoints of a run in order of time. */
export async function readCheckpoints(
  database: Database,
  project: string,
  runId: string,
  steps: readonly NumberedStep[],
): Promise<TimedCheckpoint[]> {
  const rows = await database.rows<CheckpointRow>(CHECKPOINTS, { project, runId });
  return rows.map((row) => {
    const atNano = BigInt(row.atNano);
    return {
      ...row,
      atNano,
      parentCheckpointId: row.parentCheckpointId || null,
      label: row.label || null,
      framework: row.framework || null,
      at: isoFromNano(atNano) ?? "",
      afterStep: steps.findLast((step) => (endNano(step) ?? atNano + 1n) <= atNano)?.index ?? null,
    };
  });
}

/** When a step ended, in nanoseconds; null while it is open. */
export function endNano(step: NumberedStep): bigint | null {
  return step.durationNano === null ? null : step.startNano + step.durationNano;
}

/** The checkpoints of a run, as the route answers. */
export async function listCheckpoints(
  context: QueryContext,
  project: string,
  runId: string,
): Promise<{ checkpoints: Checkpoint[] }> {
  await readRun(context, project, runId);
  const steps = numberSteps(await readSpans(context.database, project, runId));
  const checkpoints = await readCheckpoints(context.database, project, runId, steps);
  return { checkpoints: checkpoints.map(({ atNano: _exact, ...checkpoint }) => checkpoint) };
}
