import { CollectorError } from "../errors.ts";
import type { Database } from "../model/database.ts";
import type { AskBoard } from "./ask-board.ts";
import { processKey } from "./ask-board.ts";

/** What has become of a wish to have a run. */
export interface KeepAnswer {
  runId: string;
  /** `asked`: its processes are told with their next requests. `kept`: it is stored already. */
  state: "asked" | "kept";
  /** The processes that are asked. */
  processes: string[];
}

export interface KeepRunsOptions {
  database: Database;
  board: AskBoard;
}

const WHERE = "project = {project:String} AND run_id = toFixedString(unhex({runId:String}), 16)";

/**
 * Asks the processes in which a run is going on to send it, though it was sampled out.
 *
 * @throws CollectorError RUNREEL_RUN_NOT_FOUND, RUNREEL_RUN_OVER
 */
export async function keepRun(
  { database, board }: KeepRunsOptions,
  project: string,
  { runId, reason }: { runId: string; reason: string },
): Promise<KeepAnswer> {
  const parameters = { project, runId };
  const [stored, owners] = await Promise.all([
    database.rows(`SELECT 1 FROM runs WHERE ${WHERE} LIMIT 1`, parameters),
    database.rows<{ processId: string; hasEnded: number }>(
      `SELECT process_id AS processId, max(has_ended) AS hasEnded FROM sampled_out_runs WHERE ${WHERE} GROUP BY process_id ORDER BY process_id`,
      parameters,
    ),
  ]);
  const processes = owners.filter(({ hasEnded }) => hasEnded === 0).map(({ processId }) => processId);
  for (const processId of processes) board.askToKeep(processKey(project, processId), runId, reason);
  if (stored.length > 0) return { runId, state: "kept", processes };
  if (processes.length > 0) return { runId, state: "asked", processes };
  if (owners.length > 0) {
    throw new CollectorError("RUNREEL_RUN_OVER", `Run ${runId} was sampled out and has ended; its content is gone.`);
  }
  throw new CollectorError("RUNREEL_RUN_NOT_FOUND", `There is no run ${runId}, and no process has named it.`);
}
