import { SpanKind, SpanStatusCode, TraceFlags } from "@opentelemetry/api";
import type { Attributes, HrTime } from "@opentelemetry/api";
import { RandomIdGenerator } from "@opentelemetry/sdk-trace";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import {
  EVENT_CONTENT_LOST,
  RUNREEL_CONTENT_DROPPED,
  RUNREEL_CONTENT_LOST_RUN,
  RUNREEL_CONTENT_LOST_SPANS,
  RUNREEL_SPAN_PENDING,
  SPAN_CONTENT,
  SPAN_PROCESS,
} from "@runreel/semconv";

import type { AttributeEncoder } from "./attribute-encoder.ts";
import { BackwardWriter } from "./backward-writer.ts";
import type { BodyMemory } from "./body-memory.ts";
import { lengthDelimited } from "./length-delimited.ts";
import type { Origin } from "./origin.ts";
import type { Piece } from "./piece.ts";
import {
  RESOURCE,
  RESOURCE_ATTRIBUTES,
  RESOURCE_DROPPED_ATTRIBUTES,
  RESOURCE_SPANS,
  SCHEMA_URL,
  SCOPE,
  SCOPE_NAME,
  SCOPE_SPANS,
  SCOPE_VERSION,
} from "./tags.ts";
import { writeSpan } from "./write-span.ts";
import type { SpanFields } from "./write-span.ts";

/** What goes out in one request, in this order. */
export interface RequestParts {
  /** Encoded as events. */
  blobs: readonly Piece[];
  /** Announced as spans that are still open. */
  open: readonly ReadableSpan[];
  /** Encoded as spans. */
  spans: readonly Piece[];
  /** Runs that have lost content. */
  lost?: readonly LostRun[];
  /** What the process says of itself. */
  report?: ReportFields | undefined;
}

/** A run that has lost content. */
export interface LostRun {
  readonly runId: string;
  /** In how many spans. */
  spans: number;
  readonly reason: string;
}

/** A report of a process on itself. */
export interface ReportFields {
  /** When the process began to record. */
  startTime: HrTime;
  attributes: Attributes;
}

/** A backend's limit on one span is often 1,000 events. */
const CARRIER_MAX_BLOBS = 500;

/** What the fields around the parts take as a rule: resource, scope and carriers, or a start record. */
const AROUND_BYTES = 1024;

const ids = new RandomIdGenerator();

export interface RequestSetting {
  origin: Origin;
  time: HrTime;
  /** For what is written here; the parts are encoded already. */
  attributes: AttributeEncoder;
  memory: BodyMemory;
}

/** The body of an OTLP request: an `ExportTraceServiceRequest`. */
export function writeRequest(parts: RequestParts, { origin, time, attributes, memory }: RequestSetting): Uint8Array {
  const { blobs, open, spans, lost = [], report } = parts;
  const writer = new BackwardWriter(memory.take(bytesOf(blobs) + bytesOf(spans) + AROUND_BYTES * (2 + open.length)));
  const { resource, scope } = origin;
  if (scope.schemaUrl !== undefined) text(writer, SCHEMA_URL, scope.schemaUrl);
  if (report !== undefined) writeSpan(writer, { ...apart(SPAN_PROCESS, time), ...report }, attributes);
  writePieces(writer, spans, 0, spans.length);
  for (let at = open.length - 1; at >= 0; at -= 1) writeSpan(writer, startRecord(open[at]!), attributes);
  if (lost.length > 0) writeSpan(writer, { ...apart(SPAN_CONTENT, time), events: lostEvents(lost, time) }, attributes);
  writeCarriers(writer, blobs, { time, attributes });
  const scopeEnd = writer.length;
  if (scope.version !== undefined) text(writer, SCOPE_VERSION, scope.version);
  text(writer, SCOPE_NAME, scope.name);
  lengthDelimited(writer, SCOPE, scopeEnd);
  lengthDelimited(writer, SCOPE_SPANS, 0);
  const resourceEnd = writer.length;
  writer.byte(0);
  writer.byte(RESOURCE_DROPPED_ATTRIBUTES);
  attributes.write(writer, RESOURCE_ATTRIBUTES, resource.attributes);
  lengthDelimited(writer, RESOURCE, resourceEnd);
  lengthDelimited(writer, RESOURCE_SPANS, 0);
  return writer.written;
}

function bytesOf(pieces: readonly Piece[]): number {
  let bytes = 0;
  for (const { start, end } of pieces) bytes += end - start;
  return bytes;
}

function writePieces(writer: BackwardWriter, pieces: readonly Piece[], from: number, to: number): void {
  for (let at = to - 1; at >= from; at -= 1) {
    const { buffer, start, end } = pieces[at]!;
    writer.part(buffer, start, end);
  }
}

/** Blobs travel on spans that belong to no run. */
function writeCarriers(
  writer: BackwardWriter,
  blobs: readonly Piece[],
  { time, attributes }: Pick<RequestSetting, "time" | "attributes">,
): void {
  const groups = Math.ceil(blobs.length / CARRIER_MAX_BLOBS);
  for (let group = groups - 1; group >= 0; group -= 1) {
    const from = group * CARRIER_MAX_BLOBS;
    const to = Math.min(from + CARRIER_MAX_BLOBS, blobs.length);
    writeSpan(writer, apart(SPAN_CONTENT, time), attributes, () => writePieces(writer, blobs, from, to));
  }
}

function lostEvents(lost: readonly LostRun[], time: HrTime): SpanFields["events"] {
  return lost.map(({ runId, spans, reason }) => ({
    name: EVENT_CONTENT_LOST,
    time,
    attributes: {
      [RUNREEL_CONTENT_LOST_RUN]: runId,
      [RUNREEL_CONTENT_LOST_SPANS]: spans,
      [RUNREEL_CONTENT_DROPPED]: reason,
    },
  }));
}

/** A span that belongs to no run. */
function apart(name: string, time: HrTime): SpanFields {
  const spanContext = { traceId: ids.generateTraceId(), spanId: ids.generateSpanId(), traceFlags: TraceFlags.SAMPLED };
  return {
    ...bare,
    name,
    kind: SpanKind.INTERNAL,
    spanContext: () => spanContext,
    startTime: time,
    endTime: time,
    attributes: {},
    links: [],
  };
}

/** An open span as it stands now, to show that it is under way. */
function startRecord(span: ReadableSpan): SpanFields {
  const { name, kind, startTime, links, parentSpanContext } = span;
  return {
    ...bare,
    name,
    kind,
    spanContext: () => span.spanContext(),
    ...(parentSpanContext === undefined ? {} : { parentSpanContext }),
    startTime,
    endTime: [0, 0],
    attributes: { ...span.attributes, [RUNREEL_SPAN_PENDING]: true },
    links,
  };
}

const bare = {
  status: { code: SpanStatusCode.UNSET },
  events: [],
  droppedAttributesCount: 0,
  droppedEventsCount: 0,
  droppedLinksCount: 0,
};

function text(writer: BackwardWriter, tag: number, value: string): void {
  const end = writer.length;
  writer.text(value);
  lengthDelimited(writer, tag, end);
}
