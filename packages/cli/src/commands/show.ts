import type { Command } from "commander";

import { CommandFailure, exitCodes } from "../command-failure.ts";
import { createCommand, show, type CommandContext } from "../command-context.ts";
import { parseStep } from "../parse-option.ts";
import { printStep } from "../print/step-detail.ts";
import { printRun } from "../print/step-tree.ts";
import { resolveRun, runArgument } from "../resolve-run.ts";

interface Options {
  step?: number;
  full?: boolean;
  json?: boolean;
}

/** `runreel show`: one run as a tree of its steps. */
export function showCommand(context: CommandContext): Command {
  return createCommand(
    "show",
    "Show a run: its steps with arguments, results, reasoning, tokens, cost, time and errors",
    `  runreel show last
  runreel show last-failed --full    nothing cut: results, reasoning, stacks
  runreel show 0af7 --step 7         one step with its whole content`,
  )
    .argument("<run>", runArgument)
    .option("--step <n>", "only this step, with its whole content", parseStep)
    .option("--full", "cut nothing")
    .action(async (text: string, { step: index, full, json }: Options) => {
      const client = context.client();
      const runId = await resolveRun(client, text);
      const detail = await client.run(runId);
      if (index === undefined) {
        show(context, json, detail, () => printRun(detail, context.sheet, { isFull: full === true }));
        return;
      }
      const step = detail.steps.find((candidate) => candidate.index === index);
      if (!step) {
        throw new CommandFailure(
          exitCodes.notFound,
          `Run ${runId} has no step ${index}; it has ${detail.steps.length}`,
        );
      }
      const content = await client.span(runId, step.spanId);
      show(context, json, { step, span: content }, () => printStep(step, content, context.sheet));
    });
}
