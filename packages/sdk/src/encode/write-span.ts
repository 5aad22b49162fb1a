import type { Link, SpanContext } from "@opentelemetry/api";
import type { ReadableSpan, TimedEvent } from "@opentelemetry/sdk-trace";

import type { AttributeEncoder } from "./attribute-encoder.ts";
import type { BackwardWriter } from "./backward-writer.ts";
import { lengthDelimited } from "./length-delimited.ts";
import {
  ATTRIBUTES,
  DROPPED_ATTRIBUTES,
  DROPPED_EVENTS,
  DROPPED_LINKS,
  END_TIME,
  EVENT_ATTRIBUTES,
  EVENT_DROPPED_ATTRIBUTES,
  EVENT_NAME,
  EVENT_TIME,
  EVENTS,
  FLAGS,
  KIND,
  LINK_ATTRIBUTES,
  LINK_DROPPED_ATTRIBUTES,
  LINK_FLAGS,
  LINKS,
  NAME,
  PARENT_SPAN_ID,
  SPAN_ID,
  SPANS,
  START_TIME,
  STATUS,
  STATUS_CODE,
  STATUS_MESSAGE,
  TRACE_ID,
  TRACE_STATE,
} from "./tags.ts";
import { writeTime } from "./write-time.ts";

const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

/** What of a span goes over the wire with it. */
export type SpanFields = Omit<ReadableSpan, "resource" | "instrumentationScope" | "duration" | "ended">;

/**
 * Writes a span as one of the `spans` of a `ScopeSpans`, byte for byte as OpenTelemetry's own serializer does.
 */
export function writeSpan(
  writer: BackwardWriter,
  span: SpanFields,
  attributes: AttributeEncoder,
  writeEvents?: () => void,
): void {
  const end = writer.length;
  const context = span.spanContext();
  const { parentSpanContext } = span;
  writer.fixed32(flagsOf(context.traceFlags, parentSpanContext?.isRemote));
  writer.varint(FLAGS);
  writeStatus(writer, span.status, attributes);
  count(writer, DROPPED_LINKS, span.droppedLinksCount);
  for (let at = span.links.length - 1; at >= 0; at -= 1) writeLink(writer, span.links[at]!, attributes);
  count(writer, DROPPED_EVENTS, span.droppedEventsCount);
  if (writeEvents !== undefined) writeEvents();
  else for (let at = span.events.length - 1; at >= 0; at -= 1) writeEvent(writer, span.events[at]!, attributes);
  count(writer, DROPPED_ATTRIBUTES, span.droppedAttributesCount);
  attributes.write(writer, ATTRIBUTES, span.attributes);
  writeTime(writer, span.endTime);
  writer.byte(END_TIME);
  writeTime(writer, span.startTime);
  writer.byte(START_TIME);
  count(writer, KIND, span.kind + 1);
  text(writer, NAME, span.name, attributes);
  if (parentSpanContext?.spanId) id(writer, PARENT_SPAN_ID, parentSpanContext.spanId);
  writeContext(writer, context, attributes);
  lengthDelimited(writer, SPANS, end);
}

/** Ids and trace state stand in a span and in a link alike. */
function writeContext(
  writer: BackwardWriter,
  { traceId, spanId, traceState }: SpanContext,
  attributes: AttributeEncoder,
): void {
  const state = traceState?.serialize();
  if (state) text(writer, TRACE_STATE, attributes.traceState(state));
  id(writer, SPAN_ID, spanId);
  id(writer, TRACE_ID, traceId);
}

function writeEvent(writer: BackwardWriter, event: TimedEvent, attributes: AttributeEncoder): void {
  const end = writer.length;
  count(writer, EVENT_DROPPED_ATTRIBUTES, event.droppedAttributesCount ?? 0);
  if (event.attributes !== undefined) attributes.write(writer, EVENT_ATTRIBUTES, event.attributes);
  text(writer, EVENT_NAME, event.name, attributes);
  writeTime(writer, event.time);
  writer.byte(EVENT_TIME);
  lengthDelimited(writer, EVENTS, end);
}

function writeLink(writer: BackwardWriter, link: Link, attributes: AttributeEncoder): void {
  const end = writer.length;
  writer.fixed32(flagsOf(link.context.traceFlags, link.context.isRemote));
  writer.byte(LINK_FLAGS);
  count(writer, LINK_DROPPED_ATTRIBUTES, link.droppedAttributesCount ?? 0);
  if (link.attributes !== undefined) attributes.write(writer, LINK_ATTRIBUTES, link.attributes);
  writeContext(writer, link.context, attributes);
  lengthDelimited(writer, LINKS, end);
}

function writeStatus(
  writer: BackwardWriter,
  { code, message }: ReadableSpan["status"],
  attributes: AttributeEncoder,
): void {
  const end = writer.length;
  count(writer, STATUS_CODE, code);
  if (message) text(writer, STATUS_MESSAGE, message, attributes);
  lengthDelimited(writer, STATUS, end);
}

function flagsOf(traceFlags: number, isRemote: boolean | undefined): number {
  return (traceFlags & 0xff) | HAS_IS_REMOTE | (isRemote === true ? IS_REMOTE : 0);
}

function count(writer: BackwardWriter, tag: number, value: number): void {
  writer.varint(value);
  writer.byte(tag);
}

function text(writer: BackwardWriter, tag: number, value: string, attributes?: AttributeEncoder): void {
  const end = writer.length;
  writer.text(attributes === undefined ? value : attributes.text(value));
  lengthDelimited(writer, tag, end);
}

function id(writer: BackwardWriter, tag: number, digits: string): void {
  const end = writer.length;
  writer.hex(digits);
  lengthDelimited(writer, tag, end);
}
