import type { Diff, DiffStep, RunDetail, Step } from "../answers.ts";
import { changedLines } from "./changed-lines.ts";
import { counted, duration, money, tokensInBrief } from "./quantity.ts";
import { runMark, runWord, stepMark, stepNote } from "./status.ts";
import type { Sheet } from "./terminal.ts";
import { fit, oneLine, padStart } from "./text.ts";
import { argumentsInLine, inWords } from "./value.ts";

/** Two runs side by side, step by step; where they first differ is marked. */
export function printDiff(diff: Diff, a: RunDetail, b: RunDetail, sheet: Sheet): string {
  const { style } = sheet;
  const first = diff.firstDivergence;
  const sides = { a: byIndex(a), b: byIndex(b) };
  return [
    runLine("a", a, sheet),
    runLine("b", b, sheet),
    "",
    ...diff.steps.flatMap((pair) => pairLines(pair, sides, first, sheet)),
    "",
    first === null
      ? style.green("The two runs took the same steps.")
      : `First divergence at step ${style.bold(String(first))}.`,
  ].join("\n");
}

function runLine(name: string, { run }: RunDetail, { style }: Sheet): string {
  const facts = [
    counted(run.steps, "step"),
    duration(run.durationMs),
    money(run.costUsd),
    `${tokensInBrief(run.tokens)} tokens`,
  ];
  const origin = run.replayOf ? ` (replay from step ${run.replayOf.from})` : "";
  return `${style.bold(name)} ${runMark(style, run.status)} ${run.runId.slice(0, 8)} ${runWord(style, run.status)}${origin}  ${style.dim(facts.join(" · "))}`;
}

type Steps = ReadonlyMap<number, Step>;

const byIndex = ({ steps }: RunDetail): Steps => new Map(steps.map((step) => [step.index, step]));

function pairLines(pair: DiffStep, { a, b }: { a: Steps; b: Steps }, first: number | null, sheet: Sheet): string[] {
  const { style, width } = sheet;
  const left = pair.index === null ? undefined : a.get(pair.index);
  const right = pair.otherIndex === null ? undefined : b.get(pair.otherIndex);
  const step = right ?? left;
  if (!step) return [];
  const isFirst = first !== null && (pair.index ?? pair.otherIndex) === first;
  const sign = pair.equal
    ? style.dim("=")
    : left && right
      ? style.yellow("≠")
      : right
        ? style.green("+")
        : style.red("-");
  const number = padStart(String(pair.index ?? pair.otherIndex ?? ""), 3);
  const note = stepNote(style, step);
  const name = pair.equal ? style.dim(oneLine(step.name)) : style.bold(oneLine(step.name));
  const head = `${isFirst ? style.yellow("▶") : " "} ${number} ${sign} ${stepMark(style, step)} ${name}`;
  const alone = left && right ? "" : style.dim(right ? "only in b" : "only in a");
  const head2 = [head, note, alone].filter(Boolean).join("  ");
  if (pair.equal) return [head2];
  if (!left || !right) return [head2, ...summaryOf(step, style.dim, width)];
  return [head2, ...changesOf(pair, left, right, sheet)];
}

/** What a step did, in a line or two. */
function summaryOf(step: Step, paint: (text: string) => string, width: number): string[] {
  if (step.kind === "inference") return [];
  const lines = [argumentsInLine(step.arguments), step.error ? errorText(step) : `→ ${oneLine(inWords(step.result))}`];
  return lines.filter(Boolean).map((line) => paint(`          ${fit(line, width - 10)}`));
}

const errorText = (step: Step): string => (step.error ? `${step.error.name}: ${oneLine(step.error.message)}` : "");

function changesOf(pair: DiffStep, left: Step, right: Step, sheet: Sheet): string[] {
  const fields = new Set(pair.changes.map(({ field }) => field));
  const lines: string[] = [];
  const compare = (title: string, before: unknown, after: unknown): void => {
    const changed = changedLines(before, after, sheet);
    if (changed.length > 0) lines.push(`          ${sheet.style.dim(title)}`, ...changed);
  };
  if (left.kind === "inference") {
    // The whole conversation, most of it the same: what changed in it stands at the steps it came from.
    if (fields.has("arguments")) lines.push(sheet.style.dim("          was given another conversation"));
  } else compare("arguments", left.arguments, right.arguments);
  compare("result", left.result, right.result);
  compare("error", errorText(left) || null, errorText(right) || null);
  return lines;
}
