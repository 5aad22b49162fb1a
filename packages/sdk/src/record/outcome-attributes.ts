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

/** What an outcome says besides content and error. What it does not say is absent. */
export function outcomeAttributes(outcome: Outcome): Attributes {
  const { usage = {} } = outcome;
  return present({
    [GEN_AI_USAGE_INPUT_TOKENS]: usage.inputTokens,
    [GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS]: usage.cacheReadTokens,
    [GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS]: usage.cacheWriteTokens,
    [GEN_AI_USAGE_OUTPUT_TOKENS]: usage.outputTokens,
    [GEN_AI_USAGE_REASONING_OUTPUT_TOKENS]: usage.reasoningTokens,
    [GEN_AI_RESPONSE_MODEL]: outcome.responseModel,
    [GEN_AI_RESPONSE_ID]: outcome.responseId,
    [GEN_AI_RESPONSE_FINISH_REASONS]: outcome.finishReasons,
    [GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK]:
      outcome.timeToFirstChunkMs === undefined ? undefined : outcome.timeToFirstChunkMs / 1_000,
    [RUNREEL_USAGE_CACHED]: outcome.cached === true ? true : undefined,
    [RUNREEL_RUN_INTERRUPTED]: outcome.interrupted === true ? true : undefined,
  });
}

/** Leaves out what is undefined, null, which hosts like to report, and what no attribute can hold. */
export function present(attributes: Record<string, unknown>): Attributes {
  const kept: Attributes = {};
  for (const key in attributes) {
    const value = attributeValue(attributes[key]);
    if (value !== undefined) kept[key] = value;
  }
  return kept;
}

/** Characters after which a text is cut. Content goes another way; what is longer than this was never meant as an attribute. */
const VALUE_MAX_LENGTH = 512 * 1024;

function attributeValue(value: unknown): Attributes[string] {
  switch (typeof value) {
    case "string":
      return value.length > VALUE_MAX_LENGTH ? value.slice(0, VALUE_MAX_LENGTH) : value;
    case "number":
    case "boolean":
      return value;
    default:
      return Array.isArray(value) ? value.filter((one) => typeof one === "string") : undefined;
  }
}
