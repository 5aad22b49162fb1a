import type { RecordingCodec } from "../content/codecs.ts";
import { decide } from "./decide.ts";
import type { World } from "./decide.ts";
import { readEdits } from "./edits.ts";
import { createEffectGuard } from "./effect-guard.ts";
import type { EffectGuard } from "./effect-guard.ts";
import { Recording } from "./match.ts";
import type { ReplayPlan } from "./plan.ts";
import type { Replay } from "./replay.ts";
import { wholePlan } from "./whole-plan.ts";

export interface ReplayOptions {
  plan: ReplayPlan;
  /** Codecs that make results whole again. None unless given. */
  codecs?: readonly RecordingCodec[];
  /** The hash that recording gives a step's arguments: after redaction, with the codecs that are registered now. */
  hash: (value: unknown) => string;
  /** What may leave the process of a value, for questions and reports. Everything unless given. */
  redact?: (value: unknown) => unknown;
  /** Who is asked before an effect; the collector that the plan names unless given. */
  guard?: EffectGuard;
}

/**
 * Builds the replay that a plan describes.
 *
 * @throws RunreelReplayError RUNREEL_REPLAY_PLAN_INVALID for edits that cannot be made
 */
export function createReplay(options: ReplayOptions): Replay {
  const { hash } = options;
  const plan = wholePlan(options.plan, options.codecs ?? []);
  const edits = readEdits(plan);
  const world: World = {
    plan,
    edits,
    hash,
    redact: options.redact ?? ((value) => value),
    guard: options.guard ?? createEffectGuard(plan),
    recording: undefined,
    divergence: undefined,
    taken: 0,
    refusals: new Map(),
  };
  return {
    plan,
    messageEdits: edits.messages,
    get divergence() {
      return world.divergence?.divergence;
    },
    decide: (step) => {
      // Built at the first step: by then the program's adapters have registered their codecs.
      world.recording ??= new Recording(plan, hash);
      return decide(world, step);
    },
  };
}
