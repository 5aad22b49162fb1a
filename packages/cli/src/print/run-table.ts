import type { Run } from "../answers.ts";
import { count, duration, inputTokens, moment, money } from "./quantity.ts";
import { runMark, runWord } from "./status.ts";
import { printTable } from "./table.ts";
import type { Sheet } from "./terminal.ts";
import { fit, oneLine } from "./text.ts";

/** Runs, one a line, newest first as they come. */
export function printRuns(runs: readonly Run[], sheet: Sheet): string {
  const { style } = sheet;
  return printTable(
    runs,
    [
      { title: "run", cell: ({ runId }) => runId.slice(0, 8) },
      { title: "started (UTC)", cell: ({ startTime }) => moment(startTime) },
      { title: "", cell: ({ status }) => runMark(style, status) },
      { title: "status", cell: ({ status }) => runWord(style, status) },
      { title: "agent", cell: (run) => fit(oneLine(run.agent?.name ?? run.name), 24) },
      { title: "steps", align: "right", cell: ({ steps }) => count(steps) },
      {
        title: "tokens",
        align: "right",
        cell: ({ tokens }) => `${count(inputTokens(tokens))} → ${count(tokens.output)}`,
      },
      { title: "cost", align: "right", cell: ({ costUsd }) => money(costUsd) },
      { title: "time", align: "right", cell: ({ durationMs }) => duration(durationMs) },
      { title: "findings", align: "right", cell: ({ findings }) => (findings > 0 ? count(findings) : "") },
      { title: "replay of", cell: ({ replayOf }) => replayOf?.runId.slice(0, 8) ?? "" },
    ],
    sheet,
  );
}
