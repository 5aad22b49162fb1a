import { z } from "zod";
import { createContentReader } from "./read-content.ts";
import { readPayloads } from "./read-payloads.ts";
import { readRun, type QueryContext } from "./read-runs.ts";
import { numberSteps, readSpans, type NumberedStep, type SpanRow } from "./read-spans.ts";
import { runSchema, type Run } from "./run.ts";
import { spanError } from "./span-events.ts";
import { readStepContent, type StepContent } from "./step-content.ts";
import { spanSchema, stepSchema, type Span, type Step } from "./step.ts";
import { isoFromNano, millisecondsFromNano } from "./time.ts";

/** A run with everything that happened in it. */
export interface RunAnswer {
  run: Run;
  steps: Step[];
  spans: Span[];
  findings: unknown[];
}

export const runAnswerSchema: z.ZodType<RunAnswer> = z.object({
  run: runSchema,
  steps: z.array(stepSchema),
  spans: z.array(spanSchema),
  findings: z.array(z.unknown()),
});

/** What happened in a run, step by step, with arguments and results cut to a size for reading. Open steps are there too. */
export async function showRun(context: QueryContext, project: string, runId: string): Promise<RunAnswer> {
  const { run, spans, steps } = await readRunSteps(context, project, runId);
  const indexes = new Map(steps.map(({ step }) => [step.spanId, step.index]));
  return {
    run: { ...run, lostContent: run.lostContent ?? notInStore(steps.map(({ step }) => step)) },
    steps: steps.map(({ step }) => step),
    spans: spans.map((span) => toSpan(span, indexes.get(span.spanId) ?? null)),
    findings: [],
  };
}

/** Content that was there once, or never came, and of which nobody has told that it was lost. */
function notInStore(steps: Step[]): Run["lostContent"] {
  const spans = steps.filter(({ contentMissing, status }) => contentMissing && status !== "running").length;
  return spans === 0 ? null : { spans, reason: "not_in_store" };
}

/** A run with its spans, and its steps as they are stored and as they are answered. */
export interface RunSteps {
  run: Run;
  spans: SpanRow[];
  steps: { stored: NumberedStep; step: Step }[];
}

export async function readRunSteps(context: QueryContext, project: string, runId: string): Promise<RunSteps> {
  const [run, spans] = await Promise.all([
    readRun(context, project, runId),
    readSpans(context.database, project, runId),
  ]);
  const payloads = await readPayloads(context.database, project, runId, spans);
  const reader = createContentReader(context.database, project);
  const sources = { reader, payloads, valueMaxBytes: context.valueMaxBytes };
  const steps = await Promise.all(
    numberSteps(spans).map(async (stored) => ({
      stored,
      step: toStep(stored, await readStepContent(stored, sources)),
    })),
  );
  return { run, spans, steps };
}

/** A step as it is answered. */
export function toStep(step: NumberedStep, content: StepContent): Step {
  return {
    index: step.index,
    spanId: step.spanId,
    parentIndex: step.parentIndex,
    kind: step.stepKind,
    name: step.stepName || step.tool || step.name,
    ...content,
    error: spanError(step),
    effect: step.effect || "unknown",
    status: step.status,
    startTime: isoFromNano(step.startNano) ?? "",
    durationMs: durationMs(step),
    tokens: step.stepKind === "inference" ? step.tokens : null,
    costUsd: step.costUsd,
    model: step.model || null,
    callId: step.toolCallId || null,
    finishReason: step.finishReason || null,
    served: step.served || "live",
  };
}

/** A span as it is answered. */
export function toSpan(span: SpanRow, stepIndex: number | null): Span {
  return {
    spanId: span.spanId,
    parentSpanId: span.parentId,
    name: span.name,
    kind: span.kind,
    stepIndex,
    status: span.status,
    startTime: isoFromNano(span.startNano) ?? "",
    durationMs: durationMs(span),
  };
}

function durationMs(span: SpanRow): number | null {
  return span.durationNano === null ? null : millisecondsFromNano(span.durationNano);
}
