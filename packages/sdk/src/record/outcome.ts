/** What running a step does to the world. `unknown` is treated like `non_idempotent`: a replay asks before it runs. */
export type Effect = "none" | "read" | "idempotent" | "non_idempotent" | "unknown";

/** The kinds of step: the units that are numbered and replayed. */
export type StepKind = "inference" | "tool" | "code";

/** Token counts as the GenAI conventions have them: totals that include their parts. Leave out what nobody reported. */
export interface Usage {
  /** Includes what was read from and written to a cache. */
  inputTokens?: number;
  cacheReadTokens?: number;
  cacheWriteTokens?: number;
  /** Includes reasoning. */
  outputTokens?: number;
  reasoningTokens?: number;
}

/** How a span ended. */
export interface Outcome {
  output?: unknown;
  /** The result in the host's own form, for a replay to hand back. Class instances need a codec (`registerCodec`). */
  raw?: unknown;
  /** What was thrown. Where it is named the span has failed, also by `throw undefined`. */
  error?: unknown;
  /** The run waits for a person. Not an error. */
  interrupted?: boolean;
  usage?: Usage;
  /** The host answered from a cache: nothing was spent. */
  cached?: boolean;
  responseModel?: string;
  responseId?: string;
  finishReasons?: string[];
  timeToFirstChunkMs?: number;
  endTimeMs?: number;
}
