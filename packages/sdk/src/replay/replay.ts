import type { Effect, StepKind } from "../record/outcome.ts";
import type { MessageEdit } from "./message-edits.ts";
import type { RecordedStep, ReplayPlan } from "./plan.ts";
import type { Divergence } from "./replay-error.ts";

/** A replay in progress: decides for each step that the program is about to take. */
export interface Replay {
  readonly plan: ReplayPlan;
  /** The first divergence, once there is one. The root span tells it as `runreel.replay.divergence`. */
  readonly divergence: Divergence | undefined;
  /**
   * Changes to messages that the recorded inferences before the checkpoint had already read. An adapter applies them to what live
   * inferences read; every other edit has been made when `decide` returns.
   */
  readonly messageEdits: readonly MessageEdit[];
  /**
   * Decides a step. Asks the person where an effect needs a yes; then takes as long as they do.
   *
   * Never rejects: whatever fails inside is a verdict `block` (docs/adr, "fail closed").
   */
  decide(step: { kind: StepKind; name: string; arguments: unknown; effect: Effect; callId?: string }): Promise<Verdict>;
}

export type Verdict =
  /** Hand back `recorded`; nothing runs. */
  | {
      action: "serve";
      recorded: RecordedStep;
      /** The person changed `recorded.result`, so that `recorded.raw` no longer says the same. */
      isResultEdited: boolean;
    }
  /** Run it, with `arguments` (edited ones where the person changed them). */
  | { action: "run"; served: "live" | "confirmed"; arguments: unknown; confirmedBy?: string; origin?: RecordedStep }
  /** Do not run it. `error` is a RunreelReplayError, to be thrown at the program. */
  | { action: "block"; reason: "effect" | "divergence" | "failure"; error: Error };
