import type { Command } from "commander";

import { createCommand, show, type CommandContext } from "../command-context.ts";
import { examine } from "../doctor/examine.ts";
import type { Examination } from "../doctor/examination.ts";
import type { Sheet } from "../print/terminal.ts";
import { wrap } from "../print/text.ts";

/** `runreel doctor`: what is wrong here, and what to do about it. */
export function doctorCommand(context: CommandContext): Command {
  return createCommand(
    "doctor",
    "Look for what is wrong: reachability, key, clock, versions, disk, ClickHouse, what processes lost",
    `  runreel doctor
  RUNREEL_ENDPOINT=https://runreel.example:4318 runreel doctor`,
  ).action(async ({ json }: { json?: boolean }) => {
    const client = context.client();
    const { examinations, exitCode } = await examine(client, context.environment);
    show(context, json, { endpoint: client.endpoint, checks: examinations }, () =>
      [`Collector at ${client.endpoint}`, "", ...examinations.flatMap((one) => lines(one, context.sheet))].join("\n"),
    );
    context.exitWith(exitCode);
  });
}

function lines({ name, state, found, advice }: Examination, { style, width }: Sheet): string[] {
  const mark = { ok: style.green("✓"), warning: style.yellow("!"), fault: style.red("✗") }[state];
  const [first = "", ...rest] = wrap(found, width - 18);
  return [
    `${mark} ${name.padEnd(14)}${first}`,
    ...rest.map((line) => " ".repeat(16) + line),
    ...(advice ? wrap(advice, width - 18).map((line) => style.dim(" ".repeat(16) + line)) : []),
  ];
}
