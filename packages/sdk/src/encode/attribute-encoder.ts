import { redactedBytes } from "@runreel/content";
import type { ContentRedactor } from "@runreel/content";

import type { BackwardWriter } from "./backward-writer.ts";
import { cleanTraceState } from "./clean-trace-state.ts";
import { lengthDelimited } from "./length-delimited.ts";
import {
  ARRAY_VALUE,
  BOOL_VALUE,
  BYTES_VALUE,
  DOUBLE_VALUE,
  ELEMENT,
  INT_VALUE,
  KEY,
  KEY_VALUE_LIST,
  STRING_VALUE,
  VALUE,
} from "./tags.ts";

/** What is known of a name. */
interface Field {
  /** The field `key` of a `KeyValue`. */
  readonly key: Uint8Array;
  /** Whether what stands under it goes away whole. */
  readonly isHidden: boolean;
  /** Short texts that stood under it, each with the key before it, encoded. */
  readonly known: Map<string, Uint8Array>;
}

const FIELDS_MAX_COUNT = 2_000;

/** Under most names, the same few texts come again and again; under others, each comes once. */
const KNOWN_MAX_COUNT = 64;
const KNOWN_MAX_LENGTH = 64;

/** Writes attributes, without the secrets in them. */
export class AttributeEncoder {
  readonly #redactor: ContentRedactor | undefined;
  readonly #fields = new Map<string, Field>();
  /** All spans of a run have the same. */
  #traceState = "";
  #cleanTraceState = "";

  constructor(redactor?: ContentRedactor) {
    this.#redactor = redactor;
  }

  /** Writes attributes as repeated `KeyValue`s under a tag. */
  write(writer: BackwardWriter, tag: number, attributes: Readonly<Record<string, unknown>>): void {
    const keys = Object.keys(attributes);
    for (let at = keys.length - 1; at >= 0; at -= 1) {
      const key = keys[at]!;
      const end = writer.length;
      this.#keyValue(writer, key, attributes[key]);
      lengthDelimited(writer, tag, end);
    }
  }

  /** A text without secrets. */
  text(value: string): string {
    return this.#redactor === undefined ? value : this.#redactor.text(value);
  }

  /** A tracestate without secrets. */
  traceState(state: string): string {
    if (this.#redactor === undefined) return state;
    if (state === this.#traceState) return this.#cleanTraceState;
    this.#traceState = state;
    return (this.#cleanTraceState = cleanTraceState(state, this.#redactor));
  }

  #keyValue(writer: BackwardWriter, key: string, value: unknown): void {
    const field = this.#fieldOf(key);
    const isShort = typeof value === "string" && value.length <= KNOWN_MAX_LENGTH && !field.isHidden;
    const known = isShort ? field.known.get(value) : undefined;
    if (known !== undefined) return writer.bytes(known);
    const end = writer.length;
    this.#value(writer, field.isHidden ? this.#redactor!.hidden() : value, key);
    lengthDelimited(writer, VALUE, end);
    writer.bytes(field.key);
    if (!isShort || field.known.size >= KNOWN_MAX_COUNT) return;
    field.known.set(value, Uint8Array.from(writer.head(writer.length - end)));
  }

  #fieldOf(key: string): Field {
    const known = this.#fields.get(key);
    if (known !== undefined) return known;
    // Names of the conventions and of ours hide nothing: `gen_ai.usage.input_tokens` is no token.
    const isOurs = key.startsWith("gen_ai.") || key.startsWith("runreel.");
    const isHidden = !isOurs && this.#redactor?.hidesKey(key) === true;
    const field = { key: keyField(this.text(key)), isHidden, known: new Map<string, Uint8Array>() };
    if (this.#fields.size < FIELDS_MAX_COUNT) this.#fields.set(key, field);
    return field;
  }

  #value(writer: BackwardWriter, value: unknown, key: string): void {
    const end = writer.length;
    switch (typeof value) {
      case "string":
        writer.text(this.#redactor === undefined ? value : this.#redactor.text(value, key));
        return lengthDelimited(writer, STRING_VALUE, end);
      case "boolean":
        writer.byte(value ? 1 : 0);
        return writer.byte(BOOL_VALUE);
      case "number":
        return writeNumber(writer, value);
      case "object":
        if (value !== null) this.#object(writer, value, key);
        return undefined;
      default:
        return undefined;
    }
  }

  #object(writer: BackwardWriter, value: object, key: string): void {
    const end = writer.length;
    if (value instanceof Uint8Array) {
      writer.bytes(this.#redactor === undefined ? value : redactedBytes(value, this.#redactor));
      lengthDelimited(writer, BYTES_VALUE, end);
    } else if (Array.isArray(value)) {
      for (let at = value.length - 1; at >= 0; at -= 1) {
        const elementEnd = writer.length;
        this.#value(writer, value[at], key);
        lengthDelimited(writer, ELEMENT, elementEnd);
      }
      lengthDelimited(writer, ARRAY_VALUE, end);
    } else {
      this.write(writer, ELEMENT, value as Record<string, unknown>);
      lengthDelimited(writer, KEY_VALUE_LIST, end);
    }
  }
}

/** Between these an integer fits `int_value`. */
const INT_MIN = -(2 ** 63);
const INT_MAX = 2 ** 63;

function writeNumber(writer: BackwardWriter, value: number): void {
  if (!Number.isInteger(value) || value < INT_MIN || value >= INT_MAX) {
    writer.double(value);
    return writer.byte(DOUBLE_VALUE);
  }
  if (value >= 0 && value <= Number.MAX_SAFE_INTEGER) writer.varint(value);
  else writer.bigVarint(BigInt(value));
  return writer.byte(INT_VALUE);
}

/** The field `key` of a `KeyValue`. */
export function keyField(key: string): Uint8Array {
  const text = Buffer.from(key);
  const head: number[] = [KEY];
  let rest = text.length;
  for (; rest > 0x7f; rest >>= 7) head.push((rest & 0x7f) | 0x80);
  return Uint8Array.from([...head, rest, ...text]);
}
