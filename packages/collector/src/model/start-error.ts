/**
 * Why a collector cannot start. Stable: a code never changes its meaning and is never used again.
 *
 * - `RUNREEL_ENGINE_MISSING`: the optional packages with the embedded ClickHouse are not installed, or have no build for this platform.
 * - `RUNREEL_ENGINE_FAILED`: the embedded ClickHouse did not start.
 * - `RUNREEL_ADDRESS_UNAVAILABLE`: the collector cannot listen where it was told to.
 * - `RUNREEL_DATA_LOCKED`: another collector has the data folder.
 * - `RUNREEL_DATABASE_NEWER`: the database was written by a newer collector.
 * - `RUNREEL_DATABASE_UNREACHABLE`: the ClickHouse server did not answer, or refused the user.
 * - `RUNREEL_JOURNAL_INVALID`: the journal's folder holds something that is not a journal of this version.
 * - `RUNREEL_JOURNAL_BEHIND`: the store knows of more records than the journal ever gave out, so they do not belong together.
 */
export type StartErrorCode =
  | "RUNREEL_ENGINE_MISSING"
  | "RUNREEL_ENGINE_FAILED"
  | "RUNREEL_ADDRESS_UNAVAILABLE"
  | "RUNREEL_DATA_LOCKED"
  | "RUNREEL_DATABASE_NEWER"
  | "RUNREEL_DATABASE_UNREACHABLE"
  | "RUNREEL_JOURNAL_INVALID"
  | "RUNREEL_JOURNAL_BEHIND";

/** A reason not to start: what happened, what to do. Thrown before the collector listens, never after. */
export class StartError extends Error {
  override readonly name = "StartError";
  readonly code: StartErrorCode;
  /** What to do about it, in one or two sentences. */
  readonly hint: string;

  constructor(code: StartErrorCode, message: string, hint: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.hint = hint;
  }
}
