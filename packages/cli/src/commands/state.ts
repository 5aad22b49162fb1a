import { writeFile } from "node:fs/promises";

import type { Command } from "commander";

import { createCommand, show, type CommandContext } from "../command-context.ts";
import { parseStep } from "../parse-option.ts";
import { resolveRun, runArgument } from "../resolve-run.ts";

interface Options {
  at: number;
  out?: string;
  json?: boolean;
}

/** `runreel state`: the agent's state after a step. */
export function stateCommand(context: CommandContext): Command {
  return createCommand(
    "state",
    "Print the agent's state after a step, as JSON",
    `  runreel state last-failed --at 6
  runreel state last-failed --at 6 --out state.json
  runreel state last --at 6 --json   with the checkpoint it was read from`,
  )
    .argument("<run>", runArgument)
    .requiredOption("--at <n>", "after this step", parseStep)
    .option("--out <file>", "write it to a file instead")
    .action(async (text: string, { at, out, json }: Options) => {
      const client = context.client();
      const answer = await client.state(await resolveRun(client, text), at);
      const state = (answer as { state?: unknown }).state;
      if (out === undefined) return show(context, json, answer, () => JSON.stringify(state, null, 2));
      await writeFile(out, `${JSON.stringify(state, null, 2)}\n`);
      show(context, json, { out, at }, () => `The state after step ${at} is in ${out}.`);
    });
}
