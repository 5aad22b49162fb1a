import { canonicalJson } from "@runreel/content";
import { z } from "zod";
import { CollectorError } from "../errors.ts";
import { alignSteps, type AlignableStep, type AlignedPair } from "./align-steps.ts";
import type { QueryContext } from "./read-runs.ts";
import { runSchema, type Run } from "./run.ts";
import { readRunSteps, type RunSteps } from "./show-run.ts";
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
  const [a, b] = await Promise.all([readRunSteps(context, project, runId), readRunSteps(context, project, otherRunId)]);
  const most = Math.max(a.steps.length, b.steps.length);
  if (most > STEPS_MAX) {
    const message = `A run of ${most} steps cannot be compared, ${STEPS_MAX} is the most.`;
    throw new CollectorError("RUNREEL_RUN_TOO_LARGE", message);
  }
  const ofA = a.steps.map(comparable);
  const ofB = b.steps.map(comparable);
  const steps = alignSteps(ofA, ofB).map((pair) => compare(pair, ofA, ofB));
  const first = steps.find((step) => !step.equal);
  return { firstDivergence: first ? (first.index ?? first.otherIndex) : null, steps, a: a.run, b: b.run };
}

/** A step with what its content is compared by: hashes where there are any, since what is shown may be cut. */
interface ComparableStep extends AlignableStep {
  step: Step;
  resultKey: string;
}

function comparable({ stored, step }: RunSteps["steps"][number]): ComparableStep {
  const { input, output, system, tools } = stored.content;
  return {
    kind: step.kind,
    name: step.name,
    step,
    argumentsKey: input === null ? canonicalJson(step.arguments) : [input, system, tools].join(),
    resultKey: output ?? canonicalJson(step.result),
  };
}

function compare(pair: AlignedPair, ofA: ComparableStep[], ofB: ComparableStep[]): DiffStep {
  const a = pair.a === null ? null : ofA[pair.a]!;
  const b = pair.b === null ? null : ofB[pair.b]!;
  const { kind, name } = (a ?? b)!;
  const known = { index: a?.step.index ?? null, otherIndex: b?.step.index ?? null, kind, name };
  if (!a || !b) return { ...known, equal: false, changes: [] };
  const changed = [...DEFINING, ...INCIDENTAL].filter((field) => essence(a, field) !== essence(b, field));
  return {
    ...known,
    equal: DEFINING.every((field) => !changed.includes(field)),
    changes: changed.map((field) => ({ field, a: a.step[field], b: b.step[field] })),
  };
}

/** What has to be equal for a field to be. Stacks are left out: they name lines of a program that may well have been corrected between the runs. */
function essence({ step, argumentsKey, resultKey }: ComparableStep, field: StepChange["field"]): string {
  if (field === "arguments") return argumentsKey;
  if (field === "result") return resultKey;
  return canonicalJson(field === "error" && step.error ? [step.error.name, step.error.message] : step[field]);
}
