import { createTraceState, trace, TraceFlags } from "@opentelemetry/api";
import type { Attributes, Context, SpanContext, SpanKind, TraceState } from "@opentelemetry/api";
import { SamplingDecision } from "@opentelemetry/sdk-trace";
import type { Sampler, SamplingResult } from "@opentelemetry/sdk-trace";
import { RUNREEL_RUN_KEPT_BECAUSE } from "@runreel/semconv";

import { formatOtelMember, isReached, parseOtelMember, randomnessOf, thresholdOf } from "./threshold.ts";

/** Where a tracestate says that a run was sampled out, to processes that may have another rate. */
const OWN_MEMBER = "runreel";
const OUT = "out";

/** Below a parent of this process: its tracestate is passed on. */
const kept: SamplingResult = { decision: SamplingDecision.RECORD_AND_SAMPLED };
const out: SamplingResult = { decision: SamplingDecision.RECORD };

/**
 * Decides at the root of a run, by its trace id, whether the run is kept. The flag of a span context tells how the decision fell; what is
 * not flagged is recorded all the same.
 */
export class HeadSampler implements Sampler {
  readonly #probability: number;
  readonly #threshold: string;
  readonly #chosen: SamplingResult;
  readonly #asked: SamplingResult;
  readonly #rejected: SamplingResult;

  /** Keeps `probability` of all runs, 0 to 1. */
  constructor(probability: number) {
    this.#probability = probability;
    // No threshold stands for never; `#reaches` knows.
    this.#threshold = probability === 0 ? "f" : thresholdOf(probability);
    const reason: Attributes = { [RUNREEL_RUN_KEPT_BECAUSE]: "sampled" };
    this.#chosen =
      probability === 1 ? kept : { ...kept, attributes: reason, traceState: stateOf(`ot=th:${this.#threshold}`) };
    // It would be kept whatever its trace id, so it stands for itself alone.
    this.#asked = probability === 1 ? kept : { ...kept, traceState: stateOf("ot=th:0") };
    this.#rejected = { ...out, traceState: stateOf(`${OWN_MEMBER}=${OUT}`) };
  }

  shouldSample(
    context: Context,
    traceId: string,
    _name: string,
    _kind: SpanKind,
    attributes: Attributes,
  ): SamplingResult {
    const parent = trace.getSpanContext(context);
    if (parent !== undefined && parent.isRemote !== true) return isFlagged(parent) ? kept : out;
    const isAsked = attributes[RUNREEL_RUN_KEPT_BECAUSE] !== undefined;
    if (parent !== undefined) return this.#joined(parent, isAsked);
    if (isAsked) return this.#asked;
    return this.#reaches(traceId, undefined) ? this.#chosen : this.#rejected;
  }

  /** The topmost span here of a run that another process has begun. */
  #joined({ traceId, traceFlags, traceState }: SpanContext, isAsked: boolean): SamplingResult {
    const member = parseOtelMember(traceState?.get("ot"));
    if ((traceFlags & TraceFlags.SAMPLED) !== 0) {
      const { threshold } = member;
      const isSound = threshold === undefined || isReached(threshold, randomnessOf(traceId, member.randomness));
      return isSound ? kept : withState(kept, withoutThreshold(traceState, member));
    }
    const isOut = traceState?.get(OWN_MEMBER) === OUT;
    if (isAsked || (!isOut && this.#reaches(traceId, member.randomness))) {
      return withState(kept, withoutThreshold(traceState, member)?.unset(OWN_MEMBER));
    }
    return withState(out, (withoutThreshold(traceState, member) ?? createTraceState()).set(OWN_MEMBER, OUT));
  }

  #reaches(traceId: string, randomness: string | undefined): boolean {
    if (this.#probability === 1) return true;
    return this.#probability > 0 && isReached(this.#threshold, randomnessOf(traceId, randomness));
  }

  toString(): string {
    return `HeadSampler{${this.#probability}}`;
  }
}

/** Whether a span belongs to a run that is kept by the sampler. */
export function isFlagged({ traceFlags }: SpanContext): boolean {
  return (traceFlags & TraceFlags.SAMPLED) !== 0;
}

/** A threshold that another process applied says nothing of what this one has decided otherwise. */
function withoutThreshold(
  state: TraceState | undefined,
  member: ReturnType<typeof parseOtelMember>,
): TraceState | undefined {
  if (state === undefined || member.threshold === undefined) return state;
  const rest = formatOtelMember({ ...member, threshold: undefined });
  return rest === "" ? state.unset("ot") : state.set("ot", rest);
}

function withState(result: SamplingResult, traceState: TraceState | undefined): SamplingResult {
  return traceState === undefined ? result : { ...result, traceState };
}

/** A trace state that is written for every span of a run, and need not be put together each time. */
function stateOf(text: string): TraceState {
  const state = createTraceState(text);
  return {
    get: (key) => state.get(key),
    set: (key, value) => state.set(key, value),
    unset: (key) => state.unset(key),
    serialize: () => text,
  };
}
