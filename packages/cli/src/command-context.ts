import { Command, Option } from "commander";

import type { CollectorClient } from "./client.ts";
import type { Sheet } from "./print/terminal.ts";

/** What every command works with. Nothing else reads the process. */
export interface CommandContext {
  environment: Record<string, string | undefined>;
  /** How to print on standard output. */
  sheet: Sheet;
  client(): CollectorClient;
  /** Writes a line, or several, to standard output. */
  print: (text: string) => void;
  /** Writes a line to standard error: what a program that reads the output must not see. */
  tell: (text: string) => void;
  /** Sets what the process will end with. */
  exitWith(code: number): void;
}

const jsonOption = (): Option => new Option("--json", "print one JSON document for programs");

/** A command with the options and the help that all of them share. */
export function createCommand(name: string, summary: string, examples: string): Command {
  return new Command(name)
    .description(summary)
    .addOption(jsonOption())
    .addHelpText("after", `\nExamples:\n${examples.trimEnd()}\n`)
    .showHelpAfterError("(--help shows how it is used)");
}

/** Prints `value` as the one document, or for people. */
export function show(context: CommandContext, isJson: boolean | undefined, value: unknown, text: () => string): void {
  context.print(isJson ? JSON.stringify(value, null, 2) : text());
}
