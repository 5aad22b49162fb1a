import { createTraceState, isSpanContextValid, TraceFlags } from "@opentelemetry/api";
import type { SpanContext } from "@opentelemetry/api";

/**
 * Reads a W3C traceparent and the tracestate that came with it; undefined for anything else, since a header of somebody else's must not
 * break a run. Whether the run is sampled, and with which threshold, is told by the two together.
 */
export function parseTraceparent(text: string, tracestate?: string): SpanContext | undefined {
  const match = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(text.trim());
  if (match === null) return undefined;
  const context: SpanContext = {
    traceId: match[1]!,
    spanId: match[2]!,
    traceFlags: Number.parseInt(match[3]!, 16) & TraceFlags.SAMPLED,
    isRemote: true,
    ...(tracestate === undefined ? {} : { traceState: createTraceState(tracestate) }),
  };
  return isSpanContextValid(context) ? context : undefined;
}
