import type { MessageReader } from "./message-reader.ts";

/** Reads one Span into the tables of the batch. */
export class SpanReader {
  readonly #in: MessageReader;
  /** Where its events and links stand: they are read after its attributes, which therefore lie together. */
  readonly #eventSlices: number[] = [];
  readonly #linkSlices: number[] = [];

  constructor(reader: MessageReader) {
    this.#in = reader;
  }

  /** Reads the message up to `end` into a new row. Leaves in the reader's `fault` why it cannot be kept. */
  read(end: number): number {
    const { spans, attributes } = this.#in.batch;
    const row = spans.push();
    const attributesFrom = attributes.count;
    this.#fields(row, end);
    spans.attributesFrom[row] = attributesFrom;
    spans.attributesTo[row] = attributes.count;
    this.#in.checkAttributes(attributesFrom);
    this.#checkTime(row);
    this.#readEvents(row);
    this.#readLinks(row);
    return row;
  }

  #fields(row: number, end: number): void {
    const reader = this.#in;
    const { spans } = this.#in.batch;
    const outer = reader.end;
    reader.end = end;
    this.#eventSlices.length = 0;
    this.#linkSlices.length = 0;
    let traceAt = 0;
    let spanAt = 0;
    while (reader.position < end) {
      const tag = reader.varint();
      switch (tag) {
        case 10:
          traceAt = reader.id(16);
          break;
        case 18:
          spanAt = reader.id(8);
          break;
        case 34:
          spans.parentAt[row] = reader.parentId();
          break;
        case 42: {
          const to = reader.fieldEnd();
          spans.nameAt[row] = reader.position;
          spans.nameLength[row] = to - reader.position;
          reader.position = to;
          break;
        }
        case 48:
          spans.kind[row] = reader.varint();
          break;
        case 57:
          reader.fixed64();
          spans.startLow[row] = reader.low;
          spans.startHigh[row] = reader.high;
          break;
        case 65:
          reader.fixed64();
          spans.endLow[row] = reader.low;
          spans.endHigh[row] = reader.high;
          break;
        case 74:
          reader.attribute(reader.fieldEnd());
          break;
        case 90:
          this.#remember(this.#eventSlices, reader.limits.eventsMax);
          break;
        case 106:
          this.#remember(this.#linkSlices, reader.limits.linksMax);
          break;
        case 122:
          this.#status(row, reader.fieldEnd());
          break;
        default:
          reader.skip(tag);
      }
    }
    reader.end = outer;
    spans.traceAt[row] = traceAt;
    spans.spanAt[row] = spanAt;
    if (traceAt === 0) this.#in.fault = "invalid_trace_id";
    else if (spanAt === 0) this.#in.fault = "invalid_span_id";
  }

  /** One more than allowed is enough to see that there are too many. */
  #remember(slices: number[], max: number): void {
    const to = this.#in.fieldEnd();
    if (slices.length <= max * 2) slices.push(this.#in.position, to);
    this.#in.position = to;
  }

  #status(row: number, end: number): void {
    const reader = this.#in;
    const { spans } = this.#in.batch;
    const outer = reader.end;
    reader.end = end;
    while (reader.position < end) {
      const tag = reader.varint();
      if (tag === 18) {
        const to = reader.fieldEnd();
        spans.messageAt[row] = reader.position;
        spans.messageLength[row] = to - reader.position;
        reader.position = to;
      } else if (tag === 24) spans.status[row] = reader.varint();
      else reader.skip(tag);
    }
    reader.end = outer;
  }

  /** The time 0 means that none was given; after the year 2262 the store's clock ends. */
  #checkTime(row: number): void {
    const { startLow, startHigh, endHigh } = this.#in.batch.spans;
    const isMissing = startLow[row] === 0 && startHigh[row] === 0;
    if (isMissing || startHigh[row]! > 0x7fffffff || endHigh[row]! > 0x7fffffff) this.#in.fault ??= "invalid_time";
  }

  #readEvents(row: number): void {
    const { spans, events } = this.#in.batch;
    const slices = this.#eventSlices;
    spans.eventsFrom[row] = events.count;
    if (slices.length / 2 > this.#in.limits.eventsMax) this.#in.fault ??= "too_many_events";
    else for (let index = 0; index < slices.length; index += 2) this.#event(slices[index]!, slices[index + 1]!);
    spans.eventsTo[row] = events.count;
  }

  #event(from: number, to: number): void {
    const reader = this.#in;
    const { events, attributes } = this.#in.batch;
    reader.checkValues();
    const row = events.push();
    const [position, outer] = [reader.position, reader.end];
    reader.position = from;
    reader.end = to;
    events.attributesFrom[row] = attributes.count;
    while (reader.position < to) {
      const tag = reader.varint();
      if (tag === 9) {
        reader.fixed64();
        events.timeLow[row] = reader.low;
        events.timeHigh[row] = reader.high;
      } else if (tag === 18) {
        const end = reader.fieldEnd();
        events.nameAt[row] = reader.position;
        events.nameLength[row] = end - reader.position;
        reader.position = end;
      } else if (tag === 26) reader.attribute(reader.fieldEnd());
      else reader.skip(tag);
    }
    events.attributesTo[row] = attributes.count;
    reader.checkAttributes(events.attributesFrom[row]!);
    reader.position = position;
    reader.end = outer;
  }

  #readLinks(row: number): void {
    const { spans, links } = this.#in.batch;
    const slices = this.#linkSlices;
    spans.linksFrom[row] = links.count;
    if (slices.length / 2 > this.#in.limits.linksMax) this.#in.fault ??= "too_many_links";
    else for (let index = 0; index < slices.length; index += 2) this.#link(slices[index]!, slices[index + 1]!);
    spans.linksTo[row] = links.count;
  }

  /** A link without valid ids links to nothing and is left out. */
  #link(from: number, to: number): void {
    const reader = this.#in;
    const { links, attributes } = this.#in.batch;
    reader.checkValues();
    const row = links.push();
    const [position, outer] = [reader.position, reader.end];
    reader.position = from;
    reader.end = to;
    let traceAt = 0;
    let spanAt = 0;
    links.attributesFrom[row] = attributes.count;
    while (reader.position < to) {
      const tag = reader.varint();
      if (tag === 10) traceAt = reader.id(16);
      else if (tag === 18) spanAt = reader.id(8);
      else if (tag === 34) reader.attribute(reader.fieldEnd());
      else reader.skip(tag);
    }
    links.traceAt[row] = traceAt;
    links.spanAt[row] = spanAt;
    links.attributesTo[row] = attributes.count;
    reader.checkAttributes(links.attributesFrom[row]!);
    if (traceAt === 0 || spanAt === 0) {
      attributes.count = links.attributesFrom[row]!;
      links.count--;
    }
    reader.position = position;
    reader.end = outer;
  }
}
