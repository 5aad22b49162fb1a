import type { CollectorProcess } from "./start-collector.ts";
import type { Totals } from "./expected-totals.ts";

/** What ClickHouse says, from three places that have to agree with one another and with what was sent. */
export interface StoredTotals {
  /** Added up over the spans themselves. */
  spans: Totals;
  /** The same sums over the rollup by minute. */
  usage: Totals;
  /** The same sums over the rows of the runs. */
  runs: Totals;
  /** Spans with different ids: equal to `spans.spans` when none is there twice. */
  distinctSpans: number;
  /** Spans with content of their own. */
  payloads: number;
  /** Runs whose own row does not say the same as their spans. */
  differingRuns: number;
  /** Sums of money as text, from the spans and from the rollup. */
  costUsd: { spans: string; usage: string; runs: string };
}

const tokenSums = `sum(input_tokens) AS input, sum(cache_read_tokens) AS cacheRead, sum(cache_write_tokens) AS cacheWrite,
  sum(output_tokens) AS output, sum(reasoning_tokens) AS reasoning, toString(sum(cost_usd)) AS cost`;

export async function readStoredTotals({ sql }: Pick<CollectorProcess, "sql">): Promise<StoredTotals> {
  const one = async (query: string): Promise<Record<string, string | number>> => (await sql(query))[0] ?? {};
  const spans =
    await one(`SELECT count() AS spans, uniqExact(trace_id, span_id) AS distinct, countIf(parent_id = toFixedString('', 8)) AS runs,
    countIf(step_kind = 'inference') AS inferences, countIf(step_kind = 'tool') AS toolCalls, countIf(status = 'error') AS errors, ${tokenSums} FROM spans`);
  const usage =
    await one(`SELECT sum(spans) AS spans, sum(runs) AS runs, sum(inferences) AS inferences, sum(tool_calls) AS toolCalls,
    sum(errors) AS errors, ${tokenSums} FROM usage_1m FINAL`);
  const runs =
    await one(`SELECT sum(spans) AS spans, uniqExact(run_id) AS runs, sum(inferences) AS inferences, sum(tool_calls) AS toolCalls,
    sum(errors) AS errors, ${tokenSums} FROM runs FINAL`);
  const differing =
    await one(`SELECT count() AS runs FROM (SELECT run_id, sum(spans) AS n, sum(input_tokens + cache_read_tokens + output_tokens) AS tokens
    FROM runs FINAL GROUP BY run_id) AS told FULL JOIN (SELECT trace_id, count() AS n, sum(ifNull(input_tokens, 0) + ifNull(cache_read_tokens, 0) +
    ifNull(output_tokens, 0)) AS tokens FROM spans GROUP BY trace_id) AS real ON told.run_id = real.trace_id
    WHERE told.n != real.n OR told.tokens != real.tokens`);
  const payloads = await one("SELECT count() AS payloads FROM payloads");
  return {
    spans: toTotals(spans),
    usage: toTotals(usage),
    runs: toTotals(runs),
    distinctSpans: Number(spans["distinct"]),
    payloads: Number(payloads["payloads"]),
    differingRuns: Number(differing["runs"]),
    costUsd: { spans: String(spans["cost"]), usage: String(usage["cost"]), runs: String(runs["cost"]) },
  };
}

function toTotals(row: Record<string, string | number>): Totals {
  const number = (name: string): number => Number(row[name] ?? Number.NaN);
  return {
    spans: number("spans"),
    runs: number("runs"),
    inferences: number("inferences"),
    toolCalls: number("toolCalls"),
    errors: number("errors"),
    tokens: {
      input: number("input"),
      cacheRead: number("cacheRead"),
      cacheWrite: number("cacheWrite"),
      output: number("output"),
      reasoning: number("reasoning"),
    },
  };
}
