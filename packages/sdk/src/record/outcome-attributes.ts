import type { Attributes } from "@opentelemetry/api";
import {
  GEN_AI_RESPONSE_FINISH_REASONS,
  GEN_AI_RESPONSE_ID,
  GEN_AI_RESPONSE_MODEL,
  GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
  GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS,
  GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  GEN_AI_USAGE_INPUT_TOKENS,
  GEN_AI_USAGE_OUTPUT_TOKENS,
  GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  RUNREEL_RUN_INTERRUPTED,
  RUNREEL_USAGE_CACHED,
} from "@runreel/semconv";

import type { Outcome } from "./outcome.ts";
import { put } from "./put.ts";

/** What an outcome says besides content and error. What it does not say is absent. */
export function putOutcome(into: Attributes, outcome: Outcome): void {
  const { usage, timeToFirstChunkMs } = outcome;
  if (usage !== undefined) {
    put(into, GEN_AI_USAGE_INPUT_TOKENS, usage.inputTokens);
    put(into, GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, usage.cacheReadTokens);
    put(into, GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS, usage.cacheWriteTokens);
    put(into, GEN_AI_USAGE_OUTPUT_TOKENS, usage.outputTokens);
    put(into, GEN_AI_USAGE_REASONING_OUTPUT_TOKENS, usage.reasoningTokens);
  }
  put(into, GEN_AI_RESPONSE_MODEL, outcome.responseModel);
  put(into, GEN_AI_RESPONSE_ID, outcome.responseId);
  put(into, GEN_AI_RESPONSE_FINISH_REASONS, outcome.finishReasons);
  if (timeToFirstChunkMs !== undefined) put(into, GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK, timeToFirstChunkMs / 1_000);
  if (outcome.cached === true) put(into, RUNREEL_USAGE_CACHED, true);
  if (outcome.interrupted === true) put(into, RUNREEL_RUN_INTERRUPTED, true);
}
