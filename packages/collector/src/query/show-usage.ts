import { z } from "zod";
import type { Database } from "../model/database.ts";
import { isoFromNano, nanoFromIso } from "./time.ts";

const GROUPS = ["agent", "version", "kind", "provider", "model", "tool", "status"] as const;
const PERIODS = ["minute", "hour", "day"] as const;

export type UsageGroup = (typeof GROUPS)[number];
export type UsagePeriod = (typeof PERIODS)[number];

export interface UsageQuery {
  by: UsageGroup[];
  per?: UsagePeriod | undefined;
  from?: string | undefined;
  to?: string | undefined;
  agent?: string | undefined;
  model?: string | undefined;
}

/** Sums over all recorded spans, whatever is kept of them. */
export interface UsageRow {
  /** The beginning of the period, with `per`. */
  time?: string | undefined;
  agent?: string | null | undefined;
  version?: string | null | undefined;
  kind?: string | null | undefined;
  provider?: string | null | undefined;
  model?: string | null | undefined;
  tool?: string | null | undefined;
  status?: string | null | undefined;
  inputTokens: number | null;
  cacheReadTokens: number | null;
  cacheWriteTokens: number | null;
  outputTokens: number | null;
  reasoningTokens: number | null;
  inferences: number;
  inferencesWithoutUsage: number;
  inferencesUnpriced: number;
  toolCalls: number;
  runs: number;
  errors: number;
  costUsd: string | null;
}

const text = z.string().min(1).max(1000).optional();
const time = z
  .string()
  .refine((value) => nanoFromIso(value) !== null, "a time in ISO 8601")
  .optional();

export const usageQuerySchema: z.ZodType<UsageQuery> = z.strictObject({
  by: z
    .string()
    .default("")
    .transform((list) => list.split(",").filter((name) => name !== ""))
    .pipe(z.array(z.enum(GROUPS)).max(GROUPS.length))
    .describe(`What to sum by, with commas between: ${GROUPS.join(", ")}.`),
  per: z.enum(PERIODS).optional(),
  from: time,
  to: time,
  agent: text,
  model: text,
});

const key = z.string().nullable().optional();
const tokens = z.number().nullable();

export const usageAnswerSchema: z.ZodType<{ rows: UsageRow[] }> = z.object({
  rows: z.array(
    z.object({
      time: z.string().optional(),
      agent: key,
      version: key,
      kind: key,
      provider: key,
      model: key,
      tool: key,
      status: key,
      inputTokens: tokens,
      cacheReadTokens: tokens,
      cacheWriteTokens: tokens,
      outputTokens: tokens,
      reasoningTokens: tokens,
      inferences: z.number(),
      inferencesWithoutUsage: z.number(),
      inferencesUnpriced: z.number(),
      toolCalls: z.number(),
      runs: z.number(),
      errors: z.number(),
      costUsd: z.string().nullable(),
    }),
  ),
});

const columns: Record<UsageGroup, string> = {
  agent: "agent",
  version: "agent_version",
  kind: "kind",
  provider: "provider",
  model: "model",
  tool: "tool",
  status: "status",
};

const starts: Record<UsagePeriod, string> = {
  minute: "minute",
  hour: "toStartOfHour(minute, 'UTC')",
  day: "toStartOfDay(minute, 'UTC')",
};

const SUMS = `
  sum(usage.input_tokens) AS inputTokens, sum(usage.cache_read_tokens) AS cacheReadTokens, sum(usage.cache_write_tokens) AS cacheWriteTokens,
  sum(usage.output_tokens) AS outputTokens, sum(usage.reasoning_tokens) AS reasoningTokens,
  sum(usage.inferences) AS inferences, sum(usage.inferences_without_usage) AS inferencesWithoutUsage,
  sum(usage.inferences_unpriced) AS inferencesUnpriced, sum(usage.tool_calls) AS toolCalls, sum(usage.runs) AS runs, sum(usage.errors) AS errors, toString(sum(usage.cost_usd)) AS costUsd`;

type StoredRow = Record<UsageGroup, string> & Record<"startSeconds" | "costUsd", string> & Record<SumName, number>;
type SumName =
  | "inputTokens"
  | "cacheReadTokens"
  | "cacheWriteTokens"
  | "outputTokens"
  | "reasoningTokens"
  | "inferences"
  | "inferencesWithoutUsage"
  | "inferencesUnpriced"
  | "toolCalls"
  | "runs"
  | "errors";

const ROWS_MAX = 10_000;

/** Tokens, cost, calls and errors, exactly as recorded, summed as asked. */
export async function showUsage(database: Database, project: string, query: UsageQuery): Promise<{ rows: UsageRow[] }> {
  const groups = [...new Set(query.by)];
  const keys = groups.map((group) => `usage.${columns[group]} AS ${group}`);
  const names: string[] = [...groups];
  if (query.per) {
    keys.unshift(`toString(toUnixTimestamp(${starts[query.per]})) AS startSeconds`);
    names.unshift("startSeconds");
  }
  const where = ["project = {project:String}"];
  // The table knows minutes: a minute counts when it began in the range.
  if (query.from !== undefined) where.push("minute >= toStartOfMinute(fromUnixTimestamp64Nano({from:Int64}))");
  if (query.to !== undefined) where.push("minute < fromUnixTimestamp64Nano({to:Int64})");
  if (query.agent !== undefined) where.push("agent = {agent:String}");
  if (query.model !== undefined) where.push("model = {model:String}");
  const grouped = names.length === 0 ? "" : `GROUP BY ${names.join(", ")} ORDER BY ${names.join(", ")}`;
  const sql = `SELECT ${[...keys, SUMS].join(", ")} FROM (SELECT * FROM usage_1m FINAL WHERE ${where.join(" AND ")}) AS usage ${grouped} LIMIT ${ROWS_MAX}`;
  const parameters = Object.fromEntries(
    Object.entries({
      project,
      from: query.from && String(nanoFromIso(query.from)),
      to: query.to && String(nanoFromIso(query.to)),
      agent: query.agent,
      model: query.model,
    }).filter(([, value]) => value !== undefined),
  );
  const rows = await database.rows<StoredRow>(sql, parameters);
  return { rows: rows.map((row) => usageRow(row, groups, query.per !== undefined)) };
}

function usageRow(row: StoredRow, groups: UsageGroup[], hasTime: boolean): UsageRow {
  const isUnknown = row.inferences > 0 && row.inferencesWithoutUsage >= row.inferences;
  const known = (sum: number): number | null => (isUnknown ? null : sum);
  return {
    ...(hasTime ? { time: isoFromNano(`${row.startSeconds}000000000`) ?? "" } : {}),
    ...Object.fromEntries(groups.map((group) => [group, row[group] || null])),
    inputTokens: known(row.inputTokens),
    cacheReadTokens: known(row.cacheReadTokens),
    cacheWriteTokens: known(row.cacheWriteTokens),
    outputTokens: known(row.outputTokens),
    reasoningTokens: known(row.reasoningTokens),
    inferences: row.inferences,
    inferencesWithoutUsage: row.inferencesWithoutUsage,
    inferencesUnpriced: row.inferencesUnpriced,
    toolCalls: row.toolCalls,
    runs: row.runs,
    errors: row.errors,
    costUsd: row.inferences > 0 && row.inferencesUnpriced >= row.inferences ? null : row.costUsd,
  };
}
