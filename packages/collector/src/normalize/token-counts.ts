import { UNREPORTED } from "../model/normalized-span.ts";
import type { Reading } from "./reading.ts";

/**
 * Makes the counts disjoint. The conventions report totals that include their parts; where the parts are more than the total, or the sum of
 * input and output has them on top, the source meant it without them.
 */
export function separateTokens(reading: Reading): void {
  const { span, inputTotal, outputTotal } = reading;
  const cached = Math.max(0, span.cacheReadTokens) + Math.max(0, span.cacheWriteTokens);
  const isApart = cached > inputTotal || (cached > 0 && reading.sumOfTokens === inputTotal + cached + outputTotal);
  if (inputTotal !== UNREPORTED) span.inputTokens = isApart ? inputTotal : inputTotal - cached;
  const reasoning = Math.max(0, span.reasoningTokens);
  if (outputTotal !== UNREPORTED) span.outputTokens = reasoning > outputTotal ? outputTotal + reasoning : outputTotal;
}

/** Takes the counts back: what they say was not spent here, or is the sum of other spans. They stay as attributes. */
export function uncountTokens(reading: Reading): void {
  const { span } = reading;
  span.cacheReadTokens = UNREPORTED;
  span.cacheWriteTokens = UNREPORTED;
  span.reasoningTokens = UNREPORTED;
  for (const attribute of reading.usageAttributes) span.attributes.push(attribute);
}
