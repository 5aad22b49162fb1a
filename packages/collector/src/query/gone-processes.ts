import type { Attendance } from "../presence/presence.ts";

/** So many reports in a row have to be missing. */
const MISSED_REPORTS = 3;

/** Whoever could not reach the collector before tries again after a minute and a quarter at most, and then reports. */
const COME_BACK_MAX_MS = 90_000;

/**
 * Whether the process of a row of `process_reports` is known to be gone (docs/adr/014): it said that it ends, or it has open runs and its reports
 * are missing although this collector was there to hear them all the time. Needs the parameters of `attendanceParameters`.
 */
export const isGone: string = `(has_ended = 1 OR (open_runs > 0 AND interval_ms > 0 AND {presentUntil:Int64} > if(
  toUnixTimestamp64Milli(heard_at) >= {presentSince:Int64},
  toUnixTimestamp64Milli(heard_at) + ${MISSED_REPORTS} * interval_ms,
  {presentSince:Int64} + greatest(${MISSED_REPORTS} * interval_ms, ${COME_BACK_MAX_MS}))))`;

const processesWhere = (condition: string): string =>
  `(SELECT instance_id FROM process_reports FINAL WHERE project = {project:String} AND receipt = 0 AND ${condition})`;

/** The processes of a project that are gone. */
export const goneProcesses: string = processesWhere(isGone);

/** Those that are at work: however quiet their runs are, they are not silent. */
export const busyProcesses: string = processesWhere(`open_runs > 0 AND interval_ms > 0 AND NOT ${isGone}`);

export function attendanceParameters({ since, until }: Attendance): Record<string, number> {
  return { presentSince: since, presentUntil: until };
}
