import { secondsOf } from "../model/nanoseconds.ts";
import { type NormalizedSpan, UNREPORTED } from "../model/normalized-span.ts";
import type { PriceList } from "./price.ts";

/** Says on a span what it cost, by the model that answered, else by the one that was asked for. Leaves alone what spent no tokens here. */
export function priceSpan(span: NormalizedSpan, prices: PriceList): void {
  if (!span.isSpent || span.model === "") return;
  if (span.inputTokens === UNREPORTED && span.outputTokens === UNREPORTED) return;
  const tokens = {
    input: Math.max(0, span.inputTokens),
    cacheRead: Math.max(0, span.cacheReadTokens),
    cacheWrite: Math.max(0, span.cacheWriteTokens),
    output: Math.max(0, span.outputTokens),
    reasoning: Math.max(0, span.reasoningTokens),
  };
  const at = secondsOf(span.startLow, span.startHigh) * 1000;
  span.costPicodollars =
    prices.price(span.provider, span.model, tokens, at) ?? prices.price(span.provider, span.requestModel, tokens, at);
}
