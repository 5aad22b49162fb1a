import type { Command } from "commander";

import { createCommand, show, type CommandContext } from "../command-context.ts";
import { wrongUse } from "../command-failure.ts";
import { resolveRun } from "../resolve-run.ts";

interface Options {
  because: string;
  json?: boolean;
}

/** Characters that the collector takes. */
const REASON_MAX_LENGTH = 200;

/** `runreel keep`: has a run sent that was sampled out. */
export function keepCommand(context: CommandContext): Command {
  return createCommand(
    "keep",
    "Have a run sent whole that was sampled out and is still going on",
    `  runreel keep 0af7651916cd43dd8448eb211c80319c --because "asks the same thing again and again"

A run that was sampled out is not listed by \`runreel runs\`, so its whole id is needed; traceContext() in the program has it.
Its process hears of it with the next request that it sends, and sends what it still holds of the run and all that follows.`,
  )
    .argument("<run>", "the 32 digits of its id")
    .requiredOption(
      "--because <text>",
      `what was found in it, up to ${REASON_MAX_LENGTH} characters; stands where it is shown`,
    )
    .action(async (text: string, { because, json }: Options) => {
      const reason = because.trim();
      if (reason === "" || reason.length > REASON_MAX_LENGTH) {
        throw wrongUse(`--because has ${reason.length} characters`, `Expected 1 to ${REASON_MAX_LENGTH}.`);
      }
      const client = context.client();
      const answer = await client.keep(await resolveRun(client, text), reason);
      const { runId, state, processes } = answer;
      show(context, json, answer, () =>
        state === "kept"
          ? `Run ${runId} is there already: runreel show ${runId}`
          : `Asked ${processes.length === 1 ? "1 process" : `${processes.length} processes`} for run ${runId}. ` +
            "It shows in `runreel runs` once that has sent its next request.",
      );
    });
}
