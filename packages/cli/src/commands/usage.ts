import { type Command, Option } from "commander";

import { createCommand, show, type CommandContext } from "../command-context.ts";
import { parseSince } from "../parse-option.ts";
import { printUsage } from "../print/usage-table.ts";

interface Options {
  by?: string;
  per?: string;
  since?: string;
  agent?: string;
  model?: string;
  json?: boolean;
}

/** `runreel usage`: tokens, cost, calls and errors, exact. */
export function usageCommand(context: CommandContext): Command {
  return createCommand(
    "usage",
    "Add up tokens, cost, calls and errors over all runs, those too that are sampled out",
    `  runreel usage --by agent,model
  runreel usage --by tool --since 24h
  runreel usage --by model --per hour --since 7d --json`,
  )
    .option("--by <keys>", "one row for each: agent, version, model, provider, tool, kind, status (any, with commas)")
    .addOption(new Option("--per <time>", "one row for each span of time").choices(["minute", "hour", "day"]))
    .option("--since <time>", "only since then: 30m, 1h, 7d, or a time", parseSince)
    .option("--agent <name>", "only this agent")
    .option("--model <name>", "only this model")
    .action(async ({ by, per, since, agent, model, json }: Options) => {
      const answer = await context.client().usage({ by, per, from: since, agent, model });
      show(context, json, answer, () =>
        answer.rows.length === 0 ? "Nothing was used in that time." : printUsage(answer.rows, context.sheet),
      );
    });
}
