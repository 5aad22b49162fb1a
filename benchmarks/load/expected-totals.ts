import { noTokens } from "./agent-runs.ts";
import type { LoadSpan, Tokens } from "./agent-runs.ts";

/** What the store has to say about spans that were sent, added up by the sender. */
export interface Totals {
  spans: number;
  runs: number;
  inferences: number;
  toolCalls: number;
  errors: number;
  tokens: Tokens;
}

export const noTotals: Totals = { spans: 0, runs: 0, inferences: 0, toolCalls: 0, errors: 0, tokens: noTokens };

/** Adds up spans. A run counts where its root is. */
export function totalsOf(spans: readonly LoadSpan[]): Totals {
  const count = (is: (span: LoadSpan) => boolean): number => spans.filter(is).length;
  return {
    spans: spans.length,
    runs: count(({ kind }) => kind === "run"),
    inferences: count(({ kind }) => kind === "inference"),
    toolCalls: count(({ kind }) => kind === "tool"),
    errors: count(({ failed }) => failed),
    tokens: spans.reduce((sum, { tokens }) => addTokens(sum, tokens), noTokens),
  };
}

export function addTotals(a: Totals, b: Totals): Totals {
  return {
    spans: a.spans + b.spans,
    runs: a.runs + b.runs,
    inferences: a.inferences + b.inferences,
    toolCalls: a.toolCalls + b.toolCalls,
    errors: a.errors + b.errors,
    tokens: addTokens(a.tokens, b.tokens),
  };
}

const addTokens = (a: Tokens, b: Tokens): Tokens => ({
  input: a.input + b.input,
  cacheRead: a.cacheRead + b.cacheRead,
  cacheWrite: a.cacheWrite + b.cacheWrite,
  output: a.output + b.output,
  reasoning: a.reasoning + b.reasoning,
});
