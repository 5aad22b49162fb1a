import type { Command } from "commander";

import { createCommand, show, type CommandContext } from "../command-context.ts";
import { moment } from "../print/quantity.ts";
import { printTable } from "../print/table.ts";
import { oneLine } from "../print/text.ts";
import { resolveRun, runArgument } from "../resolve-run.ts";

/** `runreel checkpoints`: where the state of a run was recorded. */
export function checkpointsCommand(context: CommandContext): Command {
  return createCommand(
    "checkpoints",
    "List the checkpoints of a run: moments whose state can be read and replayed from",
    `  runreel checkpoints last
  runreel state last --at 6          the state after step 6`,
  )
    .argument("<run>", runArgument)
    .action(async (text: string, { json }: { json?: boolean }) => {
      const client = context.client();
      const answer = await client.checkpoints(await resolveRun(client, text));
      show(context, json, answer, () =>
        answer.checkpoints.length === 0
          ? "This run recorded no checkpoints. checkpoint(state) records one, and so does recordingSaver(saver) on LangGraph."
          : printTable(
              answer.checkpoints,
              [
                {
                  title: "after step",
                  align: "right",
                  cell: ({ afterStep }) => (afterStep ? String(afterStep) : "start"),
                },
                { title: "at (UTC)", cell: ({ at }) => moment(at) },
                { title: "label", cell: ({ label }) => oneLine(label ?? "") },
                { title: "checkpoint", cell: ({ checkpointId }) => oneLine(checkpointId) },
              ],
              context.sheet,
            ),
      );
    });
}
