import { StartError } from "../../model/start-error.ts";
import type { StartErrorCode } from "../../model/start-error.ts";

/** A start of the embedded engine that came to nothing. */
export interface FailedLaunch {
  state: "failed";
  reason: "locked" | "port" | "missing" | "crashed" | "timeout";
  /** The newest lines that the engine's process printed. */
  output: string;
}

const SERVER_URL_HINT = "Set CLICKHOUSE_URL to the HTTP address of a ClickHouse server to use that instead.";

const explanations: Record<FailedLaunch["reason"], { code: StartErrorCode; what: string; hint: string }> = {
  locked: {
    code: "RUNREEL_DATA_LOCKED",
    what: "Its folder is in use by another one.",
    hint: "Stop the other collector, or give this one a folder of its own with RUNREEL_DATA.",
  },
  port: {
    code: "RUNREEL_ENGINE_FAILED",
    what: "Its port was taken by another program.",
    hint: "Start the collector again.",
  },
  missing: {
    code: "RUNREEL_ENGINE_MISSING",
    what: `It cannot be loaded on ${process.platform}-${process.arch}.`,
    hint: `It comes with the optional packages chdb and ffi-rs, for Linux with glibc and for macOS. ${SERVER_URL_HINT}`,
  },
  timeout: { code: "RUNREEL_ENGINE_FAILED", what: "It did not answer in time.", hint: SERVER_URL_HINT },
  crashed: { code: "RUNREEL_ENGINE_FAILED", what: "It ended while it started.", hint: SERVER_URL_HINT },
};

/** The error for the person who started the collector. */
export function explainFailedLaunch({ reason, output }: FailedLaunch, dataDir: string): StartError {
  const { code, what, hint } = explanations[reason];
  const said = output === "" ? "" : ` It said: ${output}`;
  return new StartError(code, `The embedded ClickHouse in ${dataDir} did not start. ${what}${said}`, hint);
}
