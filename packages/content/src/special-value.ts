import { types } from "node:util";

import type { Codec } from "./codec.ts";
import { Omitted, UnknownInstance } from "./markers.ts";

/** A value that JSON lacks, as the node `{[key]: payload}` of a tree. */
export interface SpecialValue {
  key: string;
  payload: unknown;
}

/** Tells how an object that is no plain object or array is written; undefined for all that are written member by member. */
export function specialValue(value: object, codecs: readonly Codec[]): SpecialValue | undefined {
  for (const codec of codecs) {
    if (codec.matches(value)) return { key: "$as", payload: [codec.name, codec.encode(value)] };
  }
  if (types.isDate(value)) return { key: "$date", payload: Number.isNaN(value.getTime()) ? null : value.toISOString() };
  if (types.isMap(value)) return { key: "$map", payload: [...value] };
  if (types.isSet(value)) return { key: "$set", payload: [...value] };
  if (types.isRegExp(value)) return { key: "$regexp", payload: [value.source, value.flags] };
  if (types.isNativeError(value)) {
    return { key: "$error", payload: { name: value.name, message: value.message, stack: value.stack } };
  }
  if (value instanceof UnknownInstance) return { key: "$as", payload: [value.codec, value.value] };
  if (value instanceof Omitted) return { key: "$omitted", payload: value.reason };
  return undefined;
}

/** The bytes of a buffer or view in an array of their own, or undefined for all else. */
export function bytesOf(value: object): Uint8Array | undefined {
  if (types.isUint8Array(value) || types.isUint8ClampedArray(value) || types.isDataView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  }
  return types.isAnyArrayBuffer(value) ? new Uint8Array(value).slice() : undefined;
}

/** Arrays, and objects without a class or a form of their own: most of what is written. */
export function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return typeof (value as { toJSON?: unknown }).toJSON !== "function";
}
