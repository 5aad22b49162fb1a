import type { StepKind } from "../record/outcome.ts";

/** Codes stay the same for ever; the README of this package explains each. */
export type ReplayErrorCode =
  | "RUNREEL_REPLAY_PLAN_INVALID"
  | "RUNREEL_REPLAY_DIVERGED"
  | "RUNREEL_EFFECT_NOT_CONFIRMED"
  | "RUNREEL_REPLAY_FAILED";

/** What stops a replay. Thrown at the program in the place of the step that was not to run. */
export class RunreelReplayError extends Error {
  readonly code: ReplayErrorCode;

  constructor(code: ReplayErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "RunreelReplayError";
    this.code = code;
  }
}

/** A step as a divergence reports it. */
export interface DivergedStep {
  kind: StepKind;
  name: string;
  arguments: unknown;
}

/** Where the program first asked for something else than the recording holds. */
export interface Divergence {
  /** The recorded step that was due; one past the last when nothing was. */
  step: number;
  /** Null when the recording holds no further step. */
  expected: DivergedStep | null;
  actual: DivergedStep;
}

/** The program took a step that the recording does not hold. */
export class RunreelDivergenceError extends RunreelReplayError {
  readonly divergence: Divergence;

  constructor(divergence: Divergence, message: string) {
    super("RUNREEL_REPLAY_DIVERGED", message);
    this.name = "RunreelDivergenceError";
    this.divergence = divergence;
  }
}

/** A step that changes the world was not allowed to run: somebody said no, or nobody said yes. */
export class RunreelEffectBlockedError extends RunreelReplayError {
  readonly step: { index: number | null; kind: StepKind; name: string };

  constructor(step: RunreelEffectBlockedError["step"], message: string, options?: ErrorOptions) {
    super("RUNREEL_EFFECT_NOT_CONFIRMED", message, options);
    this.name = "RunreelEffectBlockedError";
    this.step = step;
  }
}
