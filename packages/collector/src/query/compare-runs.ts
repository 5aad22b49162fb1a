import { canonicalJson } from "@runreel/content";
import { z } from "zod";
import { CollectorError } from "../errors.ts";
import { alignSteps, type AlignedPair } from "./align-steps.ts";
import type { QueryContext } from "./read-runs.ts";
import { runSchema, type Run } from "./run.ts";
import { showRun } from "./show-run.ts";
import type { Step } from "./step.ts";

/** Something of a step that is not the same in both runs. */
export interface StepChange {
  field: "arguments" | "result" | "error" | "effect" | "model" | "tokens" | "costUsd" | "durationMs";
  a: unknown;
  b: unknown;
}

export interface DiffStep {
  /** Number of the step in the first run; null where only the other has it. */
  index: number | null;
  otherIndex: number | null;
  kind: string;
  name: string;
  /** The step was asked the same and answered the same; tokens, cost and time may differ. */
  equal: boolean;
  changes: StepChange[];
}

export interface DiffAnswer {
  /** The first step that is not equal, by its number in the first run, or in the other where the first has none. */
  firstDivergence: number | null;
  steps: DiffStep[];
  a: Run;
  b: Run;
}

export const diffAnswerSchema: z.ZodType<DiffAnswer> = z.object({
  firstDivergence: z.number().nullable(),
  steps: z.array(
    z.object({
      index: z.number().nullable(),
      otherIndex: z.number().nullable(),
      kind: z.string(),
      name: z.string(),
      equal: z.boolean(),
      changes: z.array(
        z.object({
          field: z.enum(["arguments", "result", "error", "effect", "model", "tokens", "costUsd", "durationMs"]),
          a: z.unknown(),
          b: z.unknown(),
        }),
      ),
    }),
  ),
  a: runSchema,
  b: runSchema,
});

const STEPS_MAX = 2000;

/** Fields that make a step another one, and fields that merely turned out otherwise. */
const DEFINING = ["arguments", "result", "error"] as const;
const INCIDENTAL = ["effect", "model", "tokens", "costUsd", "durationMs"] as const;

/**
 * Aligns two runs step by step.
 *
 * @throws CollectorError RUNREEL_RUN_NOT_FOUND, RUNREEL_RUN_TOO_LARGE
 */
export async function compareRuns(
  context: QueryContext,
  project: string,
  runId: string,
  otherRunId: string,
): Promise<DiffAnswer> {
  const [a, b] = await Promise.all([showRun(context, project, runId), showRun(context, project, otherRunId)]);
  const most = Math.max(a.steps.length, b.steps.length);
  if (most > STEPS_MAX) {
    throw new CollectorError(
      "RUNREEL_RUN_TOO_LARGE",
      `A run of ${most} steps cannot be compared, ${STEPS_MAX} is the most.`,
    );
  }
  const pairs = alignSteps(a.steps.map(alignable), b.steps.map(alignable));
  const steps = pairs.map((pair) => compare(pair, a.steps, b.steps));
  const first = steps.find((step) => !step.equal);
  return { firstDivergence: first ? (first.index ?? first.otherIndex) : null, steps, a: a.run, b: b.run };
}

function alignable(step: Step): { kind: string; name: string; argumentsKey: string } {
  return { kind: step.kind, name: step.name, argumentsKey: canonicalJson(step.arguments) };
}

function compare(pair: AlignedPair, ofA: Step[], ofB: Step[]): DiffStep {
  const a = pair.a === null ? null : ofA[pair.a]!;
  const b = pair.b === null ? null : ofB[pair.b]!;
  const { kind, name } = (a ?? b)!;
  const known = { index: a?.index ?? null, otherIndex: b?.index ?? null, kind, name };
  if (!a || !b) return { ...known, equal: false, changes: [] };
  const isSame = (field: StepChange["field"]): boolean =>
    canonicalJson(essence(a, field)) === canonicalJson(essence(b, field));
  const changed = [...DEFINING, ...INCIDENTAL].filter((field) => !isSame(field));
  return {
    ...known,
    equal: DEFINING.every((field) => !changed.includes(field)),
    changes: changed.map((field) => ({ field, a: a[field], b: b[field] })),
  };
}

/** Stacks name files and lines of the program, which may well have been corrected between the runs. */
function essence(step: Step, field: StepChange["field"]): unknown {
  return field === "error" && step.error ? [step.error.name, step.error.message] : step[field];
}
