import type { UsageSums } from "../../model/rollup-rows.ts";
import { Decimal128Column, Int64Column } from "./fixed-columns.ts";

/** The columns that `runs` and `usage_1m` have in common. */
export interface SumsColumns {
  spans: Int64Column;
  inferences: Int64Column;
  inferences_without_usage: Int64Column;
  inferences_unpriced: Int64Column;
  tool_calls: Int64Column;
  errors: Int64Column;
  input_tokens: Int64Column;
  cache_read_tokens: Int64Column;
  cache_write_tokens: Int64Column;
  output_tokens: Int64Column;
  reasoning_tokens: Int64Column;
  cost_usd: Decimal128Column;
}

export function createSumsColumns(): SumsColumns {
  return {
    spans: new Int64Column(),
    inferences: new Int64Column(),
    inferences_without_usage: new Int64Column(),
    inferences_unpriced: new Int64Column(),
    tool_calls: new Int64Column(),
    errors: new Int64Column(),
    input_tokens: new Int64Column(),
    cache_read_tokens: new Int64Column(),
    cache_write_tokens: new Int64Column(),
    output_tokens: new Int64Column(),
    reasoning_tokens: new Int64Column(),
    cost_usd: new Decimal128Column(),
  };
}

export function appendSums(columns: SumsColumns, sums: UsageSums): void {
  columns.spans.appendNumber(sums.spans);
  columns.inferences.appendNumber(sums.inferences);
  columns.inferences_without_usage.appendNumber(sums.inferencesWithoutUsage);
  columns.inferences_unpriced.appendNumber(sums.inferencesUnpriced);
  columns.tool_calls.appendNumber(sums.toolCalls);
  columns.errors.appendNumber(sums.errors);
  columns.input_tokens.appendNumber(sums.inputTokens);
  columns.cache_read_tokens.appendNumber(sums.cacheReadTokens);
  columns.cache_write_tokens.appendNumber(sums.cacheWriteTokens);
  columns.output_tokens.appendNumber(sums.outputTokens);
  columns.reasoning_tokens.appendNumber(sums.reasoningTokens);
  columns.cost_usd.append(sums.costPicodollars);
}
