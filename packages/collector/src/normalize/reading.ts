import { ValueType } from "../model/attribute-table.ts";
import { type ByteSlice, type NormalizedSpan, UNREPORTED } from "../model/normalized-span.ts";
import type { SpanBatch } from "../model/span-batch.ts";

/** What a span says before it is known what the span is. Used again for every span. */
export class Reading {
  batch!: SpanBatch;
  span!: NormalizedSpan;
  operation = "";
  workflow = "";
  responseModel = "";
  isCached = false;
  /** As reported: totals that include their parts. */
  inputTotal: number = UNREPORTED;
  outputTotal: number = UNREPORTED;
  /** Rows of the attributes with token counts, to be kept as attributes where they are not counted. */
  readonly usageAttributes: number[] = [];
  /** What a model has said, where it is told in pieces. */
  readonly answerParts: unknown[] = [];
  hasGenAi = false;
  hasVercel = false;
  hasRunreel = false;

  begin(batch: SpanBatch, span: NormalizedSpan): void {
    this.batch = batch;
    this.span = span;
    this.operation = "";
    this.workflow = "";
    this.responseModel = "";
    this.isCached = false;
    this.inputTotal = UNREPORTED;
    this.outputTotal = UNREPORTED;
    this.usageAttributes.length = 0;
    this.answerParts.length = 0;
    this.hasGenAi = false;
    this.hasVercel = false;
    this.hasRunreel = false;
  }

  text(attribute: number): string {
    return this.batch.valueText(attribute);
  }

  isTrue(attribute: number): boolean {
    return this.batch.valueText(attribute) === "true";
  }

  /** A count of tokens, or UNREPORTED for what is none. A double is taken if it is whole. */
  count(attribute: number): number {
    const value = this.batch.valueNumber(attribute);
    if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) return UNREPORTED;
    this.usageAttributes.push(attribute);
    return value;
  }

  /** Takes a value of any type as content: texts as they came, everything else as JSON. */
  content(attribute: number, into: ByteSlice): void {
    const { type, valueAt, valueLength } = this.batch.attributes;
    if (type[attribute] === ValueType.string) {
      into.set(this.batch.bytes, valueAt[attribute]!, valueLength[attribute]!);
    } else {
      const json = Buffer.from(this.batch.valueJson(attribute));
      into.set(json, 0, json.length);
    }
    this.span.hasInlineContent = true;
  }

  /** Takes a hash of 32 hex digits. @returns whether it was one. */
  hash(attribute: number, into: Uint8Array): boolean {
    const { type, valueAt, valueLength } = this.batch.attributes;
    if (type[attribute] !== ValueType.string || valueLength[attribute] !== 32) return false;
    this.span.hasHashes = true;
    return readHex(this.batch.bytes, valueAt[attribute]!, into);
  }
}

/**
 * Takes one attribute into the span.
 *
 * @returns whether it has a column now; otherwise it stays among the attributes.
 */
export type AttributeReader = (reading: Reading, attribute: number) => boolean;

/** The keys that a dialect knows. */
export type Dialect = Readonly<Record<string, AttributeReader>>;

/** Reads as many bytes as `into` has from twice as many hex digits. Leaves it zeroed when they are none. */
function readHex(bytes: Uint8Array, at: number, into: Uint8Array): boolean {
  for (let index = 0; index < into.length; index++) {
    const high = digit(bytes[at + 2 * index]!);
    const low = digit(bytes[at + 2 * index + 1]!);
    if (high < 0 || low < 0) {
      into.fill(0);
      return false;
    }
    into[index] = (high << 4) | low;
  }
  return true;
}

function digit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
