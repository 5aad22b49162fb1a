import { EXCEPTION_MESSAGE, EXCEPTION_TYPE } from "@runreel/semconv";
import type { NormalizedSpan } from "../model/normalized-span.ts";
import type { SpanBatch } from "../model/span-batch.ts";

/** What the events of a span say of its failure. */
export interface Failure {
  type: string;
  message: string;
}

/**
 * Writes events and links of a span as JSON text: `[{name, timeUnixNano, attributes}]`, `[{traceId, spanId, attributes}]`; "" for none.
 *
 * @returns the last exception, which is the one that got out.
 */
export function readEvents(batch: SpanBatch, span: NormalizedSpan): Failure | undefined {
  const { spans, events } = batch;
  const from = spans.eventsFrom[span.index]!;
  const to = spans.eventsTo[span.index]!;
  let failure: Failure | undefined;
  let json = "";
  for (let event = from; event < to; event++) {
    const name = batch.eventName(event);
    if (name === "exception") failure = exceptionOf(batch, event);
    const time = (BigInt(events.timeHigh[event]!) << 32n) | BigInt(events.timeLow[event]!);
    const attributes = attributesJson(batch, events.attributesFrom[event]!, events.attributesTo[event]!);
    json += `${event === from ? "[" : ","}{"name":${JSON.stringify(name)},"timeUnixNano":"${time}","attributes":${attributes}}`;
  }
  if (json !== "") span.events = `${json}]`;
  readLinks(batch, span);
  return failure;
}

function readLinks(batch: SpanBatch, span: NormalizedSpan): void {
  const { spans, links, bytes } = batch;
  const from = spans.linksFrom[span.index]!;
  const to = spans.linksTo[span.index]!;
  let json = "";
  for (let link = from; link < to; link++) {
    const traceId = bytes.toString("hex", links.traceAt[link]!, links.traceAt[link]! + 16);
    const spanId = bytes.toString("hex", links.spanAt[link]!, links.spanAt[link]! + 8);
    const attributes = attributesJson(batch, links.attributesFrom[link]!, links.attributesTo[link]!);
    json += `${link === from ? "[" : ","}{"traceId":"${traceId}","spanId":"${spanId}","attributes":${attributes}}`;
  }
  if (json !== "") span.links = `${json}]`;
}

function attributesJson(batch: SpanBatch, from: number, to: number): string {
  let json = "{";
  for (let row = from; row < to; row++) {
    json += `${row === from ? "" : ","}${JSON.stringify(batch.key(row))}:${batch.valueJson(row)}`;
  }
  return `${json}}`;
}

function exceptionOf(batch: SpanBatch, event: number): Failure {
  const failure: Failure = { type: "", message: "" };
  const { attributesFrom, attributesTo } = batch.events;
  for (let row = attributesFrom[event]!; row < attributesTo[event]!; row++) {
    const key = batch.key(row);
    if (key === EXCEPTION_TYPE) failure.type = batch.valueText(row);
    else if (key === EXCEPTION_MESSAGE) failure.message = batch.valueText(row);
  }
  return failure;
}
