import { SpanKind, SpanStatusCode, TraceFlags } from "@opentelemetry/api";
import type { HrTime } from "@opentelemetry/api";
import { RandomIdGenerator } from "@opentelemetry/sdk-trace";
import type { TimedEvent } from "@opentelemetry/sdk-trace";
import { SPAN_USAGE } from "@runreel/semconv";

import type { SpanFields } from "./write-span.ts";

const ids = new RandomIdGenerator();

/** Rows of usage as a span that belongs to no run. */
export function usageRecord(rows: TimedEvent[], time: HrTime): SpanFields {
  const spanContext = { traceId: ids.generateTraceId(), spanId: ids.generateSpanId(), traceFlags: TraceFlags.SAMPLED };
  return {
    name: SPAN_USAGE,
    kind: SpanKind.INTERNAL,
    spanContext: () => spanContext,
    startTime: time,
    endTime: time,
    status: { code: SpanStatusCode.UNSET },
    attributes: {},
    events: rows,
    links: [],
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}
