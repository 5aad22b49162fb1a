import { spawn } from "node:child_process";
import { once } from "node:events";

import { CommandFailure, exitCodes } from "../command-failure.ts";

export interface ProgramOptions {
  command: readonly [string, ...string[]];
  environment: Record<string, string | undefined>;
  /** `ignore` where standard input holds answers for us. */
  input: "inherit" | "ignore";
  /** Where its standard output goes: to ours, or to our standard error when ours is one JSON document. */
  output: "stdout" | "stderr";
}

export interface Program {
  /** Resolves when the program has ended. Rejects with a CommandFailure when it could not be started. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

const passedOn = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Starts a program with our own input and output, and passes signals on to it until it has ended. */
export function runProgram({ command, environment, input, output }: ProgramOptions): Program {
  const [name, ...rest] = command;
  const child = spawn(name, rest, {
    env: environment,
    stdio: [input, output === "stdout" ? "inherit" : 2, "inherit"],
  });
  const handlers = passedOn.map((signal) => {
    const handler = (): void => {
      // At a terminal ctrl-c has reached the program as well; a second one would make many programs stop at once.
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    };
    process.on(signal, handler);
    return { signal, handler };
  });
  const ended = once(child, "exit")
    .then(([code, signal]) => ({ code: code as number | null, signal: signal as NodeJS.Signals | null }))
    .catch((cause: unknown) => {
      throw new CommandFailure(exitCodes.wrongUse, `Could not start ${name}: ${(cause as Error).message}`, {
        hint: "What follows -- is started as it stands, without a shell.",
        cause,
      });
    })
    .finally(() => handlers.forEach(({ signal, handler }) => process.off(signal, handler)));
  return { ended };
}
