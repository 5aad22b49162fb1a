/** What the command ends with. Programs rely on the numbers. */
export const exitCodes = {
  done: 0,
  failed: 1,
  wrongUse: 2,
  diverged: 3,
  notConfirmed: 4,
  notFound: 5,
  unreachable: 6,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends the command with a message for the person and an exit code for programs. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  readonly exitCode: ExitCode;
  /** What to do about it. */
  readonly hint: string | undefined;
  /** The collector's stable code, or one of this command's own. */
  readonly code: string;

  constructor(
    exitCode: ExitCode,
    message: string,
    options: { hint?: string | undefined; code?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.exitCode = exitCode;
    this.hint = options.hint;
    this.code = options.code ?? "RUNREEL_COMMAND_FAILED";
  }
}

/** A mistake in what was typed. */
export function wrongUse(message: string, hint?: string): CommandFailure {
  return new CommandFailure(exitCodes.wrongUse, message, { hint, code: "RUNREEL_COMMAND_USE" });
}
