import { z } from "zod";
import { CollectorError } from "../errors.ts";
import { createContentReader } from "./read-content.ts";
import { readPayloads } from "./read-payloads.ts";
import type { QueryContext } from "./read-runs.ts";
import { numberSteps, readSpans } from "./read-spans.ts";
import { toSpan, toStep } from "./show-run.ts";
import { parseEvents, spanError } from "./span-events.ts";
import { readStepContent } from "./step-content.ts";
import { spanSchema, stepErrorSchema, stepSchema, type Span, type Step, type StepError } from "./step.ts";

/** One span with everything that is stored of it. */
export interface SpanAnswer extends Span {
  error: StepError | null;
  /** The step that it is; null for other spans. */
  step: Step | null;
  /** Whole, up to a bound that protects the collector; of an inference `{messages, system, tools}`. */
  arguments: unknown;
  result: unknown;
  reasoning: string | null;
  truncated: boolean;
  contentMissing: boolean;
  attributes: Record<string, string>;
  resource: Record<string, string>;
  events: unknown[];
  links: unknown[];
}

const spanParts = {
  error: stepErrorSchema.nullable(),
  step: stepSchema.nullable(),
  arguments: z.unknown(),
  result: z.unknown(),
  reasoning: z.string().nullable(),
  truncated: z.boolean(),
  contentMissing: z.boolean(),
  attributes: z.record(z.string(), z.string()),
  resource: z.record(z.string(), z.string()),
  events: z.array(z.unknown()),
  links: z.array(z.unknown()),
};

export const spanAnswerSchema: z.ZodType<SpanAnswer> = z.intersection(spanSchema, z.object(spanParts));

/** The most bytes of JSON of one value in this answer. */
const VALUE_MAX_BYTES = 32 * 1024 * 1024;

const DETAILS = `
SELECT attributes, resource, events, links FROM spans
WHERE project = {project:String} AND trace_id = toFixedString(unhex({runId:String}), 16) AND span_id = toFixedString(unhex({spanId:String}), 8)
LIMIT 1`;

interface DetailsRow {
  attributes: Record<string, string>;
  resource: Record<string, string>;
  events: string;
  links: string;
}

/**
 * One span with its whole content.
 *
 * @throws CollectorError RUNREEL_SPAN_NOT_FOUND
 */
export async function showSpan(
  context: QueryContext,
  project: string,
  runId: string,
  spanId: string,
): Promise<SpanAnswer> {
  const [spans, details] = await Promise.all([
    readSpans(context.database, project, runId),
    context.database.rows<DetailsRow>(DETAILS, { project, runId, spanId }),
  ]);
  const span = spans.find((candidate) => candidate.spanId === spanId);
  if (!span) throw new CollectorError("RUNREEL_SPAN_NOT_FOUND", `Run ${runId} has no span ${spanId}.`);
  const step = numberSteps(spans).find((candidate) => candidate.spanId === spanId) ?? null;
  const payloads = await readPayloads(context.database, project, runId, [span]);
  const reader = createContentReader(context.database, project);
  const content = await readStepContent(step ?? span, { reader, payloads, valueMaxBytes: VALUE_MAX_BYTES });
  const [detail] = details;
  return {
    ...toSpan(span, step?.index ?? null),
    error: spanError(span),
    step: step && toStep(step, content),
    ...content,
    attributes: detail?.attributes ?? {},
    resource: detail?.resource ?? {},
    events: parseEvents(detail?.events ?? ""),
    links: parseEvents(detail?.links ?? ""),
  };
}
