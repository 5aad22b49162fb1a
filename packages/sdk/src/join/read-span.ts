import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import type { Attributes, HrTime, Link, SpanContext, SpanStatus } from "@opentelemetry/api";
import type { TimedEvent } from "@opentelemetry/sdk-trace";
import { OTEL_SCOPE_NAME, OTEL_SCOPE_VERSION } from "@runreel/semconv";

import { isContent } from "./model-attributes.ts";

/** A span of a host as far as it can be read. */
export interface HostSpan {
  name: string;
  kind: SpanKind;
  context: SpanContext;
  parentSpanId: string | undefined;
  startTime: HrTime;
  endTime: HrTime;
  status: SpanStatus;
  attributes: Attributes;
  events: TimedEvent[];
  links: Link[];
  dropped: { attributes: number; events: number; links: number };
}

/** As much as the span classes of OpenTelemetry 1 to 3 and Datadog have between them. */
interface ReadableHostSpan {
  name: string;
  kind?: SpanKind;
  spanContext(): SpanContext;
  parentSpanContext?: { spanId: string };
  parentSpanId?: string;
  startTime: HrTime;
  endTime?: HrTime;
  /** Datadog: in milliseconds. */
  duration?: HrTime | number;
  status?: SpanStatus;
  attributes?: Attributes;
  events?: TimedEvent[];
  links?: Link[];
  instrumentationScope?: Scope;
  instrumentationLibrary?: Scope;
  droppedAttributesCount?: number;
  droppedEventsCount?: number;
  droppedLinksCount?: number;
}

interface Scope {
  name: string;
  version?: string;
}

/** A span of Sentry's own: the words of version 11, or those of version 10. */
interface SentrySpan {
  spanContext(): SpanContext;
  getSpanJSON(): {
    name?: string;
    description?: string;
    parent_span_id?: string;
    start_timestamp: number;
    end_timestamp?: number;
    timestamp?: number;
    /** `ok`, or a kind of failure. */
    status?: string;
    attributes?: Attributes;
    data?: Attributes;
  };
}

/** Characters after which a text is cut that is no content; a host's own limit may be none. */
const VALUE_MAX_LENGTH = 512 * 1024;

/** Reads a span of whatever class; undefined for one of no class we know. */
export function readHostSpan(span: unknown): HostSpan | undefined {
  if (typeof span !== "object" || span === null) return undefined;
  if (typeof (span as Partial<SentrySpan>).getSpanJSON === "function") return readSentrySpan(span as SentrySpan);
  return Array.isArray((span as Partial<ReadableHostSpan>).startTime) ? readSpan(span as ReadableHostSpan) : undefined;
}

function readSpan(span: ReadableHostSpan): HostSpan {
  const scope = span.instrumentationScope ?? span.instrumentationLibrary;
  const attributes = cut(span.attributes);
  if (scope?.name) attributes[OTEL_SCOPE_NAME] = scope.name;
  if (scope?.version) attributes[OTEL_SCOPE_VERSION] = scope.version;
  return {
    name: span.name,
    kind: span.kind ?? SpanKind.INTERNAL,
    context: span.spanContext(),
    parentSpanId: span.parentSpanContext?.spanId ?? span.parentSpanId?.padStart(16, "0"),
    startTime: span.startTime,
    endTime: span.endTime ?? later(span.startTime, span.duration),
    status: span.status ?? { code: SpanStatusCode.UNSET },
    attributes,
    events: (span.events ?? []).map((event) => ({ ...event, attributes: cut(event.attributes) })),
    links: span.links ?? [],
    dropped: {
      attributes: span.droppedAttributesCount ?? 0,
      events: span.droppedEventsCount ?? 0,
      links: span.droppedLinksCount ?? 0,
    },
  };
}

function readSentrySpan(span: SentrySpan): HostSpan {
  const { parent_span_id, start_timestamp, status, ...json } = span.getSpanJSON();
  return {
    name: json.name ?? json.description ?? "",
    kind: SpanKind.INTERNAL,
    context: span.spanContext(),
    parentSpanId: parent_span_id,
    startTime: fromSeconds(start_timestamp),
    endTime: fromSeconds(json.end_timestamp ?? json.timestamp ?? start_timestamp),
    status: { code: status === undefined || status === "ok" ? SpanStatusCode.UNSET : SpanStatusCode.ERROR },
    attributes: cut(json.attributes ?? json.data),
    events: [],
    links: [],
    dropped: { attributes: 0, events: 0, links: 0 },
  };
}

function cut(attributes: Attributes = {}): Attributes {
  const kept: Attributes = {};
  for (const [key, value] of Object.entries(attributes)) {
    const isLong = typeof value === "string" && value.length > VALUE_MAX_LENGTH && !isContent(key);
    kept[key] = isLong ? value.slice(0, VALUE_MAX_LENGTH) : value;
  }
  return kept;
}

const NANOS = 1_000_000_000;

function fromSeconds(time: number): HrTime {
  const seconds = Math.floor(time);
  return [seconds, Math.min(Math.round((time - seconds) * NANOS), NANOS - 1)];
}

function later([seconds, nanos]: HrTime, duration: HrTime | number | undefined): HrTime {
  if (duration === undefined) return [seconds, nanos];
  const [more, moreNanos] = Array.isArray(duration) ? duration : fromSeconds(duration / 1_000);
  const sum = nanos + moreNanos;
  return sum < NANOS ? [seconds + more, sum] : [seconds + more + 1, sum - NANOS];
}
