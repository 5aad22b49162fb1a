import { createTraceState, ROOT_CONTEXT, SpanKind, trace, TraceFlags } from "@opentelemetry/api";
import type { SpanContext } from "@opentelemetry/api";
import { SamplingDecision } from "@opentelemetry/sdk-trace";
import { RUNREEL_RUN_KEPT_BECAUSE } from "@runreel/semconv";
import { expect, test } from "vitest";

import { HeadSampler } from "./head-sampler.ts";

const HIGH = "0123456789abcdef12c0000000000000";
const LOW = "0123456789abcdef12bfffffffffffff";

interface Decided {
  isKept: boolean;
  state: string | undefined;
  reason: unknown;
}

function decide(rate: number, traceId: string, parent?: Partial<SpanContext>, isAsked = false): Decided {
  const context =
    parent === undefined
      ? ROOT_CONTEXT
      : trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: "b7ad6b7169203331", traceFlags: 0, ...parent });
  const attributes = isAsked ? { [RUNREEL_RUN_KEPT_BECAUSE]: "asked" } : {};
  const result = new HeadSampler(rate).shouldSample(context, traceId, "run", SpanKind.INTERNAL, attributes);
  expect(result.decision).not.toBe(SamplingDecision.NOT_RECORD);
  const state = result.traceState ?? parent?.traceState;
  return {
    isKept: result.decision === SamplingDecision.RECORD_AND_SAMPLED,
    state: state?.serialize(),
    reason: result.attributes?.[RUNREEL_RUN_KEPT_BECAUSE],
  };
}

test("the trace id decides at the root, and the threshold is told", () => {
  expect(decide(0.25, HIGH)).toEqual({ isKept: true, state: "ot=th:c", reason: "sampled" });
  expect(decide(0.25, LOW)).toEqual({ isKept: false, state: "runreel=out", reason: undefined });
  expect(decide(0, `${"0".repeat(18)}${"f".repeat(14)}`).isKept).toBe(false);
  expect(decide(1, "0".repeat(32))).toEqual({ isKept: true, state: undefined, reason: undefined });
  expect(decide(0, LOW, undefined, true)).toMatchObject({ isKept: true, state: "ot=th:0" });
});

test("a span below another follows it", () => {
  expect(decide(0.25, LOW, { traceFlags: TraceFlags.SAMPLED }).isKept).toBe(true);
  expect(decide(1, HIGH, { traceFlags: TraceFlags.NONE }).isKept).toBe(false);
});

const remote = (traceFlags: number, state?: string): Partial<SpanContext> => ({
  isRemote: true,
  traceFlags,
  ...(state === undefined ? {} : { traceState: createTraceState(state) }),
});

// What a process decides that joins a run, at any rate of its own.
test.each([0, 0.1, 0.9, 1])("a process that joins follows the one that began, at %d", (rate) => {
  expect(decide(rate, HIGH, remote(1, "ot=th:c"))).toMatchObject({ isKept: true, state: "ot=th:c" });
  expect(decide(rate, LOW, remote(0, "runreel=out"))).toMatchObject({ isKept: false, state: "runreel=out" });
  expect(decide(rate, LOW, remote(1))).toMatchObject({ isKept: true, state: undefined });
  // A threshold that this trace id does not reach is none.
  expect(decide(rate, LOW, remote(1, "ot=th:c;p:8,a=b"))).toMatchObject({ isKept: true, state: "ot=p:8,a=b" });
  expect(decide(rate, LOW, remote(1, "ot=th:c,a=b"))).toMatchObject({ isKept: true, state: "a=b" });
});

test("behind a host that does not sample this request, the own rate decides", () => {
  expect(decide(1, LOW, remote(0, "a=b"))).toMatchObject({ isKept: true, state: "a=b" });
  expect(decide(0.25, HIGH, remote(0)).isKept).toBe(true);
  expect(decide(0.25, LOW, remote(0, "a=b"))).toMatchObject({ isKept: false, state: "runreel=out,a=b" });
  // Its randomness, where it has one, stands for the trace id's.
  expect(decide(0.25, LOW, remote(0, "ot=rv:c0000000000000"))).toMatchObject({
    isKept: true,
    state: "ot=rv:c0000000000000",
  });
});
