import { z } from "zod";

/**
 * How a run stands: `interrupted` waits for a person, `silent` is open, has not been heard of for a while, and nothing is known of its
 * process, `lost` is open and its process is known to be gone.
 */
export type RunStatus = "running" | "ok" | "error" | "interrupted" | "silent" | "lost";

/** Four disjoint numbers, which add up to all tokens, and the part of `output` that was reasoning. Null where nobody reported. */
export interface Tokens {
  input: number | null;
  cacheRead: number | null;
  cacheWrite: number | null;
  output: number | null;
  reasoning: number | null;
}

/** One top-level execution of an agent. */
export interface Run {
  runId: string;
  name: string;
  agent: { name: string; version: string | null } | null;
  framework: string | null;
  service: string | null;
  /** The process that it runs in, as `GET /api/processes` names it. */
  processId: string | null;
  status: RunStatus;
  startTime: string;
  endTime: string | null;
  /** Null while it is open. */
  durationMs: number | null;
  /** When anything was last heard of it. */
  heardAt: string | null;
  spans: number;
  steps: number;
  inferences: number;
  toolCalls: number;
  errors: number;
  models: string[];
  tokens: Tokens;
  /** Decimal USD. Null when no inference could be priced. */
  costUsd: string | null;
  error: { name: string; message: string } | null;
  conversationId: string | null;
  replayId: string | null;
  replayOf: { runId: string; from: number; mode: string } | null;
  /** On a replay: where what the program asked for first differed from the recording. */
  divergence: unknown;
  /** How many findings there are. */
  findings: number;
  content: "kept" | "dropped";
  /** Content that the program could not keep: how many of its spans named some when it was given up, and why. It may have come again since. */
  lostContent: { spans: number; reason: string } | null;
  /** `everything` where runs are not sampled, else `sampled`, `error`, `unfinished` or `asked`. */
  keptBecause: string;
}

export const statusSchema: z.ZodType<RunStatus> = z.enum(["running", "ok", "error", "interrupted", "silent", "lost"]);

export const tokensSchema: z.ZodType<Tokens> = z.object({
  input: z.number().nullable(),
  cacheRead: z.number().nullable(),
  cacheWrite: z.number().nullable(),
  output: z.number().nullable(),
  reasoning: z.number().nullable(),
});

export const runSchema: z.ZodType<Run> = z.object({
  runId: z.string(),
  name: z.string(),
  agent: z.object({ name: z.string(), version: z.string().nullable() }).nullable(),
  framework: z.string().nullable(),
  service: z.string().nullable(),
  processId: z.string().nullable(),
  status: statusSchema,
  startTime: z.string(),
  endTime: z.string().nullable(),
  durationMs: z.number().nullable(),
  heardAt: z.string().nullable(),
  spans: z.number(),
  steps: z.number(),
  inferences: z.number(),
  toolCalls: z.number(),
  errors: z.number(),
  models: z.array(z.string()),
  tokens: tokensSchema,
  costUsd: z.string().nullable(),
  error: z.object({ name: z.string(), message: z.string() }).nullable(),
  conversationId: z.string().nullable(),
  replayId: z.string().nullable(),
  replayOf: z.object({ runId: z.string(), from: z.number(), mode: z.string() }).nullable(),
  divergence: z.unknown(),
  findings: z.number(),
  content: z.enum(["kept", "dropped"]),
  lostContent: z.object({ spans: z.number(), reason: z.string() }).nullable(),
  keptBecause: z.string(),
});

/** A run id: the trace id, 32 hex digits. */
export const runIdSchema: z.ZodType<string> = z.string().regex(/^[0-9a-f]{32}$/, "a run id of 32 hex digits");
