import type { Effect, StepKind } from "../record/outcome.ts";
import { divergenceError } from "./divergence.ts";
import type { Edits } from "./edits.ts";
import type { EffectGuard } from "./effect-guard.ts";
import type { Recording } from "./match.ts";
import type { RecordedStep, ReplayPlan } from "./plan.ts";
import { RunreelEffectBlockedError, RunreelReplayError } from "./replay-error.ts";
import type { RunreelDivergenceError } from "./replay-error.ts";
import type { Verdict } from "./replay.ts";

/** Everything that a decision rests on. */
export interface World {
  readonly plan: ReplayPlan;
  readonly edits: Edits;
  readonly guard: EffectGuard;
  readonly hash: (value: unknown) => string;
  readonly redact: (value: unknown) => unknown;
  recording: Recording | undefined;
  /** The first divergence. With `onDivergence: "stop"` it ends everything. */
  divergence: RunreelDivergenceError | undefined;
  /** Steps that the program has taken so far, this one included: its number in the replay's own run. */
  taken: number;
  /** Effects that were refused, so that a program which tries again does not ask again. */
  readonly refusals: Map<string, Error>;
}

/** A step that the program is about to take. */
export interface LiveStep {
  kind: StepKind;
  name: string;
  arguments: unknown;
  effect: Effect;
  callId?: string;
}

/** Effects that may happen twice. */
const REPEATABLE: ReadonlySet<Effect> = new Set(["none", "read", "idempotent"]);

/** Decides one step. Finds its recording before anything is awaited, so parallel steps cannot take each other's. */
export async function decide(world: World, step: LiveStep): Promise<Verdict> {
  world.taken += 1;
  try {
    return await verdictOn(world, step);
  } catch (cause) {
    const message = `The replay failed at ${step.kind} ${step.name}: ${(cause as Error).message}`;
    return {
      action: "block",
      reason: "failure",
      error: new RunreelReplayError("RUNREEL_REPLAY_FAILED", message, { cause }),
    };
  }
}

function verdictOn(world: World, step: LiveStep): Verdict | Promise<Verdict> {
  const { plan, recording } = world;
  if (recording === undefined) throw new Error("the recording has not been opened");
  const hasStopped = world.divergence !== undefined && plan.onDivergence === "stop";
  if (hasStopped) return { action: "block", reason: "divergence", error: world.divergence! };

  const number = world.taken;
  const argumentsHash = world.hash(step.arguments);
  const wasBefore = recording.isBeforeCheckpoint;
  const match = recording.claim(step.kind, step.name, argumentsHash);
  const isPast = match === undefined ? !wasBefore : match.index >= plan.from;
  const isServed = match !== undefined && (!isPast || isRecordedIn(plan, step.kind));
  if (isServed) return { action: "serve", ...world.edits.resultOf(match) };

  const isDiverged = match === undefined && (!isPast || isRecordedIn(plan, step.kind));
  if (isDiverged) {
    const error = diverge(world, recording, step);
    if (plan.onDivergence === "stop") return { action: "block", reason: "divergence", error };
  }
  return run(world, { step, number, match, argumentsHash });
}

/** Whether steps of this kind still come from the recording after the checkpoint. */
function isRecordedIn({ mode }: ReplayPlan, kind: StepKind): boolean {
  return mode === "recorded" || (mode === "tools-recorded" && kind !== "inference");
}

function diverge(world: World, recording: Recording, step: LiveStep): RunreelDivergenceError {
  const actual = { kind: step.kind, name: step.name, arguments: world.redact(step.arguments) };
  const error = divergenceError(recording.expected(step.kind, step.name), actual, recording.end);
  world.divergence ??= error;
  return error;
}

/** A step on its way to be run. */
interface Taken {
  step: LiveStep;
  number: number;
  match: RecordedStep | undefined;
  argumentsHash: string;
}

async function run(world: World, { step, number, match, argumentsHash }: Taken): Promise<Verdict> {
  const edited = world.edits.argumentsOf(match, step.arguments);
  const origin = match === undefined ? {} : { origin: match };
  if (step.kind === "inference" || REPEATABLE.has(step.effect)) {
    return { action: "run", served: "live", arguments: edited, ...origin };
  }
  const key = JSON.stringify([step.kind, step.name, argumentsHash]);
  const refused = world.refusals.get(key);
  if (refused !== undefined) return { action: "block", reason: "effect", error: refused };
  const { kind, name, effect } = step;
  const answer = await world.guard.ask({
    step: match?.index ?? number,
    kind,
    name,
    arguments: world.redact(edited),
    effect,
    callId: step.callId ?? null,
  });
  if (answer.isAllowed) {
    return { action: "run", served: "confirmed", arguments: edited, confirmedBy: answer.by, ...origin };
  }
  const message = `Step ${match?.index ?? number}, ${kind} ${name} (effect ${effect}) was not run: ${answer.reason}`;
  const error = new RunreelEffectBlockedError({ index: match?.index ?? null, kind, name }, message, {
    cause: answer.cause,
  });
  world.refusals.set(key, error);
  return { action: "block", reason: "effect", error };
}
