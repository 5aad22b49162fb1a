import type { SpanDetail, Step } from "../answers.ts";
import { messageParts, messagesGiven } from "./message.ts";
import { duration, moment, money, tokensInWords } from "./quantity.ts";
import { stackLines } from "./stack.ts";
import { stepMark, stepNote } from "./status.ts";
import type { Sheet } from "./terminal.ts";
import { harmless, oneLine, wrap } from "./text.ts";
import { argumentsInLine, inLines, inWords } from "./value.ts";

/** One step with its whole content, section by section. */
export function printStep(step: Step, content: SpanDetail, sheet: Sheet): string {
  const { style } = sheet;
  const given = content.arguments ?? step.arguments;
  const result = content.result ?? step.result;
  const note = stepNote(style, step);
  const facts = [
    `started ${moment(step.startTime)} UTC`,
    step.status === "running" ? "running" : `took ${duration(step.durationMs)}`,
    step.kind === "inference" ? "" : `effect ${step.effect.replace("_", "-")}`,
    step.tokens ? tokensInWords(step.tokens) : "",
    step.costUsd === null ? "" : money(step.costUsd),
    `span ${step.spanId}`,
  ];
  const lines = [
    `${stepMark(style, step)} ${style.bold(`step ${step.index}  ${oneLine(step.name)}`)}${note && `  ${note}`}`,
    style.dim(`  ${facts.filter(Boolean).join(" · ")}`),
  ];
  const section = (title: string, body: string[]): void => {
    if (body.some((line) => line !== "")) lines.push("", style.underline(title), ...body.map((line) => `  ${line}`));
  };
  if (step.kind === "inference") {
    for (const message of messagesGiven(given)) section(messageParts(message).role, messageLines(message, sheet));
    section("answer", messageLines(result, sheet, step.reasoning));
  } else {
    section("arguments", given === null || given === undefined ? [] : block(given, sheet));
    section("result", result === null || result === undefined ? [] : block(result, sheet));
  }
  if (step.error) {
    const { name, message, stack } = step.error;
    section("error", [
      ...wrap(`${name}: ${message}`, sheet.width - 2).map(style.red),
      ...stackLines(stack, Number.POSITIVE_INFINITY).map((line) => style.dim(`  ${line}`)),
    ]);
  }
  if (step.contentMissing) lines.push("", style.yellow("Some of this step's content was not kept."));
  return lines.join("\n");
}

const block = (value: unknown, { width }: Sheet): string[] => wrap(inLines(value), width - 2);

function messageLines(message: unknown, { style, width }: Sheet, reasoning: string | null = null): string[] {
  const parts = messageParts(message);
  const thought = reasoning ?? parts.reasoning;
  return [
    ...(thought ? wrap(thought, width - 4).map((line) => style.italic(style.dim(line))) : []),
    ...(parts.text ? wrap(parts.text, width - 2) : []),
    ...parts.toolCalls.flatMap((call) =>
      wrap(`calls ${harmless(call.name)} ${argumentsInLine(call.arguments)}`, width - 2),
    ),
    ...parts.toolResults.flatMap((result) => wrap(`→ ${inWords(result)}`, width - 2)),
  ];
}
