import { type NormalizedSpan, UNREPORTED } from "../model/normalized-span.ts";
import type { UsageSums } from "../model/rollup-rows.ts";

/** What of a span goes into sums. */
export type Summed = Pick<
  NormalizedSpan,
  | "kind"
  | "stepKind"
  | "status"
  | "isSpent"
  | "served"
  | "inputTokens"
  | "cacheReadTokens"
  | "cacheWriteTokens"
  | "outputTokens"
  | "reasoningTokens"
  | "costPicodollars"
>;

export function emptySums(): UsageSums {
  return {
    spans: 0,
    inferences: 0,
    inferencesWithoutUsage: 0,
    inferencesUnpriced: 0,
    toolCalls: 0,
    errors: 0,
    inputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 0,
    reasoningTokens: 0,
    costPicodollars: 0n,
  };
}

/**
 * Adds a span, or `count` of them that are alike and spent no tokens that are known. A step of a replay that was served or blocked did not run, so it is no call; an inference that was answered from a cache spent
 * nothing, and so lacks nothing.
 */
export function addToSums(sums: UsageSums, span: Summed, count = 1): void {
  sums.spans += count;
  if (span.status === "error") sums.errors += count;
  if (span.served === "recorded" || span.served === "blocked") return;
  if (span.kind === "tool") sums.toolCalls += count;
  if (span.kind === "inference") sums.inferences += count;
  if (!span.isSpent) return;
  const hasUsage = span.inputTokens !== UNREPORTED || span.outputTokens !== UNREPORTED;
  if (span.kind === "inference") {
    if (!hasUsage) sums.inferencesWithoutUsage += count;
    else if (span.costPicodollars === null) sums.inferencesUnpriced++;
  }
  sums.inputTokens += Math.max(0, span.inputTokens);
  sums.cacheReadTokens += Math.max(0, span.cacheReadTokens);
  sums.cacheWriteTokens += Math.max(0, span.cacheWriteTokens);
  sums.outputTokens += Math.max(0, span.outputTokens);
  sums.reasoningTokens += Math.max(0, span.reasoningTokens);
  if (span.costPicodollars !== null) sums.costPicodollars += span.costPicodollars;
}
