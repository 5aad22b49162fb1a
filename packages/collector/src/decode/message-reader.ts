import { type AnyValue, isWithinDepth, readAnyValue } from "../model/any-value.ts";
import { ValueType } from "../model/attribute-table.ts";
import { DecodeError } from "../model/decode-error.ts";
import { keyNames } from "../model/key-names.ts";
import { ProtobufReader } from "../model/protobuf-reader.ts";
import type { RejectReason, SpanBatch } from "../model/span-batch.ts";
import type { DecodeLimits } from "./limits.ts";

/** The tags of the first two fields of a message that are messages or texts: field number and wire type in one. */
export const Tag = { field1: 10, field2: 18 } as const;

/** Reads the parts that several messages of a trace request share. */
export class MessageReader extends ProtobufReader {
  readonly batch: SpanBatch;
  readonly limits: DecodeLimits;
  /** Why the span (or resource) at hand cannot be kept. */
  fault: RejectReason | undefined;
  readonly #value: AnyValue = { type: 0, number: 0, at: 0, length: 0 };

  constructor(batch: SpanBatch, limits: DecodeLimits) {
    super(batch.bytes);
    this.batch = batch;
    this.limits = limits;
  }

  /** Calls `read` for each field with this tag up to `to`, with the cursor at its start, and steps over the others. */
  eachField(to: number, tag: number, read: (end: number) => void): void {
    const end = this.end;
    this.end = to;
    while (this.position < to) {
      const found = this.varint();
      if (found !== tag) {
        this.skip(found);
        continue;
      }
      const fieldEnd = this.fieldEnd();
      read(fieldEnd);
      this.position = fieldEnd;
    }
    this.end = end;
  }

  text(end: number): string {
    return this.batch.text(this.position, end - this.position);
  }

  /** Where an id of `size` bytes stands; 0 when it is none. */
  id(size: number): number {
    const to = this.fieldEnd();
    const at = this.position;
    this.position = to;
    if (to - at !== size) return 0;
    for (let index = at; index < to; index++) {
      if (this.bytes[index] !== 0) return at;
    }
    return 0;
  }

  /** A parent id of zeros means none, as an absent one does. */
  parentId(): number {
    const from = this.position;
    const to = this.fieldEnd();
    const length = to - this.position;
    if (length !== 8 && length !== 0) this.fault = "invalid_parent_id";
    this.position = from;
    return this.id(8);
  }

  /** Reads one KeyValue into the attribute table. */
  attribute(end: number): void {
    const { attributes, bytes } = this.batch;
    const value = this.#value;
    const outer = this.end;
    this.end = end;
    let keyAt = 0;
    let keyLength = 0;
    value.type = ValueType.empty;
    while (this.position < end) {
      const tag = this.varint();
      if (tag === Tag.field1) {
        const to = this.fieldEnd();
        keyAt = this.position;
        keyLength = to - keyAt;
        this.position = to;
      } else if (tag === Tag.field2) readAnyValue(this, this.fieldEnd(), value);
      else this.skip(tag);
    }
    this.end = outer;
    if (!isWithinDepth(bytes, value, this.limits.depthMax)) this.fault = "attribute_too_deep";
    this.checkValues();
    const row = attributes.push();
    attributes.key[row] = keyNames.idOf(bytes, keyAt, keyLength);
    attributes.keyAt[row] = keyAt;
    attributes.keyLength[row] = keyLength;
    attributes.type[row] = value.type;
    attributes.valueAt[row] = value.at;
    attributes.valueLength[row] = value.length;
    attributes.number[row] = value.number;
  }

  /** Counts what was just read against what a request may hold. */
  checkValues(): void {
    const { attributes, events, links, resources, scopes } = this.batch;
    const values = attributes.count + events.count + links.count + resources.length + scopes.length;
    if (values <= this.limits.valuesMax) return;
    const what = `${this.limits.valuesMax} attributes, events, links, resources and scopes`;
    throw new DecodeError("too_many_values", `A request may hold ${what}; send smaller ones.`);
  }

  /** Faults what is at hand when it has too many attributes from row `from` on. */
  checkAttributes(from: number): void {
    if (this.batch.attributes.count - from > this.limits.attributesMax) this.fault ??= "too_many_attributes";
  }
}
