import { AttributeTable, ValueType } from "./attribute-table.ts";
import { type AnyValue, integerAt, jsonOfValue, readFirstElement } from "./any-value.ts";
import { keyNames } from "./key-names.ts";
import { ShortStrings } from "./short-strings.ts";
import { EventTable, LinkTable, SpanTable } from "./span-table.ts";

/** Why a single span was refused, although its request was readable. Names in answers and metrics; they stay. */
export type RejectReason =
  | "invalid_trace_id"
  | "invalid_span_id"
  | "invalid_parent_id"
  | "invalid_time"
  | "too_many_attributes"
  | "too_many_events"
  | "too_many_links"
  | "attribute_too_deep";

export interface ResourceEntry {
  attributesFrom: number;
  attributesTo: number;
}

export interface ScopeEntry {
  name: string;
  version: string;
}

const NO_BYTES: Buffer = Buffer.alloc(0);

/** Requests say the same words. */
const shortStrings = new ShortStrings();

/**
 * The spans of one request over its original bytes. Texts become strings only when somebody asks.
 *
 * Valid until the next decode into the same batch; the bytes must not change meanwhile.
 */
export class SpanBatch {
  bytes: Buffer = NO_BYTES;
  readonly spans: SpanTable = new SpanTable();
  readonly attributes: AttributeTable = new AttributeTable();
  readonly events: EventTable = new EventTable();
  readonly links: LinkTable = new LinkTable();
  readonly resources: ResourceEntry[] = [];
  readonly scopes: ScopeEntry[] = [];
  /** Refused spans by reason. */
  readonly rejected: Map<RejectReason, number> = new Map();

  /** What its tables take, about, in bytes. */
  get tableBytes(): number {
    const { spans, attributes, events, links } = this;
    return (
      spans.kind.length * 86 + attributes.type.length * 27 + events.timeLow.length * 28 + links.traceAt.length * 16
    );
  }

  /** Empties the batch for other bytes, and keeps its memory. */
  reset(bytes: Uint8Array): void {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.spans.count = 0;
    this.attributes.count = 0;
    this.events.count = 0;
    this.links.count = 0;
    this.resources.length = 0;
    this.scopes.length = 0;
    this.rejected.clear();
  }

  get rejectedCount(): number {
    let sum = 0;
    for (const count of this.rejected.values()) sum += count;
    return sum;
  }

  /** A text that probably came before. */
  text(at: number, length: number): string {
    return shortStrings.read(this.bytes, at, length);
  }

  spanName(span: number): string {
    return this.text(this.spans.nameAt[span]!, this.spans.nameLength[span]!);
  }

  eventName(event: number): string {
    return this.text(this.events.nameAt[event]!, this.events.nameLength[event]!);
  }

  key(attribute: number): string {
    const { key, keyAt, keyLength } = this.attributes;
    const id = key[attribute]!;
    return id === 0 ? this.text(keyAt[attribute]!, keyLength[attribute]!) : keyNames.nameOf(id);
  }

  /** Any value as text: strings as they are, numbers in decimal, arrays and maps as JSON, bytes in base64, nothing as "". */
  valueText(attribute: number): string {
    const { type, number, valueAt, valueLength } = this.attributes;
    const at = valueAt[attribute]!;
    switch (type[attribute]) {
      case ValueType.string:
        return this.text(at, valueLength[attribute]!);
      case ValueType.integer: {
        const value = number[attribute]!;
        return Number.isSafeInteger(value) ? String(value) : String(integerAt(this.bytes, at));
      }
      case ValueType.double:
        return String(number[attribute]!);
      case ValueType.boolean:
        return number[attribute] === 0 ? "false" : "true";
      case ValueType.bytes:
        return this.bytes.toString("base64", at, at + valueLength[attribute]!);
      case ValueType.array:
      case ValueType.map:
        return this.valueJson(attribute);
      default:
        return "";
    }
  }

  /** Any value as JSON text. */
  valueJson(attribute: number): string {
    return jsonOfValue(this.bytes, this.#value(attribute));
  }

  /** The first text of an array of texts; undefined for anything else. */
  firstText(attribute: number): string | undefined {
    const value = this.#value(attribute);
    if (!readFirstElement(this.bytes, value) || value.type !== ValueType.string) return undefined;
    return this.text(value.at, value.length);
  }

  #value(attribute: number): AnyValue {
    const { type, number, valueAt, valueLength } = this.attributes;
    return {
      type: type[attribute]!,
      number: number[attribute]!,
      at: valueAt[attribute]!,
      length: valueLength[attribute]!,
    };
  }

  /** A number that came as one, or as a text that is one; NaN for anything else. */
  valueNumber(attribute: number): number {
    const type = this.attributes.type[attribute];
    if (type === ValueType.integer || type === ValueType.double) return this.attributes.number[attribute]!;
    if (type !== ValueType.string) return Number.NaN;
    const text = this.valueText(attribute).trim();
    return text === "" ? Number.NaN : Number(text);
  }
}
