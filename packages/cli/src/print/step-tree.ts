import type { Run, RunDetail, Step, StepError } from "../answers.ts";
import { messageParts } from "./message.ts";
import { counted, duration, moment, money, tokensInBrief, tokensInWords } from "./quantity.ts";
import { stackLines } from "./stack.ts";
import { runMark, runWord, stepMark, stepNote } from "./status.ts";
import type { Sheet } from "./terminal.ts";
import { fit, harmless, oneLine, padStart, widthOf, wrap } from "./text.ts";
import { argumentsInLine, inWords } from "./value.ts";

export interface TreeOptions {
  /** Everything whole: results, reasoning and stacks are not cut. */
  isFull: boolean;
}

/** What every line of one tree is made with. */
interface Tree extends Sheet, TreeOptions {
  /** Columns of the step numbers. */
  indexWidth: number;
  children: Map<number | null, Step[]>;
}

const columns = { tokens: 14, cost: 9, duration: 9 };

/** A run as a tree of its steps, one line of facts each and what went in and out below. */
export function printRun({ run, steps }: RunDetail, sheet: Sheet, options: TreeOptions): string {
  const tree: Tree = {
    ...sheet,
    ...options,
    indexWidth: String(steps.at(-1)?.index ?? 1).length,
    children: Map.groupBy(steps, ({ parentIndex }) => parentIndex),
  };
  return [
    ...header(run, sheet),
    ...loss(run, steps, sheet),
    "",
    ...branches(tree, null, ""),
    ...ending(run, sheet),
  ].join("\n");
}

/** The facts about a run that stand above its steps. */
function header(run: Run, { style, width }: Sheet): string[] {
  const facts = [counted(run.steps, "step"), duration(run.durationMs), run.inferences > 0 ? money(run.costUsd) : "–"];
  const agent = run.agent && run.agent.name !== run.name ? `agent ${run.agent.name}` : "";
  const origin = [run.runId, agent, run.framework ?? "", `${moment(run.startTime)} UTC`];
  const lines = [
    aside(
      `${runMark(style, run.status)} ${style.bold(fit(oneLine(run.name), width - 50))}  ${runWord(style, run.status)}`,
      facts.filter((fact) => fact !== "–").join(" · "),
      width,
    ),
    style.dim(`  ${origin.filter(Boolean).join(" · ")}`),
    style.dim(`  ${workOf(run)}`),
  ];
  if (run.replayOf) {
    const { runId, from, mode } = run.replayOf;
    lines.push(style.dim(`  replay of ${runId} from step ${from}, mode ${mode}`));
  }
  const reason = reasons.get(run.keptBecause) ?? fit(oneLine(run.keptBecause), width - 36);
  if (reason !== "") lines.push(style.dim(`  kept although runs are sampled: ${reason}`));
  return lines;
}

/** What of the content is not there. What was given up may have come again with a later step. */
function loss({ lostContent }: Run, steps: readonly Step[], { style }: Sheet): string[] {
  const missing = steps.filter((step) => step.contentMissing && step.status !== "running").length;
  if (missing === 0 || lostContent === null) return [];
  const reason = lostContent.reason.replaceAll("_", " ");
  return [style.yellow(`  content of ${counted(missing, "step")} was not kept: ${reason}`)];
}

/** Why a run is here that chance alone would not have sent. What is not among these is what somebody has found in it. */
const reasons = new Map([
  ["everything", ""],
  ["sampled", ""],
  ["error", "something in it failed"],
  ["unfinished", "its process ended before it did"],
  ["asked", "the program asked for it"],
]);

function workOf(run: Run): string {
  const tools = counted(run.toolCalls, "tool call");
  if (run.inferences === 0) return tools;
  return `${counted(run.inferences, "inference")} · ${tools} · tokens ${tokensInWords(run.tokens)}`;
}

function ending(run: Run, { style, width }: Sheet): string[] {
  if (run.status === "running") return [style.dim("╵"), style.cyan("  still running")];
  if (run.status === "lost") {
    const heard = run.heardAt ? `, last heard of ${moment(run.heardAt)} UTC` : "";
    return [style.dim("╵"), style.red(`  its process is gone${heard}`)];
  }
  if (run.status === "silent") {
    const heard = run.heardAt ? `nothing heard since ${moment(run.heardAt)} UTC` : "nothing heard any more";
    return [style.dim("╵"), style.yellow(`  ${heard}`)];
  }
  if (run.status === "interrupted") return [style.dim("╵"), style.yellow("  waits for a person")];
  if (run.error === null) return [style.dim("╵")];
  const text = `${run.error.name}: ${oneLine(run.error.message)}`;
  return [style.dim("│"), `${style.dim("╰─")} ${style.red(fit(`run failed with ${text}`, width - 3))}`];
}

function branches(tree: Tree, parent: number | null, guides: string): string[] {
  return (tree.children.get(parent) ?? []).flatMap((step, at, siblings) => {
    const isLast = parent !== null && at === siblings.length - 1;
    const below = `${guides}${isLast ? "   " : "│  "}`;
    const hasChildren = tree.children.has(step.index);
    return [
      headLine(tree, step, `${guides}${isLast ? "╰─ " : "├─ "}`),
      ...bodyLines(tree, step, `${below}${hasChildren ? "│" : " "}${" ".repeat(tree.indexWidth + 2)}`),
      ...branches(tree, step.index, below),
    ];
  });
}

function headLine(tree: Tree, step: Step, guides: string): string {
  const { style, width } = tree;
  const number = padStart(String(step.index), tree.indexWidth);
  const facts =
    padStart(step.tokens ? tokensInBrief(step.tokens) : "", columns.tokens) +
    padStart(step.costUsd === null ? "" : money(step.costUsd), columns.cost) +
    padStart(step.status === "running" ? "running" : duration(step.durationMs), columns.duration);
  const note = stepNote(style, step);
  const name = style.bold(oneLine(step.name));
  const start = `${style.dim(guides)}${style.dim(number)} ${stepMark(style, step)} ${name}${note && `  ${note}`}`;
  const room = width - widthOf(start) - widthOf(facts) - 3;
  const given = step.kind === "inference" || tree.isFull ? "" : fit(argumentsInLine(step.arguments), room);
  return aside(given ? `${start}  ${given}` : start, style.dim(facts), width);
}

/** Left and right on one line. */
function aside(left: string, right: string, width: number): string {
  return `${left}${" ".repeat(Math.max(1, width - widthOf(left) - widthOf(right)))}${right}`.trimEnd();
}

function bodyLines(tree: Tree, step: Step, guides: string): string[] {
  const lines = step.kind === "inference" ? answerLines(tree, step, guides) : resultLines(tree, step, guides);
  if (step.contentMissing && step.result === null && step.error === null && step.status !== "running") {
    lines.push(entry(tree, guides, tree.style.dim("(content was not kept)")));
  }
  if (step.error) lines.push(...errorLines(tree, step.error, guides));
  return lines;
}

function answerLines(tree: Tree, step: Step, guides: string): string[] {
  const { style } = tree;
  const said = messageParts(step.result);
  const reasoning = step.reasoning ?? said.reasoning;
  const room = tree.width - widthOf(guides) - 8;
  const lines: string[] = [];
  const add = (label: string, texts: string[], paint: (text: string) => string): void => {
    texts.forEach((text, at) =>
      lines.push(entry(tree, guides, `${style.dim((at === 0 ? label : "").padEnd(8))}${paint(text)}`)),
    );
  };
  if (reasoning) {
    const text = tree.isFull ? reasoning : oneLine(reasoning);
    add("thinks", wrap(text, room, tree.isFull ? undefined : 2), (line) => style.italic(style.dim(line)));
  }
  if (said.text) {
    add("says", wrap(tree.isFull ? said.text : oneLine(said.text), room, tree.isFull ? undefined : 3), String);
  }
  for (const call of said.toolCalls) {
    const text = `${harmless(call.name)} ${argumentsInLine(call.arguments)}`;
    add("calls", tree.isFull ? wrap(text, room) : [fit(text, room)], String);
  }
  return lines;
}

function resultLines(tree: Tree, step: Step, guides: string): string[] {
  const { style, isFull, width } = tree;
  const room = width - widthOf(guides) - 2;
  const given = isFull ? wrap(argumentsInLine(step.arguments), room).filter(Boolean) : [];
  const text = step.result === null || step.result === undefined ? "" : inWords(step.result);
  const result = isFull ? wrap(text, room) : wrap(oneLine(text), room, 2);
  return [
    ...given.map((line) => entry(tree, guides, line)),
    ...(text ? result : []).map((line, at) => entry(tree, guides, `${style.dim(at === 0 ? "→ " : "  ")}${line}`)),
  ];
}

function errorLines(tree: Tree, error: StepError, guides: string): string[] {
  const { style, width, isFull } = tree;
  const room = width - widthOf(guides);
  const message = wrap(`${error.name}: ${error.message}`, room, isFull ? undefined : 4);
  return [
    ...message.map((line) => entry(tree, guides, style.red(line))),
    ...stackLines(error.stack, isFull ? Number.POSITIVE_INFINITY : 5).map((line) =>
      entry(tree, guides, style.dim(fit(`  ${line}`, room))),
    ),
  ];
}

const entry = (tree: Tree, guides: string, text: string): string => `${tree.style.dim(guides)}${text}`;
