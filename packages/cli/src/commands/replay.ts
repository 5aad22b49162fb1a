import { type Command, Option } from "commander";

import type { ReplayMode } from "../answers.ts";
import type { BeginReplay, CollectorClient } from "../client.ts";
import { createCommand, show, type CommandContext } from "../command-context.ts";
import { parseStep } from "../parse-option.ts";
import { printReplay } from "../print/replay-summary.ts";
import { answerQuestions } from "../replay/answer-questions.ts";
import { createPerson } from "../replay/ask-person.ts";
import { awaitRun } from "../replay/await-run.ts";
import { type Confirmation, parseConfirmation } from "../replay/confirmation.ts";
import { exitCodeOf, summarize } from "../replay/outcome.ts";
import { type Edit, parseEdit } from "../replay/parse-edit.ts";
import { personName } from "../replay/person-name.ts";
import { writePlanFile } from "../replay/plan-file.ts";
import { completeRecording, planOf } from "../replay/recording.ts";
import { runProgram } from "../replay/run-program.ts";
import { readStateEdits } from "../replay/state-edits.ts";
import { resolveRun, runArgument } from "../resolve-run.ts";

interface Options {
  from: number;
  mode: ReplayMode;
  set: Edit[];
  state?: string;
  confirm: Confirmation;
  onDivergence: "stop" | "continue";
  json?: boolean;
}

/** `runreel replay`: the same program again, with what happened before a step taken from the recording. */
export function replayCommand(context: CommandContext): Command {
  return createCommand(
    "replay",
    "Run a program again: steps before --from come from the recording, that step and later ones run in the mode",
    `  runreel replay last-failed --from 7 --set step.7.arguments.from=NOK -- node agent.js
  runreel replay 0af7 --from 7 --mode tools-recorded -- node agent.js
  runreel replay last --from 9 --confirm 11 --json -- node agent.js   the effect of step 11 is allowed beforehand

Modes:
  live            tools run by their effect: none, read and idempotent run, the others are asked about; the model is asked
  tools-recorded  tools come from the recording, the model is asked
  recorded        everything comes from the recording

What --set can change:
  step.7.arguments.PATH   what a step is run with       step.6.result.PATH   what a recorded step hands back
  messages.3.content      a message of the conversation at the checkpoint, counted from 0

Exit codes: 0 done · 1 failed · 2 wrong use · 3 divergence stopped the replay · 4 an effect was not confirmed ·
5 not found · 6 collector unreachable`,
  )
    .argument("<run>", runArgument)
    .argument("<command...>", "the program and its arguments, after --")
    .requiredOption("--from <n>", "the first step that is not taken from the recording", parseStep)
    .addOption(
      new Option("--mode <mode>", "how that step and later ones run")
        .choices(["recorded", "tools-recorded", "live"])
        .default("live"),
    )
    .addOption(
      new Option("--set <path=value>", "change something, see below; may be given again")
        .argParser((text, edits: Edit[]) => [...edits, parseEdit(text)])
        .default([], "nothing"),
    )
    .option(
      "--state <file>",
      "a changed copy of what `runreel state RUN --at N-1 --out file` wrote; its messages may differ",
    )
    .addOption(
      new Option(
        "--confirm <how>",
        "who allows effects: ask (without a terminal: no), deny, stdin (yes or no, a line each), or steps: 8,11",
      )
        .argParser(parseConfirmation)
        .default(parseConfirmation("ask"), "ask"),
    )
    .addOption(
      new Option("--on-divergence <what>", "when the program takes another step than was recorded")
        .choices(["stop", "continue"])
        .default("stop"),
    )
    .action(async (text: string, command: string[], options: Options) => {
      const client = context.client();
      const originRunId = await resolveRun(client, text);
      const { from, mode, onDivergence } = options;
      const edits = [
        ...options.set,
        ...(options.state === undefined ? [] : await readStateEdits(client, originRunId, from, options.state)),
      ];
      const request = {
        originRunId,
        from,
        mode,
        edits,
        onDivergence,
        command,
        begunBy: personName(context.environment),
      };
      await replay(context, client, request, options);
    });
}

async function replay(
  context: CommandContext,
  client: CollectorClient,
  request: BeginReplay,
  options: Options,
): Promise<void> {
  const recording = await completeRecording(client, request.originRunId, request.from);
  const { replayId } = await client.beginReplay(request);
  const plan = await writePlanFile(planOf(request, replayId, recording, client));
  try {
    const program = runProgram({
      command: request.command as [string, ...string[]],
      environment: replayEnvironment(context.environment, plan.path, client.endpoint),
      input: options.confirm.way === "stdin" ? "ignore" : "inherit",
      output: options.json ? "stderr" : "stdout",
    });
    const over = new AbortController();
    const person = createPerson({
      confirmation: options.confirm,
      input: process.stdin,
      output: process.stderr,
      tell: context.tell,
    });
    const answering = answerQuestions({
      client,
      replayId,
      person,
      by: request.begunBy,
      tell: context.tell,
      signal: over.signal,
    });
    const ended = await program.ended.finally(() => over.abort());
    await answering;
    const detail = await awaitRun(client, replayId);
    const summary = summarize(request, detail);
    show(context, options.json, summary, () => `\n${printReplay(summary, detail?.run, context.sheet, ended.code)}`);
    context.exitWith(exitCodeOf(summary, ended, request.onDivergence));
  } finally {
    await plan.remove();
    // Standard input may still be open for answers that nobody will read.
    process.stdin.destroy();
  }
}

/** Recording must not be switched off in a replay: without it nothing would be served, and every effect would happen again. */
function replayEnvironment(
  environment: CommandContext["environment"],
  planPath: string,
  endpoint: string,
): CommandContext["environment"] {
  const { RUNREEL_DISABLED: _disabled, OTEL_SDK_DISABLED: _off, RUNREEL_SAMPLE: _sample, ...rest } = environment;
  return { ...rest, RUNREEL_REPLAY: planPath, RUNREEL_ENDPOINT: endpoint };
}
