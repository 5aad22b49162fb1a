import { ValueType } from "./attribute-table.ts";
import { ProtobufReader } from "./protobuf-reader.ts";

/** One AnyValue of OTLP: numbers by value, the rest as a slice of the bytes it came in. */
export interface AnyValue {
  type: number;
  number: number;
  at: number;
  length: number;
}

const scratchNumber = new DataView(new ArrayBuffer(8));

/**
 * Reads the AnyValue that fills the reader up to `to`. Of several members the last one counts, as protobuf has it.
 */
export function readAnyValue(reader: ProtobufReader, to: number, into: AnyValue): void {
  const end = reader.end;
  reader.end = to;
  into.type = ValueType.empty;
  while (reader.position < to) {
    const tag = reader.varint();
    switch (tag) {
      case 10:
        readSlice(reader, ValueType.string, into);
        break;
      case 16:
        reader.varint64();
        into.type = ValueType.boolean;
        into.number = reader.low === 0 && reader.high === 0 ? 0 : 1;
        break;
      case 24:
        into.at = reader.position;
        reader.varint64();
        into.length = reader.position - into.at;
        into.type = ValueType.integer;
        into.number = (reader.high | 0) * 4294967296 + reader.low;
        break;
      case 33:
        reader.fixed64();
        scratchNumber.setUint32(0, reader.low, true);
        scratchNumber.setUint32(4, reader.high, true);
        into.type = ValueType.double;
        into.number = scratchNumber.getFloat64(0, true);
        break;
      case 42:
        readSlice(reader, ValueType.array, into);
        break;
      case 50:
        readSlice(reader, ValueType.map, into);
        break;
      case 58:
        readSlice(reader, ValueType.bytes, into);
        break;
      default:
        reader.skip(tag);
    }
  }
  reader.end = end;
}

function readSlice(reader: ProtobufReader, type: number, into: AnyValue): void {
  const end = reader.fieldEnd();
  into.type = type;
  into.at = reader.position;
  into.length = end - reader.position;
  reader.position = end;
}

/** The number whose varint stands at `at`, exactly. */
export function integerAt(bytes: Uint8Array, at: number): bigint {
  const reader = new ProtobufReader(bytes, at);
  reader.varint64();
  return BigInt.asIntN(64, (BigInt(reader.high) << 32n) | BigInt(reader.low));
}

/** A value as JSON text: integers exact, bytes in base64, NaN and the infinities as texts. */
export function jsonOfValue(bytes: Buffer, value: AnyValue): string {
  switch (value.type) {
    case ValueType.string:
      return JSON.stringify(bytes.toString("utf8", value.at, value.at + value.length));
    case ValueType.boolean:
      return value.number === 0 ? "false" : "true";
    case ValueType.integer:
      return Number.isSafeInteger(value.number) ? String(value.number) : String(integerAt(bytes, value.at));
    case ValueType.double:
      return Number.isFinite(value.number) ? String(value.number) : `"${value.number}"`;
    case ValueType.bytes:
      return `"${bytes.toString("base64", value.at, value.at + value.length)}"`;
    case ValueType.array:
      return jsonOfArray(bytes, value.at, value.at + value.length);
    case ValueType.map:
      return jsonOfMap(bytes, value.at, value.at + value.length);
    default:
      return "null";
  }
}

function jsonOfArray(bytes: Buffer, from: number, to: number): string {
  const reader = new ProtobufReader(bytes, from, to);
  const item: AnyValue = { type: 0, number: 0, at: 0, length: 0 };
  let json = "[";
  while (reader.position < to) {
    const tag = reader.varint();
    if (tag !== 10) {
      reader.skip(tag);
      continue;
    }
    readAnyValue(reader, reader.fieldEnd(), item);
    json += (json.length > 1 ? "," : "") + jsonOfValue(bytes, item);
  }
  return json + "]";
}

/** Reads the first element of the array that `value` is. @returns false when it is none, or is empty. */
export function readFirstElement(bytes: Buffer, value: AnyValue): boolean {
  if (value.type !== ValueType.array) return false;
  const reader = new ProtobufReader(bytes, value.at, value.at + value.length);
  while (reader.position < reader.end) {
    const tag = reader.varint();
    if (tag === 10) {
      readAnyValue(reader, reader.fieldEnd(), value);
      return true;
    }
    reader.skip(tag);
  }
  return false;
}

function jsonOfMap(bytes: Buffer, from: number, to: number): string {
  const reader = new ProtobufReader(bytes, from, to);
  const item: AnyValue = { type: 0, number: 0, at: 0, length: 0 };
  let json = "{";
  while (reader.position < to) {
    const tag = reader.varint();
    if (tag !== 10) {
      reader.skip(tag);
      continue;
    }
    const end = reader.fieldEnd();
    let key = "";
    item.type = ValueType.empty;
    while (reader.position < end) {
      const field = reader.varint();
      if (field === 10) {
        const keyEnd = reader.fieldEnd();
        key = bytes.toString("utf8", reader.position, keyEnd);
        reader.position = keyEnd;
      } else if (field === 18) readAnyValue(reader, reader.fieldEnd(), item);
      else reader.skip(field);
    }
    json += `${json.length > 1 ? "," : ""}${JSON.stringify(key)}:${jsonOfValue(bytes, item)}`;
  }
  return json + "}";
}

/**
 * Walks through arrays and maps down to `depth` levels, so that what is read later is known to be sound.
 *
 * @returns false when it goes deeper.
 */
export function isWithinDepth(bytes: Uint8Array, value: AnyValue, depth: number): boolean {
  if (value.type !== ValueType.array && value.type !== ValueType.map) return true;
  if (depth === 0) return false;
  const isMap = value.type === ValueType.map;
  const end = value.at + value.length;
  const reader = new ProtobufReader(bytes, value.at, end);
  const item: AnyValue = { type: 0, number: 0, at: 0, length: 0 };
  while (reader.position < end) {
    const tag = reader.varint();
    if (tag !== 10) {
      reader.skip(tag);
      continue;
    }
    const itemEnd = reader.fieldEnd();
    item.type = ValueType.empty;
    if (isMap) readEntry(reader, itemEnd, item);
    else readAnyValue(reader, itemEnd, item);
    if (!isWithinDepth(bytes, item, depth - 1)) return false;
  }
  return true;
}

function readEntry(reader: ProtobufReader, to: number, value: AnyValue): void {
  const end = reader.end;
  reader.end = to;
  while (reader.position < to) {
    const tag = reader.varint();
    if (tag === 18) readAnyValue(reader, reader.fieldEnd(), value);
    else reader.skip(tag);
  }
  reader.end = end;
}
