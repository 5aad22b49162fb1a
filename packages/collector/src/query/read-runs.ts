import { CollectorError } from "../errors.ts";
import type { Database } from "../model/database.ts";
import type { Attendance } from "../presence/presence.ts";
import { attendanceParameters, busyProcesses, goneProcesses } from "./gone-processes.ts";
import type { Run, RunStatus, Tokens } from "./run.ts";
import { isoFromNano, millisecondsFromNano } from "./time.ts";

/** What the questions work with. */
export interface QueryContext {
  database: Database;
  /** After how long without a word an open run is silent, in milliseconds. */
  silentAfterMs: number;
  /** When this collector was there to hear of processes. */
  attendance: () => Attendance;
  /** The largest argument or result in an answer about a run, in bytes of JSON. */
  valueMaxBytes: number;
}

/** Which rows of `runs` and, once they are folded, which runs. Both are SQL with parameters, never with values in it. */
export interface RunsFilter {
  where: string[];
  having: string[];
  parameters: Record<string, unknown>;
  limit: number;
}

/** The runs that a filter lets through, newest first. */
export async function readRuns(context: QueryContext, project: string, filter: RunsFilter): Promise<Run[]> {
  const having = filter.having.length === 0 ? "" : `HAVING ${filter.having.join(" AND ")}`;
  const where = ["project = {project:String}", ...filter.where].join(" AND ");
  const rows = await context.database.rows<RunRow>(FOLD.replace("/*where*/", where).replace("/*having*/", having), {
    ...filter.parameters,
    project,
    silentAfterMs: context.silentAfterMs,
    ...attendanceParameters(context.attendance()),
    limit: filter.limit,
  });
  return rows.map(runOf);
}

/**
 * One run.
 *
 * @throws CollectorError RUNREEL_RUN_NOT_FOUND
 */
export async function readRun(context: QueryContext, project: string, runId: string): Promise<Run> {
  const where = ["run_id = toFixedString(unhex({runId:String}), 16)"];
  const [run] = await readRuns(context, project, { where, having: [], parameters: { runId }, limit: 1 });
  if (run) return run;
  throw new CollectorError("RUNREEL_RUN_NOT_FOUND", `There is no run ${runId}.`);
}

/**
 * Folds the rows that blocks have written about a run. A row whose block held the ended root knows most (`rank` 2), one with its start record less (1),
 * one without the root least (0); among equals the newest wins, and a value that is there wins over one that is not.
 */
const FOLD = `
SELECT
  lower(hex(run_id)) AS runId,
  max(rank) AS top,
  if(top > 0, argMax(root_start, (rank, heard_at)), min(first_start)) AS started,
  if(top = 2, argMax(root_end, (rank, heard_at)), toDateTime64(0, 9)) AS ended,
  toString(toUnixTimestamp64Nano(started)) AS startNano,
  toString(toUnixTimestamp64Nano(ended)) AS endNano,
  toString(toUnixTimestamp64Milli(max(heard_at)) * 1000000) AS heardNano,
  argMax(runs.name, (rank, heard_at)) AS runName,
  argMax(process_id, (process_id != '', rank, heard_at)) AS processId,
  multiIf(
    top = 2, argMax(runs.status, (rank, heard_at)),
    processId != '' AND processId IN ${goneProcesses}, 'lost',
    processId != '' AND processId IN ${busyProcesses}, 'running',
    toUnixTimestamp64Milli(max(heard_at)) + {silentAfterMs:Int64} < toUnixTimestamp64Milli(now64(3)), 'silent',
    'running') AS runStatus,
  argMax(error_type, (rank, heard_at)) AS errorType,
  argMax(error_message, (rank, heard_at)) AS errorMessage,
  argMax(runs.service, (runs.service != '', rank, heard_at)) AS runService,
  argMax(runs.framework, (runs.framework != '', rank, heard_at)) AS runFramework,
  argMax(runs.agent, (runs.agent != '', rank, heard_at)) AS runAgent,
  argMax(agent_version, (agent_version != '', rank, heard_at)) AS agentVersion,
  argMax(conversation_id, (conversation_id != '', rank, heard_at)) AS conversationId,
  argMax(replay_id, (replay_id != '', rank, heard_at)) AS replayId,
  lower(hex(argMax(replay_of, (replay_from != 0, rank, heard_at)))) AS replayOf,
  max(replay_from) AS replayFrom,
  argMax(replay_mode, (replay_mode != '', rank, heard_at)) AS replayMode,
  argMax(runs.divergence, (runs.divergence != '', rank, heard_at)) AS runDivergence,
  argMax(kept_because, (kept_because != '', heard_at)) AS keptBecause,
  sum(lost_content_spans) AS lostSpans,
  argMax(lost_content_reason, (lost_content_reason != '', heard_at)) AS lostReason,
  sum(runs.spans) AS spanCount,
  sum(runs.steps) AS stepCount,
  sum(runs.inferences) AS inferenceCount,
  sum(inferences_without_usage) AS withoutUsage,
  sum(inferences_unpriced) AS unpriced,
  sum(tool_calls) AS toolCalls,
  sum(runs.errors) AS errorCount,
  sum(input_tokens) AS inputTokens,
  sum(cache_read_tokens) AS cacheReadTokens,
  sum(cache_write_tokens) AS cacheWriteTokens,
  sum(output_tokens) AS outputTokens,
  sum(reasoning_tokens) AS reasoningTokens,
  toString(sum(cost_usd)) AS costUsd,
  arraySort(arrayDistinct(arrayFlatten(groupArray(runs.models)))) AS modelNames
FROM (
  SELECT *, multiIf(root_state = 'ended', 2, root_state = 'open', 1, 0) AS rank
  FROM runs FINAL
  WHERE /*where*/
) AS runs
GROUP BY run_id
/*having*/
ORDER BY started DESC, runId DESC
LIMIT {limit:UInt32}`;

interface RunRow {
  runId: string;
  top: number;
  startNano: string;
  endNano: string;
  heardNano: string;
  runName: string;
  runStatus: RunStatus;
  errorType: string;
  errorMessage: string;
  runService: string;
  processId: string;
  runFramework: string;
  runAgent: string;
  agentVersion: string;
  conversationId: string;
  replayId: string;
  replayOf: string;
  replayFrom: number;
  replayMode: string;
  runDivergence: string;
  keptBecause: string;
  lostSpans: number;
  lostReason: string;
  spanCount: number;
  stepCount: number;
  inferenceCount: number;
  withoutUsage: number;
  unpriced: number;
  toolCalls: number;
  errorCount: number;
  inputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  outputTokens: number;
  reasoningTokens: number;
  costUsd: string;
  modelNames: string[];
}

function runOf(row: RunRow): Run {
  const hasEnded = row.top === 2;
  return {
    runId: row.runId,
    name: row.runName,
    agent: row.runAgent === "" ? null : { name: row.runAgent, version: row.agentVersion || null },
    framework: row.runFramework || null,
    service: row.runService || null,
    processId: row.processId || null,
    status: row.runStatus,
    startTime: isoFromNano(row.startNano) ?? "",
    endTime: hasEnded ? isoFromNano(row.endNano) : null,
    durationMs: hasEnded ? millisecondsFromNano(BigInt(row.endNano) - BigInt(row.startNano)) : null,
    heardAt: isoFromNano(row.heardNano),
    spans: row.spanCount,
    steps: row.stepCount,
    inferences: row.inferenceCount,
    toolCalls: row.toolCalls,
    errors: row.errorCount,
    models: row.modelNames,
    tokens: tokensOf(row),
    costUsd: row.inferenceCount > 0 && row.unpriced >= row.inferenceCount ? null : row.costUsd,
    error: row.runStatus === "error" ? { name: row.errorType || "Error", message: row.errorMessage } : null,
    conversationId: row.conversationId || null,
    replayId: row.replayId || null,
    replayOf: row.replayFrom === 0 ? null : { runId: row.replayOf, from: row.replayFrom, mode: row.replayMode },
    divergence: divergenceOf(row.runDivergence),
    findings: 0,
    content: "kept",
    keptBecause: row.keptBecause || "everything",
    lostContent: row.lostSpans === 0 ? null : { spans: row.lostSpans, reason: row.lostReason },
  };
}

/** A sum of nothing but unknown numbers is unknown. */
function tokensOf(row: RunRow): Tokens {
  if (row.inferenceCount > 0 && row.withoutUsage >= row.inferenceCount) {
    return { input: null, cacheRead: null, cacheWrite: null, output: null, reasoning: null };
  }
  return {
    input: row.inputTokens,
    cacheRead: row.cacheReadTokens,
    cacheWrite: row.cacheWriteTokens,
    output: row.outputTokens,
    reasoning: row.reasoningTokens,
  };
}

function divergenceOf(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
