import type { Process, ProcessCounts } from "../answers.ts";
import type { CollectorClient } from "../client.ts";
import { counted, moment } from "../print/quantity.ts";
import type { Examination } from "./examination.ts";

/** So many processes are shown; what is wrong comes first. */
const SHOWN_MAX_COUNT = 12;

/** What has become of all that processes of the last day have recorded, as they tell the collector. */
export async function examineProcesses(client: CollectorClient): Promise<Examination[]> {
  const { status, text } = await client.probe("/api/processes?limit=1000");
  // A collector of another version: that is told elsewhere.
  if (status !== 200) return [];
  const { processes } = JSON.parse(text) as { processes: Process[] };
  const examinations = processes.map(examineProcess);
  const isBad = ({ state }: Examination): boolean => state !== "ok";
  const sorted = [...examinations.filter(isBad), ...examinations.filter((one) => !isBad(one))];
  const shown = sorted.slice(0, SHOWN_MAX_COUNT);
  const more = sorted.slice(SHOWN_MAX_COUNT);
  if (more.length === 0) return shown;
  const bad = more.filter(isBad).length;
  const found = `${counted(more.length, "more process", "more processes")} of the last day, ${bad === 0 ? "with nothing lost and nothing waiting" : `${bad} of them with losses`}`;
  return [...shown, { name: "processes", state: bad === 0 ? "ok" : "warning", found }];
}

/** What one process has recorded and what became of it, in words. */
export function examineProcess(process: Process): Examination {
  const { service, host, pid, state, spans, content } = process;
  const who = `${service ?? "unnamed"}${host === null ? "" : ` on ${host}`}${pid === null ? "" : `, pid ${pid}`}`;
  const about =
    state === "running" ? `, ${counted(process.openRuns, "open run")}` : state === "idle" ? "" : `, ${state}`;
  const found = `${who}${about}: ${accountOf(spans, "span")}; ${accountOf(content, "piece of content", "pieces of content")}`;
  const advice = [...lossesOf(spans, content), ...waitingOf(process), ...lostOf(process)].join(" ");
  return { name: "process", state: advice === "" ? "ok" : "warning", found, ...(advice === "" ? {} : { advice }) };
}

/** `21 spans = 18 delivered + 2 on disk + 1 lost (buffer_full)`. */
function accountOf(
  { recorded, delivered, spooled, buffered, dropped }: ProcessCounts,
  one: string,
  many?: string,
): string {
  const parts = [
    ...(delivered > 0 || recorded === 0 ? [`${delivered} delivered`] : []),
    ...(spooled > 0 ? [`${spooled} on disk`] : []),
    ...(buffered > 0 ? [`${buffered} waiting`] : []),
    ...Object.entries(dropped).map(([reason, count]) => `${count} lost (${reason})`),
  ];
  return `${counted(recorded, one, many)} = ${parts.join(" + ")}`;
}

function lossesOf(spans: ProcessCounts, content: ProcessCounts): string[] {
  const reasons = new Set([...Object.keys(spans.dropped), ...Object.keys(content.dropped)]);
  return [...new Set([...reasons].map(remedyOf))];
}

/** What is to be done about a loss. */
function remedyOf(reason: string): string {
  const known = remedies[reason];
  if (known !== undefined) return known;
  const [, status] = /^rejected_(\d+)$/.exec(reason) ?? [];
  if (status === "401" || status === "403")
    return `The endpoint refused its key (${status}): set RUNREEL_API_KEY there.`;
  if (status !== undefined)
    return `The endpoint refused requests for good, with ${status}: is RUNREEL_ENDPOINT right there?`;
  return `Something was lost: ${reason}.`;
}

const buffer =
  "Its memory for what waits was full: raise bufferMaxBytes there, or look why the endpoint was slow or away.";

const remedies: Record<string, string> = {
  buffer_full: buffer,
  buffer_exhausted: buffer,
  spool_full:
    "Its disk space for what waits was used up: raise spoolMaxBytes there, or let the endpoint take it sooner.",
  spool_failed: "It could not write to its spool: look at RUNREEL_SPOOL_DIR there.",
  process_ended:
    "It ended without a spool to keep what waited: set RUNREEL_SPOOL_DIR there rather than RUNREEL_SPOOL=0.",
  endpoint_failed: "The endpoint answered with errors of its own again and again: look at the collector's log.",
  gone_from_store:
    "Content that it had sent was deleted from the store: it goes again when it is used again, and steps that name it say so until then.",
  rejected_by_endpoint: "The endpoint took its requests, but not all that was in them: look at the collector's log.",
};

function lostOf({ state, heardAt, openRuns, spans }: Process): string[] {
  if (state !== "lost") return [];
  const words = `It is gone without a word, with ${counted(openRuns, "open run")}, last heard of ${moment(heardAt)} UTC`;
  const inMemory = spans.buffered === 0 ? "" : `; ${counted(spans.buffered, "span")} that waited then are gone with it`;
  return [`${words}${inMemory}. See: runreel runs --status lost`];
}

function waitingOf({ host, spans, content }: Process): string[] {
  const waiting = spans.spooled + content.spooled;
  if (waiting === 0) return [];
  return [
    `What is on disk${host === null ? "" : ` of ${host}`} goes with the next start there, or: runreel spool send`,
  ];
}
