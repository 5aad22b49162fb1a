import type { Effect, StepKind } from "../record/outcome.ts";
import type { RecordedStep, ReplayPlan } from "./plan.ts";

/** A replay in progress: decides for each step that the program is about to take. */
export interface Replay {
  readonly plan: ReplayPlan;
  /**
   * Decides a step. Asks the person where an effect needs a yes; then takes as long as they do.
   *
   * Never rejects: whatever fails inside is a verdict `block` (docs/adr, "fail closed").
   */
  decide(step: { kind: StepKind; name: string; arguments: unknown; effect: Effect; callId?: string }): Promise<Verdict>;
}

export type Verdict =
  /** Hand back `recorded`; nothing runs. */
  | { action: "serve"; recorded: RecordedStep }
  /** Run it, with `arguments` (edited ones where the person changed them). */
  | { action: "run"; served: "live" | "confirmed"; arguments: unknown; confirmedBy?: string; origin?: RecordedStep }
  /** Do not run it. `error` is a RunreelReplayError, to be thrown at the program. */
  | { action: "block"; reason: "effect" | "divergence" | "failure"; error: Error };
