import { SpanKind, SpanStatusCode, TraceFlags } from "@opentelemetry/api";
import type { Attributes, HrTime } from "@opentelemetry/api";
import type { InstrumentationScope } from "@opentelemetry/core";
import type { Resource } from "@opentelemetry/resources";
import { RandomIdGenerator } from "@opentelemetry/sdk-trace";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { Blob } from "@runreel/content";
import {
  EVENT_BLOB,
  RUNREEL_BLOB_DATA,
  RUNREEL_BLOB_HASH,
  RUNREEL_BLOB_TYPE,
  RUNREEL_SPAN_PENDING,
  SPAN_CONTENT,
} from "@runreel/semconv";

/** Where spans come from; the same objects for all spans of a request, since the serializer groups by identity. */
export interface Origin {
  resource: Resource;
  scope: InstrumentationScope;
}

/** A backend's limit on one span is often 1,000 events. */
const CARRIER_MAX_BLOBS = 500;

const ids = new RandomIdGenerator();

/** Blobs as spans that belong to no run. */
export function carriers(blobs: readonly Blob[], origin: Origin, time: HrTime): ReadableSpan[] {
  const spans: ReadableSpan[] = [];
  for (let start = 0; start < blobs.length; start += CARRIER_MAX_BLOBS) {
    const spanContext = {
      traceId: ids.generateTraceId(),
      spanId: ids.generateSpanId(),
      traceFlags: TraceFlags.SAMPLED,
    };
    const events = blobs.slice(start, start + CARRIER_MAX_BLOBS).map((blob) => ({
      name: EVENT_BLOB,
      time,
      attributes: {
        [RUNREEL_BLOB_HASH]: blob.hash,
        [RUNREEL_BLOB_TYPE]: blob.type,
        [RUNREEL_BLOB_DATA]: bytesOf(blob),
      },
    }));
    spans.push({
      name: SPAN_CONTENT,
      kind: SpanKind.INTERNAL,
      spanContext: () => spanContext,
      startTime: time,
      endTime: time,
      duration: [0, 0],
      ended: true,
      status: { code: SpanStatusCode.UNSET },
      attributes: {},
      links: [],
      events,
      resource: origin.resource,
      instrumentationScope: origin.scope,
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    });
  }
  return spans;
}

/**
 * The data as bytes, text too: the serializer goes through a string three times, character by character, and copies bytes at once.
 * OTLP has bytes; only the API's type of an attribute does not know them.
 */
function bytesOf({ data }: Blob): string {
  return (typeof data === "string" ? Buffer.from(data) : data) as unknown as string;
}

/** An open span as it stands now, to show that it is under way. */
export function startRecord(span: ReadableSpan): ReadableSpan {
  const attributes: Attributes = { ...span.attributes, [RUNREEL_SPAN_PENDING]: true };
  return {
    name: span.name,
    kind: span.kind,
    spanContext: () => span.spanContext(),
    ...(span.parentSpanContext === undefined ? {} : { parentSpanContext: span.parentSpanContext }),
    startTime: span.startTime,
    endTime: [0, 0],
    duration: [0, 0],
    ended: false,
    status: { code: SpanStatusCode.UNSET },
    attributes,
    links: span.links,
    events: [],
    resource: span.resource,
    instrumentationScope: span.instrumentationScope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}
