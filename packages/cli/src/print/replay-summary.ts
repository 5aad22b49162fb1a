import type { Divergence, Run } from "../answers.ts";
import { changedLines } from "./changed-lines.ts";
import { counted, duration, money } from "./quantity.ts";
import { runMark, runWord } from "./status.ts";
import type { Sheet } from "./terminal.ts";
import { oneLine } from "./text.ts";

/** How a replay went: the document that `runreel replay --json` prints. */
export interface ReplaySummary {
  runId: string | null;
  originRunId: string;
  from: number;
  mode: string;
  status: string;
  divergence: Divergence | null;
  served: number;
  executed: number;
  confirmed: number;
  blocked: number;
}

/** The end of a replay, for the person who started it. `programCode` is the exit code of the program, null when a signal ended it. */
export function printReplay(
  summary: ReplaySummary,
  run: Run | undefined,
  sheet: Sheet,
  programCode: number | null = 0,
): string {
  const { style } = sheet;
  const { originRunId, from, mode, served, executed, confirmed, blocked } = summary;
  const what = `Replay of ${originRunId.slice(0, 8)} from step ${from}, mode ${mode}`;
  if (!run) return `${style.yellow("?")} ${what}: ${nothingRecorded(programCode, sheet)}`;
  const lines = [
    `${runMark(style, run.status)} ${what}: ${runWord(style, run.status)}`,
    `  ${style.bold(String(served))} served from the recording · ${style.bold(String(executed))} executed · ${confirmed} confirmed · ${blocked} blocked`,
    style.dim(
      `  run ${run.runId} · ${counted(run.steps, "step")} · ${duration(run.durationMs)} · ${money(run.costUsd)}`,
    ),
  ];
  if (summary.divergence) lines.push("", ...divergenceLines(summary.divergence, sheet));
  else if (run.error) lines.push(style.red(`  ${run.error.name}: ${oneLine(run.error.message)}`));
  return lines.join("\n");
}

/** A program that failed has told why, above; one that ended well and left nothing was never recorded. */
function nothingRecorded(programCode: number | null, { style }: Sheet): string {
  if (programCode === 0) {
    const hint = "Does it call start() of @runreel/sdk, and does it reach the collector?";
    return `the program recorded nothing.\n  ${style.dim(hint)}`;
  }
  const end = programCode === null ? "was ended by a signal" : `ended with exit code ${programCode}`;
  return `the program ${end} before it recorded anything.\n  ${style.dim("What it printed above says why.")}`;
}

function divergenceLines({ step, expected, actual }: Divergence, sheet: Sheet): string[] {
  const { style } = sheet;
  const named = (side: Divergence["expected"]): string =>
    side ? `${side.kind} ${oneLine(side.name)}` : "nothing more";
  const lines = [style.yellow(`The program took another way at step ${step}.`)];
  if (named(expected) !== named(actual)) {
    return [...lines, style.red(`          - ${named(expected)}`), style.green(`          + ${named(actual)}`)];
  }
  return [...lines, `        ${named(expected)}`, ...changedLines(expected?.arguments, actual?.arguments, sheet)];
}
