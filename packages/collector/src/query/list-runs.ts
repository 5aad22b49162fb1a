import { z } from "zod";
import { CollectorError } from "../errors.ts";
import { readRuns, type QueryContext, type RunsFilter } from "./read-runs.ts";
import { runSchema, statusSchema, type Run, type RunStatus } from "./run.ts";
import { nanoFromIso } from "./time.ts";

export interface RunsQuery {
  status?: RunStatus | undefined;
  agent?: string | undefined;
  model?: string | undefined;
  conversation?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  q?: string | undefined;
  prefix?: string | undefined;
  replay?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

export interface RunsAnswer {
  runs: Run[];
  nextCursor: string | null;
}

const text = z.string().min(1).max(1000).optional();
const time = z
  .string()
  .refine((value) => nanoFromIso(value) !== null, "a time in ISO 8601, as 2026-11-21T10:00:00Z")
  .optional();

export const runsQuerySchema: z.ZodType<RunsQuery> = z.strictObject({
  status: statusSchema.optional(),
  agent: text,
  model: text.describe("A model that the run used."),
  conversation: text,
  from: time.describe("Runs that started at this time or later."),
  to: time.describe("Runs that started before this time."),
  q: text.describe("Text in name, agent, error or run id."),
  prefix: z
    .string()
    .regex(/^[0-9a-f]{4,32}$/, "4 to 32 hex digits")
    .optional()
    .describe("The first digits of a run id."),
  replay: text.describe("The id of a replay: its run."),
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  cursor: text.describe("`nextCursor` of the page before."),
});

export const runsAnswerSchema: z.ZodType<RunsAnswer> = z.object({
  runs: z.array(runSchema),
  nextCursor: z.string().nullable(),
});

/** A condition on rows (`where`) narrows what is read; one on runs (`having`) sees the whole run. */
const conditions: Record<string, { where?: string; having?: string }> = {
  status: { having: "runStatus = {status:String}" },
  agent: { having: "runAgent = {agent:String}" },
  model: { having: "has(modelNames, {model:String})" },
  conversation: { having: "conversationId = {conversation:String}" },
  // A run's day is that of its first span; one day of slack is for runs that pass midnight.
  fromNano: {
    where: "day >= toDate(fromUnixTimestamp64Nano({fromNano:Int64})) - 1",
    having: "started >= fromUnixTimestamp64Nano({fromNano:Int64})",
  },
  toNano: {
    having: "started < fromUnixTimestamp64Nano({toNano:Int64})",
  },
  q: {
    having:
      "(positionCaseInsensitiveUTF8(runName, {q:String}) > 0 OR positionCaseInsensitiveUTF8(runAgent, {q:String}) > 0 " +
      "OR positionCaseInsensitiveUTF8(errorMessage, {q:String}) > 0 OR startsWith(runId, lower({q:String})))",
  },
  prefix: { where: "startsWith(lower(hex(run_id)), {prefix:String})" },
  replay: { having: "replayId = {replay:String}" },
  cursorNano: {
    having: "(started, runId) < (fromUnixTimestamp64Nano({cursorNano:Int64}), {cursorRun:String})",
  },
};

/** The newest runs that fit, a page at a time. */
export async function listRuns(context: QueryContext, project: string, query: RunsQuery): Promise<RunsAnswer> {
  const { limit, cursor, from, to, ...plain } = query;
  const parameters: Record<string, unknown> = { ...plain };
  if (from !== undefined) parameters["fromNano"] = String(nanoFromIso(from));
  if (to !== undefined) parameters["toNano"] = String(nanoFromIso(to));
  if (cursor !== undefined) Object.assign(parameters, parseCursor(cursor));
  for (const [name, value] of Object.entries(parameters)) if (value === undefined) delete parameters[name];
  const filter: RunsFilter = { where: [], having: [], parameters, limit: limit + 1 };
  for (const name of Object.keys(parameters)) {
    const condition = conditions[name];
    if (condition?.where !== undefined) filter.where.push(condition.where);
    if (condition?.having !== undefined) filter.having.push(condition.having);
  }
  const runs = await readRuns(context, project, filter);
  const page = runs.slice(0, limit);
  const last = page.at(-1);
  return { runs: page, nextCursor: runs.length > limit && last ? cursorOf(last) : null };
}

function cursorOf(run: Run): string {
  return Buffer.from(`${nanoFromIso(run.startTime)}.${run.runId}`).toString("base64url");
}

function parseCursor(cursor: string): { cursorNano: string; cursorRun: string } {
  const parts = /^(\d+)\.([0-9a-f]{32})$/.exec(Buffer.from(cursor, "base64url").toString());
  if (!parts)
    throw new CollectorError("RUNREEL_REQUEST_INVALID", "cursor: expected `nextCursor` of an earlier answer.");
  return { cursorNano: parts[1]!, cursorRun: parts[2]! };
}
