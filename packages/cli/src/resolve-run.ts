import type { Run } from "./answers.ts";
import type { CollectorClient } from "./client.ts";
import { CommandFailure, exitCodes, wrongUse } from "./command-failure.ts";

/** What RUN means, for the help of every command that takes one. */
export const runArgument =
  "a run id, the first 4 or more characters of one, `last`, or `last-failed` (replays left out)";

/**
 * The id of the run that was meant. A run whose process is gone has failed.
 *
 * `last-failed` leaves replays out: a replay that was stopped has failed too, and the run to be replayed is the one before it.
 *
 * @throws CommandFailure exit 5 when there is none, exit 2 when the prefix is too short or fits several runs
 */
export async function resolveRun(client: CollectorClient, text: string): Promise<string> {
  if (text === "last") return newest(await client.runs({ limit: 1 }), "There is no run yet");
  if (text === "last-failed") {
    const [failed, lost] = await Promise.all([
      client.runs({ status: "error", limit: 100 }),
      client.runs({ status: "lost", limit: 100 }),
    ]);
    const runs = [...failed.runs, ...lost.runs].filter(({ replayOf }) => replayOf === null);
    // Times are texts of one length, so they sort as they are.
    runs.sort((a, b) => (a.startTime < b.startTime ? 1 : -1));
    return newest({ runs }, "No run has failed");
  }
  const prefix = text.toLowerCase();
  if (/^[0-9a-f]{32}$/.test(prefix)) return prefix;
  if (!/^[0-9a-f]{4,31}$/.test(prefix)) throw wrongUse(`"${text}" names no run`, `RUN is ${runArgument}.`);
  const { runs } = await client.runs({ prefix, limit: 10 });
  if (runs.length > 1) {
    const ids = runs.map(({ runId }) => runId).join(", ");
    throw wrongUse(`${prefix} is the beginning of several runs: ${ids}`, "Type more of it.");
  }
  return newest({ runs }, `No run begins with ${prefix}`);
}

function newest({ runs }: { runs: Run[] }, otherwise: string): string {
  const [run] = runs;
  if (run) return run.runId;
  throw new CommandFailure(exitCodes.notFound, otherwise, {
    code: "RUNREEL_RUN_NOT_FOUND",
    hint: "`runreel runs` lists what is there. A run shows about a second after it was sent.",
  });
}
