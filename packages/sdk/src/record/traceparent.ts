import { createTraceState, isSpanContextValid, TraceFlags } from "@opentelemetry/api";
import type { SpanContext } from "@opentelemetry/api";

/** A header as `fetch` or Node's server gives it. */
export type HeaderValue = string | readonly string[] | null | undefined;

/** The W3C headers `traceparent` and, where there is one, `tracestate`. Typed so that `fetch` takes them as they are. */
export type TraceContext = Record<string, string>;

/** Says in W3C headers where this is. */
export function formatTraceContext({ traceId, spanId, traceFlags, traceState }: SpanContext): TraceContext {
  const traceparent = `00-${traceId}-${spanId}-${(traceFlags & 0xff).toString(16).padStart(2, "0")}`;
  const tracestate = traceState?.serialize();
  return tracestate ? { traceparent, tracestate } : { traceparent };
}

/**
 * Reads a W3C traceparent and the tracestate that came with it; undefined for anything else, since a header of somebody else's must not
 * break a run. Whether the run is sampled, and with which threshold, is told by the two together.
 */
export function parseTraceparent(traceparent: HeaderValue, tracestate?: HeaderValue): SpanContext | undefined {
  const match = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(textOf(traceparent).trim());
  if (match === null) return undefined;
  const state = textOf(tracestate);
  const context: SpanContext = {
    traceId: match[1]!,
    spanId: match[2]!,
    traceFlags: Number.parseInt(match[3]!, 16) & TraceFlags.SAMPLED,
    isRemote: true,
    ...(state === "" ? {} : { traceState: createTraceState(state) }),
  };
  return isSpanContextValid(context) ? context : undefined;
}

function textOf(header: unknown): string {
  if (Array.isArray(header)) return header.filter((one) => typeof one === "string").join(",");
  return typeof header === "string" ? header : "";
}
