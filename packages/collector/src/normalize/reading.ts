import { ValueType } from "../model/attribute-table.ts";
import { type ByteSlice, type NormalizedSpan, type SpanKind, UNREPORTED } from "../model/normalized-span.ts";
import type { SpanBatch } from "../model/span-batch.ts";
import { type Emitter, unknownEmitter } from "./emitters.ts";

/** A kind in the words of a foreign dialect. A "call" is an inference if there is a sign of one, a "chain" a workflow if it is the root. */
export type NamedKind = SpanKind | "call" | "chain" | "";

/** The dialects of our own spans: their keys set nothing that only foreign ones need, so that it need not be cleared after them. */
export const PLAIN_BITS = 7;

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
  /** Input and output together, where that is told apart. */
  sumOfTokens: number = UNREPORTED;
  /** One bit for each dialect that has a key here. */
  dialects = 0;
  emitter: Emitter = unknownEmitter;
  namedKind: NamedKind = "";
  entity = "";
  hasAnswer = false;
  hasFailed = false;
  failureMessage = "";
  /** Rows that name a tool; UNREPORTED for none. */
  toolRow: number = UNREPORTED;
  toolCallRow: number = UNREPORTED;
  /** Rows that the content was taken from. They are attributes again when another one takes the place. */
  #inputRow: number = UNREPORTED;
  #outputRow: number = UNREPORTED;

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
    this.toolRow = UNREPORTED;
    this.toolCallRow = UNREPORTED;
    this.#inputRow = UNREPORTED;
    this.#outputRow = UNREPORTED;
    if (this.dialects > PLAIN_BITS) this.#clearForeign();
    this.dialects = 0;
  }

  #clearForeign(): void {
    this.answerParts.length = 0;
    this.sumOfTokens = UNREPORTED;
    this.namedKind = "";
    this.entity = "";
    this.hasAnswer = false;
    this.hasFailed = false;
    this.failureMessage = "";
  }

  get hasUsage(): boolean {
    return (
      this.inputTotal !== UNREPORTED || this.outputTotal !== UNREPORTED || this.span.cacheReadTokens !== UNREPORTED
    );
  }

  text(attribute: number): string {
    return this.batch.valueText(attribute);
  }

  /** A text that may be quoted as JSON. */
  plainText(attribute: number): string {
    const value = this.batch.valueText(attribute);
    if (!value.startsWith('"') || !value.endsWith('"') || value.length < 2) return value;
    try {
      return String(JSON.parse(value));
    } catch {
      return value;
    }
  }

  isTrue(attribute: number): boolean {
    return this.batch.valueText(attribute) === "true";
  }

  /** A count of tokens, or UNREPORTED for what is none. A double is taken if it is whole. */
  count(attribute: number): number {
    const value = this.peekCount(attribute);
    if (value !== UNREPORTED) this.usageAttributes.push(attribute);
    return value;
  }

  /** The same of an attribute that stays one anyway. */
  peekCount(attribute: number): number {
    const value = this.batch.valueNumber(attribute);
    return isCount(value) ? value : UNREPORTED;
  }

  /** Takes a value of any type as content: texts as they came, everything else as JSON. */
  content(attribute: number, into: ByteSlice): void {
    this.#takePlace(into, attribute);
    const { type, valueAt, valueLength } = this.batch.attributes;
    if (type[attribute] === ValueType.string) {
      into.set(this.batch.bytes, valueAt[attribute]!, valueLength[attribute]!);
    } else {
      const json = Buffer.from(this.batch.valueJson(attribute));
      into.set(json, 0, json.length);
    }
    this.span.hasInlineContent = true;
  }

  /** Takes as content what was made of an attribute, or of several. */
  json(value: unknown, into: ByteSlice, attribute: number = UNREPORTED): void {
    this.#takePlace(into, attribute);
    const json = Buffer.from(JSON.stringify(value) ?? "null");
    into.set(json, 0, json.length);
    this.span.hasInlineContent = true;
  }

  /** Takes a value as input where there is none yet. @returns whether it did. */
  otherInput(attribute: number): boolean {
    if (this.span.inlineInput.length !== 0) return false;
    this.content(attribute, this.span.inlineInput);
    return true;
  }

  /** Takes a value as output where there is none yet. @returns whether it did. */
  otherOutput(attribute: number): boolean {
    if (this.span.inlineOutput.length !== 0) return false;
    this.content(attribute, this.span.inlineOutput);
    return true;
  }

  /** What another key gave makes room, and is an attribute again. */
  #takePlace(into: ByteSlice, attribute: number): void {
    const { span } = this;
    if (into === span.inlineInput) {
      if (this.#inputRow !== UNREPORTED) span.attributes.push(this.#inputRow);
      this.#inputRow = attribute;
    } else if (into === span.inlineOutput) {
      if (this.#outputRow !== UNREPORTED) span.attributes.push(this.#outputRow);
      this.#outputRow = attribute;
    }
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

/** Whether a number can be a count of tokens. */
export function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 0xffffffff;
}

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
