import { types } from "node:util";

import { hashBlob, isLongerThan } from "./blob.ts";
import type { Blob, BlobType } from "./blob.ts";
import type { Codec } from "./codec.ts";
import { cutText } from "./cut-text.ts";
import {
  BLOB_MAX_BYTES,
  BYTES_INLINE_MAX_BYTES,
  ELEMENT_INLINE_MAX_BYTES,
  LIST_GROUP_LENGTH,
  MEMBER_INLINE_MAX_BYTES,
  TEXT_INLINE_MAX_BYTES,
  VALUE_MAX_COUNT,
  VALUE_MAX_DEPTH,
} from "./limits.ts";
import type { OmissionReason } from "./markers.ts";
import type { Memory } from "./memory.ts";
import { bytesOf, specialValue } from "./special-value.ts";

export interface TreeWriterOptions {
  codecs: readonly Codec[];
  memory: Memory;
  /** Numbers the encoding, so that the memory looks at no object twice in it. */
  encoding: number;
  /** Takes the blobs; without it nothing is cut and the text holds the whole value. */
  emit: ((blob: Blob) => void) | undefined;
}

/** Writes one value as canonical text and cuts it into blobs on the way. It never throws, whatever the value does when it is read. */
export class TreeWriter {
  readonly #options: TreeWriterOptions;
  readonly #ancestors = new Set<object>();
  #visited = 0;
  /** How many things have been left out whose absence depends on where they stand; their owners are not remembered. */
  #omissions = 0;
  #deepest = 0;

  constructor(options: TreeWriterOptions) {
    this.#options = options;
  }

  /** Writes a whole value and names its root. */
  root(value: unknown): string {
    return this.#blob("tree", this.text(value));
  }

  /** The text of a value in its tree. */
  text(value: unknown, depth = 0): string {
    switch (typeof value) {
      case "string":
        return this.#string(value);
      case "number":
        return numberText(value);
      case "boolean":
        return value ? "true" : "false";
      case "bigint":
        return `{"$bigint":"${value}"}`;
      case "undefined":
        return '{"$undefined":true}';
      case "function":
        return omission("function");
      case "symbol":
        return omission("symbol");
      default:
        return value === null ? "null" : this.#object(value as object, depth);
    }
  }

  #string(value: string): string {
    const { emit } = this.#options;
    // A lone surrogate has no UTF-8, but JSON can escape it: such a string stays in its tree.
    if (emit === undefined || !isLongerThan(value, TEXT_INLINE_MAX_BYTES) || !value.isWellFormed()) {
      return JSON.stringify(value);
    }
    return `{"$text":"${this.#blob("text", cutText(value, BLOB_MAX_BYTES))}"}`;
  }

  #object(value: object, depth: number): string {
    if (this.#ancestors.has(value)) return this.#omit("circular");
    if (depth >= VALUE_MAX_DEPTH) return this.#omit("too_deep");
    if (++this.#visited > VALUE_MAX_COUNT) return this.#omit("too_large");
    const deepestBefore = this.#deepest;
    const omissionsBefore = this.#omissions;
    this.#deepest = depth;
    this.#ancestors.add(value);
    try {
      const { memory, encoding } = this.#options;
      const known = memory.recall(value, encoding);
      if (known !== undefined && depth + known.height < VALUE_MAX_DEPTH) {
        this.#deepest = depth + known.height;
        return known.text;
      }
      const isWhole = (): boolean => this.#omissions === omissionsBefore;
      return this.#members(value, depth, (text, keys, values) => {
        const height = this.#deepest - depth;
        if (isWhole()) memory.remember(value, keys, values, { text, height, checkedIn: encoding });
      });
    } catch {
      return this.#omit("unreadable");
    } finally {
      this.#ancestors.delete(value);
      this.#deepest = Math.max(this.#deepest, deepestBefore);
    }
  }

  #members(value: object, depth: number, remember: Remember): string {
    const bytes = bytesOf(value);
    if (bytes !== undefined) return this.#bytes(bytes);
    const special = specialValue(value, this.#options.codecs);
    if (special !== undefined)
      return `{"${special.key}":${this.#placed(special.payload, depth, MEMBER_INLINE_MAX_BYTES)}}`;
    if (Array.isArray(value)) {
      const text = this.#array(value, depth);
      remember(text, undefined, value);
      return text;
    }
    if (types.isTypedArray(value)) return this.#array(Array.from<number | bigint>(value), depth);
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === "function") return this.text(toJSON.call(value), depth + 1);
    return this.#plainObject(value as Record<string, unknown>, depth, remember);
  }

  #plainObject(value: Record<string, unknown>, depth: number, remember: Remember): string {
    const keys = Object.keys(value);
    const values = keys.map((key) => value[key]);
    const order = keys.map((_, index) => index).sort((a, b) => (keys[a]! < keys[b]! ? -1 : 1));
    let text = "";
    for (const index of order) {
      const member = values[index];
      if (member === undefined || typeof member === "function") continue;
      const key = keys[index]!;
      if (text !== "") text += ",";
      text += `${JSON.stringify(key.startsWith("$") ? `$${key}` : key)}:${this.#placed(member, depth, MEMBER_INLINE_MAX_BYTES)}`;
    }
    text = `{${text}}`;
    remember(text, keys, values);
    return text;
  }

  #array(value: readonly unknown[], depth: number): string {
    const elements: string[] = [];
    // Counted, not iterated: a hole is written as undefined, and an iterator of the host's own is not run.
    for (let index = 0; index < value.length; index += 1) {
      if (this.#visited > VALUE_MAX_COUNT) return this.#omit("too_large");
      if (typeof value[index] !== "object") this.#visited += 1;
      elements.push(this.#placed(value[index], depth, ELEMENT_INLINE_MAX_BYTES));
    }
    if (this.#options.emit === undefined || elements.length <= LIST_GROUP_LENGTH) return `[${elements.join(",")}]`;
    let groups = grouped(elements).map((group) => ({
      hash: this.#blob("tree", `[${group.join(",")}]`),
      length: group.length,
    }));
    while (groups.length > LIST_GROUP_LENGTH) {
      groups = grouped(groups).map((group) => {
        const length = group.reduce((sum, part) => sum + part.length, 0);
        return { hash: this.#blob("tree", listText(group, length)), length };
      });
    }
    return listText(groups, elements.length);
  }

  #bytes(value: Uint8Array): string {
    const { emit } = this.#options;
    if (emit === undefined || value.byteLength <= BYTES_INLINE_MAX_BYTES) {
      return `{"$b64":"${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64")}"}`;
    }
    if (value.byteLength > BLOB_MAX_BYTES) return omission("too_large");
    return `{"$bytes":"${this.#blob("bytes", value)}"}`;
  }

  /** The text of a value, or of a reference to it where it is too long for its place. */
  #placed(value: unknown, depth: number, inlineMaxBytes: number): string {
    const text = this.text(value, depth + 1);
    if (this.#options.emit === undefined || !isLongerThan(text, inlineMaxBytes)) return text;
    const { memory, encoding } = this.#options;
    const known = typeof value === "object" && value !== null ? memory.recall(value, encoding) : undefined;
    if (known === undefined || known.text !== text) return this.#ref(text);
    known.ref ??= this.#ref(text);
    return known.ref;
  }

  #ref(text: string): string {
    return `{"$ref":"${this.#blob("tree", text)}"}`;
  }

  #blob(type: BlobType, data: string | Uint8Array): string {
    const isTooLarge = type === "tree" && isLongerThan(data as string, BLOB_MAX_BYTES);
    const kept = isTooLarge ? omission("too_large") : data;
    const hash = hashBlob(type, kept);
    this.#options.emit?.({ hash, type, data: kept });
    return hash;
  }

  #omit(reason: OmissionReason): string {
    this.#omissions += 1;
    return omission(reason);
  }
}

type Remember = (text: string, keys: readonly string[] | undefined, values: readonly unknown[]) => void;

function numberText(value: number): string {
  if (Object.is(value, -0)) return '{"$number":"-0"}';
  return Number.isFinite(value) ? String(value) : `{"$number":"${value}"}`;
}

function omission(reason: OmissionReason): string {
  return `{"$omitted":"${reason}"}`;
}

function listText(groups: readonly { hash: string }[], length: number): string {
  return `{"$list":[${groups.map((group) => `"${group.hash}"`).join(",")}],"n":${length}}`;
}

function grouped<T>(items: readonly T[]): T[][] {
  const groups: T[][] = [];
  for (let start = 0; start < items.length; start += LIST_GROUP_LENGTH) {
    groups.push(items.slice(start, start + LIST_GROUP_LENGTH));
  }
  return groups;
}
