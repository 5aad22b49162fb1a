import { redactedBytes } from "@runreel/content";
import type { ContentRedactor } from "@runreel/content";

import type { BackwardWriter } from "./backward-writer.ts";
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

/** Writes attributes as repeated `KeyValue`s under a tag, without the secrets in them. */
export function writeAttributes(
  writer: BackwardWriter,
  tag: number,
  attributes: Readonly<Record<string, unknown>>,
  redactor?: ContentRedactor,
): void {
  const keys = Object.keys(attributes);
  for (let at = keys.length - 1; at >= 0; at -= 1) {
    const given = keys[at]!;
    const key = redactor === undefined ? given : redactor.text(given);
    const end = writer.length;
    // Names of the conventions and of ours hide nothing: `gen_ai.usage.input_tokens` is no token.
    const isHidden = redactor !== undefined && !isKnownName(given) && redactor.hidesKey(given);
    writeValue(writer, isHidden ? redactor.hidden() : attributes[given], redactor, given);
    lengthDelimited(writer, VALUE, end);
    writer.bytes(keyField(key));
    lengthDelimited(writer, tag, end);
  }
}

function isKnownName(key: string): boolean {
  return key.startsWith("gen_ai.") || key.startsWith("runreel.");
}

function writeValue(writer: BackwardWriter, value: unknown, redactor: ContentRedactor | undefined, key: string): void {
  const end = writer.length;
  switch (typeof value) {
    case "string":
      writer.text(redactor === undefined ? value : redactor.text(value, key));
      return lengthDelimited(writer, STRING_VALUE, end);
    case "boolean":
      writer.byte(value ? 1 : 0);
      return writer.byte(BOOL_VALUE);
    case "number":
      return writeNumber(writer, value);
    case "object":
      if (value !== null) writeObject(writer, value, redactor, key);
      return undefined;
    default:
      return undefined;
  }
}

function writeObject(writer: BackwardWriter, value: object, redactor: ContentRedactor | undefined, key: string): void {
  const end = writer.length;
  if (value instanceof Uint8Array) {
    writer.bytes(redactor === undefined ? value : redactedBytes(value, redactor));
    lengthDelimited(writer, BYTES_VALUE, end);
  } else if (Array.isArray(value)) {
    for (let at = value.length - 1; at >= 0; at -= 1) {
      const elementEnd = writer.length;
      writeValue(writer, value[at], redactor, key);
      lengthDelimited(writer, ELEMENT, elementEnd);
    }
    lengthDelimited(writer, ARRAY_VALUE, end);
  } else {
    writeAttributes(writer, ELEMENT, value as Record<string, unknown>, redactor);
    lengthDelimited(writer, KEY_VALUE_LIST, end);
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

const keyFields = new Map<string, Uint8Array>();
const KEY_FIELDS_MAX_COUNT = 2_000;

/** The field `key` of a `KeyValue`. The same keys come again and again, so their bytes are kept. */
export function keyField(key: string): Uint8Array {
  const known = keyFields.get(key);
  if (known !== undefined) return known;
  const text = Buffer.from(key);
  const head: number[] = [KEY];
  let rest = text.length;
  for (; rest > 0x7f; rest >>= 7) head.push((rest & 0x7f) | 0x80);
  const field = Uint8Array.from([...head, rest, ...text]);
  if (keyFields.size < KEY_FIELDS_MAX_COUNT) keyFields.set(key, field);
  return field;
}
