import { InvalidContentError, MissingContentError, reviveContent, toPlain } from "@runreel/content";
import { z } from "zod";
import { CollectorError } from "../errors.ts";
import { createContentReader, type ContentReader } from "./read-content.ts";
import { readPayloads, type Payload } from "./read-payloads.ts";
import { readRun, type QueryContext } from "./read-runs.ts";
import { numberSteps, readSpans, type NumberedStep } from "./read-spans.ts";
import { runSchema, type Run } from "./run.ts";
import { spanError } from "./span-events.ts";
import { stepErrorSchema, type StepError } from "./step.ts";

/** A step as a replay serves it; the SDK's `ReplayPlan` holds these. */
export interface RecordedStep {
  index: number;
  spanId: string;
  kind: string;
  name: string;
  callId: string | null;
  /** Hash of the content tree of the arguments: what a live step is matched by. */
  argumentsHash: string | null;
  /** JSON for people. */
  arguments: unknown;
  /** JSON for people. */
  result: unknown;
  /** The result in the host's own form as a content tree (docs/wire.md), so that `$as` and its like survive; null where `result` says it all. */
  raw: unknown;
  error: StepError | null;
  effect: string;
  /** Something of it was not to be had; `missing` says what. */
  contentMissing: boolean;
}

/** What a replay needs of a run. */
export interface RecordingAnswer {
  run: Run;
  runId: string;
  rootSpanId: string | null;
  /** Steps that ended, in order. One that never ended has no outcome to serve. */
  steps: RecordedStep[];
  missing: { step: number; hash: string }[];
}

export const recordingAnswerSchema: z.ZodType<RecordingAnswer> = z.object({
  run: runSchema,
  runId: z.string(),
  rootSpanId: z.string().nullable(),
  steps: z.array(
    z.object({
      index: z.number(),
      spanId: z.string(),
      kind: z.string(),
      name: z.string(),
      callId: z.string().nullable(),
      argumentsHash: z.string().nullable(),
      arguments: z.unknown(),
      result: z.unknown(),
      raw: z.unknown(),
      error: stepErrorSchema.nullable(),
      effect: z.string(),
      contentMissing: z.boolean(),
    }),
  ),
  missing: z.array(z.object({ step: z.number(), hash: z.string() })),
});

const STEPS_AT_A_TIME = 32;
const RECORDING_MAX_BYTES = 128 * 1024 * 1024;

/**
 * Everything that a replay of the run serves, so that it needs no connection afterwards.
 *
 * @throws CollectorError RUNREEL_RUN_NOT_FOUND, RUNREEL_RUN_TOO_LARGE
 */
export async function showRecording(context: QueryContext, project: string, runId: string): Promise<RecordingAnswer> {
  const [run, spans] = await Promise.all([
    readRun(context, project, runId),
    readSpans(context.database, project, runId),
  ]);
  const ended = numberSteps(spans).filter((step) => !step.isOpen);
  const payloads = await readPayloads(context.database, project, runId, spans);
  const reader = createContentReader(context.database, project);
  const recorded = await recordAll(ended, (step) => record(step, reader, payloads.get(step.spanId)));
  return {
    run,
    runId,
    rootSpanId: spans.find((span) => span.parentId === null)?.spanId ?? null,
    steps: recorded.map(({ step }) => step),
    missing: recorded.flatMap(({ step, missing }) => missing.map((hash) => ({ step: step.index, hash }))),
  };
}

/** A step with the hashes of what is missing of it. */
interface Recorded {
  step: RecordedStep;
  missing: string[];
}

/** Some steps at a time: every inference repeats its conversation here, so that a long run would fill the memory before anyone could say so. */
async function recordAll(
  steps: NumberedStep[],
  record: (step: NumberedStep) => Promise<Recorded>,
): Promise<Recorded[]> {
  const all: Recorded[] = [];
  let bytes = 0;
  for (let from = 0; from < steps.length; from += STEPS_AT_A_TIME) {
    const some = await Promise.all(steps.slice(from, from + STEPS_AT_A_TIME).map(record));
    bytes += JSON.stringify(some).length;
    if (bytes > RECORDING_MAX_BYTES) {
      const message = `The first ${all.length} of ${steps.length} steps fill the ${RECORDING_MAX_BYTES} bytes of a recording.`;
      throw new CollectorError("RUNREEL_RUN_TOO_LARGE", message);
    }
    all.push(...some);
  }
  return all;
}

async function record(step: NumberedStep, reader: ContentReader, payload: Payload | undefined): Promise<Recorded> {
  const missing: string[] = [];
  const tree = async (hash: string | null): Promise<unknown> => {
    if (hash === null) return null;
    try {
      return await reader.tree(hash);
    } catch (error) {
      if (error instanceof MissingContentError) missing.push(...error.hashes);
      else if (error instanceof InvalidContentError) missing.push(hash);
      else throw error;
      return null;
    }
  };
  const { content } = step;
  const [input, output, raw] = await Promise.all([tree(content.input), tree(content.output), tree(content.raw)]);
  const result = content.output === null ? (payload?.output ?? null) : toPlain(reviveContent(output));
  return {
    step: {
      index: step.index,
      spanId: step.spanId,
      kind: step.stepKind,
      name: step.stepName || step.tool || step.name,
      callId: step.toolCallId || null,
      argumentsHash: content.input,
      arguments: content.input === null ? (payload?.input ?? null) : toPlain(reviveContent(input)),
      result,
      raw: raw ?? exactForm(output, result),
      error: spanError(step),
      effect: step.effect || "unknown",
      contentMissing: missing.length > 0,
    },
    missing,
  };
}

/** A result that JSON cannot hold (a date, bytes, an instance) is handed on in its exact form even where the host had no other. */
function exactForm(tree: unknown, plain: unknown): unknown {
  return JSON.stringify(tree) === JSON.stringify(plain) ? null : tree;
}
