// Recorded steps and plans for the tests of the folder replay.
import { contentHash } from "@runreel/content";

import type { RecordedStep, ReplayPlan } from "../../src/replay/plan.ts";

export function recordedStep(step: Partial<RecordedStep> = {}): RecordedStep {
  return {
    index: 1,
    spanId: "00f067aa0ba902b7",
    kind: "tool",
    name: "search",
    callId: null,
    argumentsHash: step.arguments === undefined ? contentHash(null) : contentHash(step.arguments),
    arguments: null,
    result: null,
    raw: null,
    error: null,
    effect: "read",
    ...step,
  };
}

export function planOf(steps: RecordedStep[], plan: Partial<ReplayPlan> = {}): ReplayPlan {
  return {
    version: 1,
    replayId: "rp_1",
    origin: { runId: "0af7651916cd43dd8448eb211c80319c", rootSpanId: "b7ad6b7169203331" },
    from: steps.length + 1,
    mode: "live",
    onDivergence: "stop",
    edits: [],
    endpoint: "http://127.0.0.1:4318",
    steps,
    ...plan,
  };
}
