import { SpanKind, SpanStatusCode, TraceFlags } from "@opentelemetry/api";
import type { Attributes, HrTime } from "@opentelemetry/api";
import { RandomIdGenerator } from "@opentelemetry/sdk-trace";
import type { TimedEvent } from "@opentelemetry/sdk-trace";
import { RUNREEL_USAGE_ENDED_RUNS, RUNREEL_USAGE_OPEN_RUNS, SPAN_USAGE } from "@runreel/semconv";

import type { SpanFields } from "./write-span.ts";

const ids = new RandomIdGenerator();

/** Rows of usage as a span that belongs to no run, and which runs are going on or over. */
export function usageRecord(
  rows: TimedEvent[],
  runs: { open: readonly string[]; ended: readonly string[] },
  time: HrTime,
): SpanFields {
  const attributes: Attributes = {};
  if (runs.open.length > 0) attributes[RUNREEL_USAGE_OPEN_RUNS] = [...runs.open];
  if (runs.ended.length > 0) attributes[RUNREEL_USAGE_ENDED_RUNS] = [...runs.ended];
  const spanContext = { traceId: ids.generateTraceId(), spanId: ids.generateSpanId(), traceFlags: TraceFlags.SAMPLED };
  return {
    name: SPAN_USAGE,
    kind: SpanKind.INTERNAL,
    spanContext: () => spanContext,
    startTime: time,
    endTime: time,
    status: { code: SpanStatusCode.UNSET },
    attributes,
    events: rows,
    links: [],
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}
