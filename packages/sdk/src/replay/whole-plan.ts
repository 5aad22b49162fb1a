import type { RecordingCodec } from "../content/codecs.ts";
import type { RecordedStep, ReplayPlan } from "./plan.ts";

/** A plan whose results are whole in the host's own form, also where the recording left out of it what the result says as well. */
export function wholePlan(plan: ReplayPlan, codecs: readonly RecordingCodec[]): ReplayPlan {
  const whole = (step: RecordedStep): RecordedStep => {
    for (const codec of codecs) {
      const raw = codec.whole?.(step.raw, step.result);
      if (raw !== undefined) return { ...step, raw };
    }
    return step;
  };
  return { ...plan, steps: plan.steps.map(whole) };
}
