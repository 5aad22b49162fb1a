import { types } from "node:util";

import { VALUE_MAX_DEPTH } from "./limits.ts";
import { Omitted, UnknownInstance } from "./markers.ts";
import { setMember } from "./tree-node.ts";

/**
 * A decoded value as JSON for people: dates as ISO text, maps as objects (or pairs, where a key is no text), sets as arrays, bytes
 * as base64, instances as their plain value. Cannot be turned back.
 */
export function toPlain(value: unknown): unknown {
  return plain(value, 0);
}

function plain(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "bigint":
      return String(value);
    case "undefined":
      return null;
    case "function":
    case "symbol":
      return `[omitted: ${typeof value}]`;
    case "object":
      if (value === null) return null;
      return depth > VALUE_MAX_DEPTH ? "[omitted: too_deep]" : plainObject(value, depth);
    default:
      return value;
  }
}

function plainObject(value: object, depth: number): unknown {
  const deeper = (member: unknown): unknown => plain(member, depth + 1);
  if (Array.isArray(value)) return value.map(deeper);
  if (types.isDate(value)) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (types.isMap(value)) return plainMap(value, deeper);
  if (types.isSet(value)) return [...value].map(deeper);
  if (types.isRegExp(value)) return String(value);
  if (types.isUint8Array(value)) return Buffer.from(value).toString("base64");
  if (types.isNativeError(value)) return plainError(value, deeper);
  if (value instanceof UnknownInstance) return deeper(value.value);
  if (value instanceof Omitted) return `[omitted: ${value.reason}]`;
  return withMembers(Object.entries(value), deeper);
}

function plainError(error: Error, deeper: (member: unknown) => unknown): unknown {
  const { name, message, stack, cause } = error;
  const { errors } = error as { errors?: unknown };
  const members = Object.entries({ name, message, stack: stack ?? null, cause, errors });
  return withMembers([...members, ...Object.entries(error)], deeper);
}

function plainMap(map: Map<unknown, unknown>, deeper: (member: unknown) => unknown): unknown {
  const entries = [...map];
  if (entries.every((entry): entry is [string, unknown] => typeof entry[0] === "string")) {
    return withMembers(entries, deeper);
  }
  return entries.map(([key, member]) => [deeper(key), deeper(member)]);
}

function withMembers(entries: readonly [string, unknown][], deeper: (member: unknown) => unknown): unknown {
  const members: Record<string, unknown> = {};
  for (const [key, member] of entries) if (member !== undefined) setMember(members, key, deeper(member));
  return members;
}
