import type { Command } from "commander";

import { createCommand, show, type CommandContext } from "../command-context.ts";
import { printDiff } from "../print/diff-view.ts";
import { resolveRun, runArgument } from "../resolve-run.ts";

/** `runreel diff`: two runs aligned step by step. */
export function diffCommand(context: CommandContext): Command {
  return createCommand(
    "diff",
    "Align two runs step by step and mark where they first differ",
    `  runreel diff last-failed last      a failed run and its replay
  runreel diff 0af7 3b1c --json`,
  )
    .argument("<run>", runArgument)
    .argument("<other>", "the run to compare it with")
    .action(async (text: string, otherText: string, { json }: { json?: boolean }) => {
      const client = context.client();
      const [runId, otherRunId] = await Promise.all([resolveRun(client, text), resolveRun(client, otherText)]);
      const diff = await client.diff(runId, otherRunId);
      if (json) return show(context, json, diff, String);
      const [a, b] = await Promise.all([client.run(runId), client.run(otherRunId)]);
      context.print(printDiff(diff, a, b, context.sheet));
    });
}
