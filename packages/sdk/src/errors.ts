export { RunreelDivergenceError, RunreelEffectBlockedError, RunreelReplayError } from "./replay/replay-error.ts";

/** `start()` was given something it cannot work with. The message lists every fault. */
export class RunreelOptionsError extends Error {
  override readonly name = "RunreelOptionsError";
  readonly code = "RUNREEL_OPTIONS_INVALID";
  /** One sentence for each fault: the option, what was expected and what was found. */
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`Runreel cannot start:\n${faults.map((fault) => `- ${fault}`).join("\n")}`);
    this.faults = faults;
  }
}
