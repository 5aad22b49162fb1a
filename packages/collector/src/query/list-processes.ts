import { z } from "zod";
import { CollectorError } from "../errors.ts";
import { attendanceParameters, isGone } from "./gone-processes.ts";
import type { QueryContext } from "./read-runs.ts";
import { isoFromNano, nanoFromIso } from "./time.ts";

/** What has become of all that a process has recorded: `recorded` = `delivered` + `spooled` + `buffered` + the sum of `dropped`. */
export interface ProcessCounts {
  recorded: number;
  delivered: number;
  /** Waits on the disk of its machine. */
  spooled: number;
  /** Waited in its memory when it was last heard of. */
  buffered: number;
  /** Lost, by reason. */
  dropped: Record<string, number>;
  /** How many of `delivered` had been on disk. */
  fromDisk: number;
}

/**
 * `running` has open runs; `idle` has none, and nobody knows whether it is still there; `ended` said so; `lost` had open runs and is not heard of any
 * more.
 */
export type ProcessState = "running" | "idle" | "ended" | "lost";

/** A process that records, as it tells. */
export interface Process {
  /** `service.instance.id`. */
  instanceId: string;
  service: string | null;
  host: string | null;
  pid: number | null;
  sdkVersion: string | null;
  state: ProcessState;
  startedAt: string;
  /** When it said this, by its own clock. */
  reportedAt: string;
  heardAt: string;
  openRuns: number;
  spans: ProcessCounts;
  /** The same of pieces of content. */
  content: ProcessCounts;
  /** Spans of earlier processes that it has delivered from disk. */
  redelivered: number;
}

export interface ProcessesQuery {
  since?: string | undefined;
  limit: number;
}

export interface ProcessesAnswer {
  processes: Process[];
}

export const processesQuerySchema: z.ZodType<ProcessesQuery> = z.strictObject({
  since: z
    .string()
    .refine((value) => nanoFromIso(value) !== null, "a time in ISO 8601, as 2026-11-21T10:00:00Z")
    .optional()
    .describe("Processes that were heard of at this time or later; without it, of the last day."),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

const countsSchema: z.ZodType<ProcessCounts> = z.object({
  recorded: z.number(),
  delivered: z.number(),
  spooled: z.number(),
  buffered: z.number(),
  dropped: z.record(z.string(), z.number()),
  fromDisk: z.number(),
});

const processSchema: z.ZodType<Process> = z.object({
  instanceId: z.string(),
  service: z.string().nullable(),
  host: z.string().nullable(),
  pid: z.number().nullable(),
  sdkVersion: z.string().nullable(),
  state: z.enum(["running", "idle", "ended", "lost"]),
  startedAt: z.string(),
  reportedAt: z.string(),
  heardAt: z.string(),
  openRuns: z.number(),
  spans: countsSchema,
  content: countsSchema,
  redelivered: z.number(),
});

export const processesAnswerSchema: z.ZodType<ProcessesAnswer> = z.object({ processes: z.array(processSchema) });

const DAY_MS = 86_400_000;

/** The processes heard of last, the newest first. */
export async function listProcesses(
  context: QueryContext,
  project: string,
  { since, limit }: ProcessesQuery,
): Promise<ProcessesAnswer> {
  const sinceNano = since === undefined ? BigInt(Date.now() - DAY_MS) * 1_000_000n : nanoFromIso(since);
  if (sinceNano === null) throw new CollectorError("RUNREEL_REQUEST_INVALID", "since: expected a time in ISO 8601.");
  const parameters = { project, sinceNano: String(sinceNano), limit, ...attendanceParameters(context.attendance()) };
  return { processes: (await context.database.rows<ProcessRow>(PROCESSES, parameters)).map(processOf) };
}

/** Of each process its newest report, and the sums of its receipts: what has come from disk. */
const PROCESSES = `
SELECT
  instance_id AS instanceId,
  anyIf(service, receipt = 0) AS serviceName,
  anyIf(host, receipt = 0) AS hostName,
  anyIf(pid, receipt = 0) AS processPid,
  anyIf(sdk_version, receipt = 0) AS sdkVersion,
  anyIf(has_ended, receipt = 0) AS hasEnded,
  anyIf(${isGone}, receipt = 0) AS isLost,
  anyIf(open_runs, receipt = 0) AS openRuns,
  toString(toUnixTimestamp64Nano(anyIf(started, receipt = 0))) AS startNano,
  toString(toUnixTimestamp64Nano(anyIf(at, receipt = 0))) AS atNano,
  toString(toUnixTimestamp64Milli(max(heard_at)) * 1000000) AS heardNano,
  anyIf(redelivered, receipt = 0) AS redeliveredCount,
  ${countsSql("spans")},
  ${countsSql("content")}
FROM process_reports FINAL
WHERE project = {project:String}
GROUP BY instance_id
HAVING countIf(receipt = 0) > 0 AND max(heard_at) >= fromUnixTimestamp64Nano({sinceNano:Int64})
ORDER BY max(heard_at) DESC, instanceId
LIMIT {limit:UInt32}`;

function countsSql(what: "spans" | "content"): string {
  const told = ["recorded", "delivered", "spooled", "buffered", "from_disk", "dropped"].map(
    (name) => `anyIf(${what}_${name}, receipt = 0)`,
  );
  return `(${told.join(", ")}, sumIf(${what}_delivered, receipt > 0)) AS ${what}Counts`;
}

/** Recorded, delivered, spooled, buffered, from disk, dropped; and what receipts say has come from disk. */
type CountsRow = [number, number, number, number, number, Record<string, number>, number];

interface ProcessRow {
  instanceId: string;
  serviceName: string;
  hostName: string;
  processPid: number;
  sdkVersion: string;
  hasEnded: number;
  isLost: number;
  openRuns: number;
  startNano: string;
  atNano: string;
  heardNano: string;
  redeliveredCount: number;
  spansCounts: CountsRow;
  contentCounts: CountsRow;
}

function processOf(row: ProcessRow): Process {
  return {
    instanceId: row.instanceId,
    service: row.serviceName || null,
    host: row.hostName || null,
    pid: row.processPid || null,
    sdkVersion: row.sdkVersion || null,
    state: stateOf(row),
    startedAt: isoFromNano(row.startNano) ?? "",
    reportedAt: isoFromNano(row.atNano) ?? "",
    heardAt: isoFromNano(row.heardNano) ?? "",
    openRuns: row.openRuns,
    spans: countsOf(row.spansCounts),
    content: countsOf(row.contentCounts),
    redelivered: row.redeliveredCount,
  };
}

function stateOf({ hasEnded, isLost, openRuns }: ProcessRow): ProcessState {
  if (hasEnded === 1) return "ended";
  if (isLost === 1) return "lost";
  return openRuns > 0 ? "running" : "idle";
}

/** What came from disk and the process does not know of, since another delivered it, is not waiting any more. */
function countsOf([recorded, delivered, spooled, buffered, fromDisk, dropped, received]: CountsRow): ProcessCounts {
  const news = Math.min(Math.max(0, received - fromDisk), spooled);
  return {
    recorded,
    delivered: delivered + news,
    spooled: spooled - news,
    buffered,
    dropped,
    fromDisk: fromDisk + news,
  };
}
