import { types } from "node:util";

import type { Codec } from "./codec.ts";
import { VALUE_MAX_COUNT } from "./limits.ts";
import { Omitted, UnknownInstance } from "./markers.ts";
import type { OmissionReason } from "./markers.ts";
import { setMember } from "./tree-node.ts";

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
  // Read as every map and set can be, whatever a class has made of their iterators.
  if (types.isMap(value)) {
    if (isTooLarge(value, Map.prototype)) return omitted("too_large");
    return { key: "$map", payload: [...Map.prototype.entries.call(value)] };
  }
  if (types.isSet(value)) {
    if (isTooLarge(value, Set.prototype)) return omitted("too_large");
    return { key: "$set", payload: [...Set.prototype.values.call(value)] };
  }
  if (types.isRegExp(value)) return { key: "$regexp", payload: [value.source, value.flags] };
  if (types.isNativeError(value)) return { key: "$error", payload: errorPayload(value) };
  if (value instanceof UnknownInstance) return { key: "$as", payload: [value.codec, value.value] };
  if (value instanceof Omitted) return { key: "$omitted", payload: value.reason };
  if (types.isPromise(value)) return omitted("promise");
  return isStream(value) ? omitted("stream") : undefined;
}

function omitted(reason: OmissionReason): SpecialValue {
  return { key: "$omitted", payload: reason };
}

function isTooLarge(value: object, prototype: object): boolean {
  return (Reflect.get(prototype, "size", value) as number) > VALUE_MAX_COUNT;
}

/**
 * Whether reading a value would take it away from the program: streams, generators and other iterators.
 *
 * @throws whatever a getter of the value's throws
 */
function isStream(value: object): boolean {
  if (Symbol.asyncIterator in value || value instanceof ReadableStream || value instanceof Response) return true;
  return Symbol.iterator in value && typeof (value as { next?: unknown }).next === "function";
}

/** What is written for an instance that has no members to be seen, as `toJSON` would give it; undefined for all others. */
export function standIn(value: object): unknown {
  if (types.isBoxedPrimitive(value)) return value.valueOf();
  if (value instanceof Headers) return Object.fromEntries(value);
  return value instanceof URLSearchParams ? String(value) : undefined;
}

/** What an error says: its causes, the errors that it stands for, and what hosts hang on it, `code` or `status`, where that is small. */
function errorPayload(error: Error): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  const payload: Record<string, unknown> = { name, message, stack };
  if (cause !== undefined) payload["cause"] = cause;
  const { errors } = error as { errors?: unknown };
  if (Array.isArray(errors)) payload["errors"] = errors;
  const fields = errorFields(error);
  if (fields !== undefined) payload["fields"] = fields;
  return payload;
}

const told = new Set(["name", "message", "stack", "cause", "errors"]);

function errorFields(error: Error): Record<string, unknown> | undefined {
  let fields: Record<string, unknown> | undefined;
  for (const key of Object.keys(error)) {
    const value: unknown = Object.getOwnPropertyDescriptor(error, key)?.value;
    const isSmall = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    if (isSmall && !told.has(key)) setMember((fields ??= {}), key, value);
  }
  return fields;
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

/** A member of an object or array, or a marker where it cannot be read: what stands beside it is kept. */
export function readMember(value: object, key: string | number): unknown {
  try {
    return (value as Record<string | number, unknown>)[key];
  } catch {
    return new Omitted("unreadable");
  }
}
