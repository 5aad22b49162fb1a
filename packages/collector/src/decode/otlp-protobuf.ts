import { DecodeError } from "../model/decode-error.ts";
import { type RejectReason, SpanBatch } from "../model/span-batch.ts";
import { type DecodeLimits, defaultDecodeLimits } from "./limits.ts";
import { MessageReader, Tag } from "./message-reader.ts";
import { SpanReader } from "./span-reader.ts";

/**
 * Reads an OTLP/HTTP trace request (ExportTraceServiceRequest of opentelemetry-proto 1.x) into a batch, in one pass.
 *
 * The batch keeps pointing into `body`. Spans that cannot be kept are counted in `batch.rejected`.
 *
 * @throws DecodeError `invalid_protobuf`, `too_many_spans` or `too_many_values`; nothing else.
 */
export function decodeTraces(
  body: Uint8Array,
  limits: DecodeLimits = defaultDecodeLimits,
  into: SpanBatch = new SpanBatch(),
): SpanBatch {
  into.reset(body);
  new RequestDecoder(new MessageReader(into, limits)).decode();
  return into;
}

class RequestDecoder {
  readonly #in: MessageReader;
  readonly #spanReader: SpanReader;

  constructor(reader: MessageReader) {
    this.#in = reader;
    this.#spanReader = new SpanReader(reader);
  }

  decode(): void {
    this.#in.eachField(this.#in.end, Tag.field1, (end) => this.#resourceSpans(end));
  }

  /** The resource may stand behind its spans, so it is looked for first. */
  #resourceSpans(end: number): void {
    const reader = this.#in;
    const { resources, attributes } = reader.batch;
    const from = reader.position;
    const attributesFrom = attributes.count;
    reader.fault = undefined;
    reader.eachField(end, Tag.field1, (to) => reader.eachField(to, Tag.field1, (entry) => reader.attribute(entry)));
    reader.checkAttributes(attributesFrom);
    const fault = reader.fault;
    reader.checkValues();
    resources.push({ attributesFrom, attributesTo: attributes.count });
    reader.position = from;
    reader.eachField(end, Tag.field2, (to) => this.#scopeSpans(to, fault));
  }

  #scopeSpans(end: number, resourceFault: RejectReason | undefined): void {
    const reader = this.#in;
    const from = reader.position;
    const scope = { name: "", version: "" };
    reader.eachField(end, Tag.field1, (to) => {
      const start = reader.position;
      reader.eachField(to, Tag.field1, (textEnd) => (scope.name = reader.text(textEnd)));
      reader.position = start;
      reader.eachField(to, Tag.field2, (textEnd) => (scope.version = reader.text(textEnd)));
    });
    reader.checkValues();
    reader.batch.scopes.push(scope);
    reader.position = from;
    reader.eachField(end, Tag.field2, (to) => this.#span(to, resourceFault));
  }

  #span(end: number, resourceFault: RejectReason | undefined): void {
    const { batch, limits } = this.#in;
    const { spans, attributes, events, links } = batch;
    if (spans.count + batch.rejectedCount >= limits.spansMax) {
      throw new DecodeError("too_many_spans", `A request may hold ${limits.spansMax} spans; send smaller ones.`);
    }
    const before = { attributes: attributes.count, events: events.count, links: links.count };
    this.#in.fault = resourceFault;
    const row = this.#spanReader.read(end);
    spans.resource[row] = batch.resources.length - 1;
    spans.scope[row] = batch.scopes.length - 1;
    const fault = this.#in.fault;
    if (fault === undefined) return;
    batch.rejected.set(fault, (batch.rejected.get(fault) ?? 0) + 1);
    spans.count--;
    attributes.count = before.attributes;
    events.count = before.events;
    links.count = before.links;
  }
}
