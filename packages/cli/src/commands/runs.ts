import { setTimeout as wait } from "node:timers/promises";

import { type Command, Option } from "commander";

import type { Run } from "../answers.ts";
import { createCommand, show, type CommandContext } from "../command-context.ts";
import { parseLimit, parseSince } from "../parse-option.ts";
import { printRuns } from "../print/run-table.ts";

interface Options {
  status?: string;
  agent?: string;
  since?: string;
  limit: number;
  follow?: boolean;
  json?: boolean;
}

const followIntervalMs = 1000;

/** `runreel runs`: the newest runs. */
export function runsCommand(context: CommandContext): Command {
  return createCommand(
    "runs",
    "List the newest runs: status, agent, steps, tokens, cost, findings",
    `  runreel runs --status error --since 1h
  runreel runs --agent ticket-scout --limit 5
  runreel runs --follow              one line a run as they change, until ctrl-c
  runreel runs --follow --json       one JSON object a line`,
  )
    .addOption(
      new Option("--status <status>", "only runs that stand like this").choices([
        "running",
        "ok",
        "error",
        "interrupted",
        "silent",
        "lost",
      ]),
    )
    .option("--agent <name>", "only runs of this agent")
    .option("--since <time>", "only runs since then: 30m, 1h, 7d, or a time", parseSince)
    .option("--limit <n>", "how many", parseLimit, 20)
    .option("--follow", "go on and print runs as they begin, end or change")
    .action(async (options: Options) => {
      const { status, agent, since, limit } = options;
      const query = { status, agent, from: since, limit };
      if (options.follow) return follow(context, query, options.json === true);
      const answer = await context.client().runs(query);
      show(context, options.json, answer, () =>
        answer.runs.length === 0
          ? "No runs. Record one with @runreel/sdk, then look again; `runreel doctor` helps when none arrive."
          : printRuns(answer.runs, context.sheet),
      );
    });
}

/** Asks again every second and prints what is new. Ends with the process. */
async function follow(
  context: CommandContext,
  query: Record<string, string | number | undefined>,
  isJson: boolean,
): Promise<void> {
  const client = context.client();
  const seen = new Map<string, string>();
  for (let hasTitles = false; ;) {
    const { runs } = await client.runs(query);
    const changed = runs.filter((run) => seen.get(run.runId) !== stateOf(run)).reverse();
    for (const run of changed) seen.set(run.runId, stateOf(run));
    for (const id of [...seen.keys()].slice(0, Math.max(0, seen.size - 10_000))) seen.delete(id);
    if (isJson) for (const run of changed) context.print(JSON.stringify(run));
    else if (changed.length > 0) {
      const table = printRuns(changed, context.sheet);
      context.print(hasTitles ? table.split("\n").slice(1).join("\n") : table);
      hasTitles = true;
    }
    await wait(followIntervalMs);
  }
}

const stateOf = ({ status, steps, costUsd }: Run): string => `${status} ${steps} ${costUsd}`;
