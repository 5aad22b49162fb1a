import { InvalidContentError, MissingContentError, reviveContent, toPlain } from "@runreel/content";
import { z } from "zod";
import { CollectorError } from "../errors.ts";
import {
  checkpointSchema,
  endNano,
  readCheckpoints,
  type Checkpoint,
  type TimedCheckpoint,
} from "./list-checkpoints.ts";
import { createContentReader } from "./read-content.ts";
import { readRun, type QueryContext } from "./read-runs.ts";
import { numberSteps, readSpans, type NumberedStep } from "./read-spans.ts";

export interface StateQuery {
  at?: number | undefined;
  tree: boolean;
}

export interface StateAnswer {
  checkpoint: Checkpoint;
  /** JSON for people. */
  state: unknown;
  /** With `tree=true`: the state as a replay needs it, with the classes of its values (docs/wire.md). */
  tree?: unknown;
}

export const stateQuerySchema: z.ZodType<StateQuery> = z.strictObject({
  at: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe("The step after which; 0 is before the first. The last unless given."),
  tree: z.stringbool().default(false).describe("Whether to give the state in its exact form as well."),
});

export const stateAnswerSchema: z.ZodType<StateAnswer> = z.object({
  checkpoint: checkpointSchema,
  state: z.unknown(),
  tree: z.unknown().optional(),
});

/**
 * The state of the whole agent after a step: that of the first checkpoint at or after the end of the step, since hosts save what a step did when it is
 * over, else of the last one before it.
 *
 * @throws CollectorError RUNREEL_RUN_NOT_FOUND, RUNREEL_CHECKPOINT_NOT_FOUND, RUNREEL_CONTENT_MISSING
 */
export async function showState(
  context: QueryContext,
  project: string,
  runId: string,
  query: StateQuery,
): Promise<StateAnswer> {
  await readRun(context, project, runId);
  const steps = numberSteps(await readSpans(context.database, project, runId));
  const at = query.at ?? steps.length;
  if (at > steps.length) {
    throw new CollectorError(
      "RUNREEL_REQUEST_INVALID",
      `at: the run has ${steps.length} steps, and ${at} was asked for.`,
    );
  }
  const checkpoints = await readCheckpoints(context.database, project, runId, steps);
  const chosen = chooseCheckpoint(checkpoints, steps, at);
  if (!chosen)
    throw new CollectorError("RUNREEL_CHECKPOINT_NOT_FOUND", `Run ${runId} has no checkpoint of the whole agent.`);
  const { atNano: _exact, ...checkpoint } = chosen;
  const tree = await readTree(context, project, checkpoint);
  return { checkpoint, state: toPlain(reviveContent(tree)), ...(query.tree ? { tree } : {}) };
}

/** The checkpoint that says what the state was after step `at`. */
export function chooseCheckpoint(
  checkpoints: readonly TimedCheckpoint[],
  steps: readonly NumberedStep[],
  at: number,
): TimedCheckpoint | undefined {
  const ofAgent = checkpoints.filter((checkpoint) => checkpoint.namespace === "");
  const step = steps[at - 1];
  if (!step) return ofAgent[0];
  const end = endNano(step);
  const after = end === null ? undefined : ofAgent.find((checkpoint) => checkpoint.atNano >= end);
  return after ?? ofAgent.at(-1);
}

async function readTree(context: QueryContext, project: string, checkpoint: Checkpoint): Promise<unknown> {
  try {
    return await createContentReader(context.database, project).tree(checkpoint.stateHash);
  } catch (cause) {
    if (!(cause instanceof MissingContentError || cause instanceof InvalidContentError)) throw cause;
    const message = `The state of checkpoint ${checkpoint.checkpointId} is not here: ${cause.message}.`;
    throw new CollectorError("RUNREEL_CONTENT_MISSING", message, { cause });
  }
}
