import { Command, CommanderError } from "commander";

import { createClient } from "./client.ts";
import type { CommandContext } from "./command-context.ts";
import { CommandFailure, exitCodes } from "./command-failure.ts";
import { checkpointsCommand } from "./commands/checkpoints.ts";
import { diffCommand } from "./commands/diff.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { keepCommand } from "./commands/keep.ts";
import { replayCommand } from "./commands/replay.ts";
import { runsCommand } from "./commands/runs.ts";
import { showCommand } from "./commands/show.ts";
import { spoolCommand } from "./commands/spool.ts";
import { sqlCommand } from "./commands/sql.ts";
import { stateCommand } from "./commands/state.ts";
import { upCommand } from "./commands/up.ts";
import { usageCommand } from "./commands/usage.ts";
import { version } from "./doctor/examine.ts";
import { createSheet } from "./print/terminal.ts";

const epilogue = `
RUN is a run id, the first 4 or more characters of one, last, or last-failed.

Environment:
  RUNREEL_ENDPOINT  the collector's address (http://127.0.0.1:4318)
  RUNREEL_API_KEY   the key it asks for, if any
  NO_COLOR          print without colour

Exit codes: 0 done · 1 failed · 2 wrong use · 3 divergence stopped the replay · 4 an effect was not confirmed ·
5 not found · 6 collector unreachable
`;

/**
 * Runs the command line `argv` (without the program's own name) and gives its exit code.
 *
 * Never rejects: failures are printed, as one JSON document where `--json` was asked for.
 */
export async function runCommand(
  argv: readonly string[],
  environment: Record<string, string | undefined> = process.env,
): Promise<number> {
  let exitCode: number = exitCodes.done;
  const context: CommandContext = {
    environment,
    sheet: createSheet(process.stdout, environment),
    client: () => createClient(address(environment)),
    print: (text) => process.stdout.write(`${text}\n`),
    tell: (text) => process.stderr.write(`${text}\n`),
    exitWith: (code) => {
      exitCode = code;
    },
  };
  try {
    await createProgram(context).parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    return fail(context, error, isJson(argv));
  }
}

function createProgram(context: CommandContext): Command {
  const program = new Command("runreel")
    .description("The flight recorder for AI agents: look at runs, and replay a failed one from any step")
    .version(version())
    .addHelpText("after", epilogue)
    .showHelpAfterError("(--help lists the commands)");
  for (const build of [
    upCommand,
    runsCommand,
    showCommand,
    checkpointsCommand,
    stateCommand,
    replayCommand,
    diffCommand,
    keepCommand,
    usageCommand,
    sqlCommand,
    spoolCommand,
    doctorCommand,
  ]) {
    program.addCommand(build(context));
  }
  const width = (): number => context.sheet.width;
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ getOutHelpWidth: width, getErrHelpWidth: width });
  }
  return program;
}

function address(environment: Record<string, string | undefined>): { endpoint: string; apiKey: string | undefined } {
  const endpoint =
    environment["RUNREEL_ENDPOINT"] || environment["OTEL_EXPORTER_OTLP_ENDPOINT"] || "http://127.0.0.1:4318";
  if (!URL.canParse(endpoint) || !/^https?:/.test(endpoint)) {
    throw new CommandFailure(exitCodes.wrongUse, `RUNREEL_ENDPOINT is "${endpoint}"`, {
      hint: "Expected an address such as http://127.0.0.1:4318",
      code: "RUNREEL_COMMAND_USE",
    });
  }
  return { endpoint, apiKey: environment["RUNREEL_API_KEY"] || undefined };
}

/** Whether a failure is to be told as JSON. What follows `--` belongs to another program. */
function isJson(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return argv.slice(0, end < 0 ? undefined : end).includes("--json");
}

function fail(context: CommandContext, error: unknown, asJson: boolean): number {
  // Commander has printed its own message, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUse;
  const failure =
    error instanceof CommandFailure
      ? error
      : new CommandFailure(exitCodes.failed, error instanceof Error ? (error.stack ?? error.message) : String(error), {
          code: "RUNREEL_COMMAND_DEFECT",
        });
  const { code, message, hint } = failure;
  if (asJson) context.print(JSON.stringify({ error: { code, message, ...(hint ? { hint } : {}) } }, null, 2));
  else context.tell(`runreel: ${message}${hint ? `\n${hint}` : ""}`);
  return failure.exitCode;
}
