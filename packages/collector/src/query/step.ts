import { z } from "zod";
import { tokensSchema, type Tokens } from "./run.ts";

export interface StepError {
  name: string;
  message: string;
  stack: string | null;
}

export type SpanStatus = "running" | "ok" | "error";

/** One recorded operation whose result came from outside the program. */
export interface Step {
  /** From 1, in order of start, ties by span id. */
  index: number;
  spanId: string;
  /** The step around this one, a tool that calls a model for one. */
  parentIndex: number | null;
  kind: string;
  name: string;
  /** Of an inference `{messages, system, tools}`. */
  arguments: unknown;
  /** Of an inference the message that came back. */
  result: unknown;
  reasoning: string | null;
  error: StepError | null;
  effect: string;
  status: SpanStatus;
  startTime: string;
  /** Null while it is open. */
  durationMs: number | null;
  tokens: Tokens | null;
  costUsd: string | null;
  model: string | null;
  callId: string | null;
  finishReason: string | null;
  served: string;
  /** Arguments or result were cut to a size for reading; the span's answer has them whole. */
  truncated: boolean;
  /** Content that should be there is not: not sent yet, dropped, or past its retention. */
  contentMissing: boolean;
}

/** A span of a run, slim. */
export interface Span {
  spanId: string;
  parentSpanId: string | null;
  name: string;
  kind: string;
  stepIndex: number | null;
  status: SpanStatus;
  startTime: string;
  durationMs: number | null;
}

const errorSchema = z.object({ name: z.string(), message: z.string(), stack: z.string().nullable() });
const spanStatusSchema = z.enum(["running", "ok", "error"]);

export const stepErrorSchema: z.ZodType<StepError> = errorSchema;

export const stepSchema: z.ZodType<Step> = z.object({
  index: z.number(),
  spanId: z.string(),
  parentIndex: z.number().nullable(),
  kind: z.string(),
  name: z.string(),
  arguments: z.unknown(),
  result: z.unknown(),
  reasoning: z.string().nullable(),
  error: errorSchema.nullable(),
  effect: z.string(),
  status: spanStatusSchema,
  startTime: z.string(),
  durationMs: z.number().nullable(),
  tokens: tokensSchema.nullable(),
  costUsd: z.string().nullable(),
  model: z.string().nullable(),
  callId: z.string().nullable(),
  finishReason: z.string().nullable(),
  served: z.string(),
  truncated: z.boolean(),
  contentMissing: z.boolean(),
});

export const spanSchema: z.ZodType<Span> = z.object({
  spanId: z.string(),
  parentSpanId: z.string().nullable(),
  name: z.string(),
  kind: z.string(),
  stepIndex: z.number().nullable(),
  status: spanStatusSchema,
  startTime: z.string(),
  durationMs: z.number().nullable(),
});
