import { types } from "node:util";

import { areLongerThan, hashBlob, isLongerThan } from "./blob.ts";
import type { Blob, BlobType } from "./blob.ts";
import type { Codec } from "./codec.ts";
import { cutText } from "./cut-text.ts";
import {
  ARRAY_INLINE_MAX_BYTES,
  BLOB_MAX_BYTES,
  BYTES_INLINE_MAX_BYTES,
  ELEMENT_INLINE_MAX_BYTES,
  ELEMENT_REWRITTEN_MAX_LENGTH,
  LIST_GROUP_LENGTH,
  MEMBER_INLINE_MAX_BYTES,
  TEXT_INLINE_MAX_BYTES,
  VALUE_MAX_COUNT,
  VALUE_MAX_DEPTH,
} from "./limits.ts";
import type { OmissionReason } from "./markers.ts";
import type { Memory, Remembered } from "./memory.ts";
import { keyText, sortKeys } from "./object-keys.ts";
import { bytesOf, specialValue } from "./special-value.ts";
import type { SpecialValue } from "./special-value.ts";

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
  readonly #ancestors: object[] = [];
  #visited = 0;
  #deepest = 0;
  /** How many things have been written of which cannot be told whether they change, or where they stand decides how. */
  #opaque = 0;
  #hasCut = false;

  constructor(options: TreeWriterOptions) {
    this.#options = options;
  }

  /** Writes a whole value and names its root. */
  root(value: unknown): string {
    const text = this.text(value);
    // A list of messages is made anew for each question; its elements are what comes again.
    const mayComeAgain = this.#hasCut && typeof value === "object" && value !== null && !Array.isArray(value);
    if (mayComeAgain && this.#opaque === 0) return hashIn(this.#reference(value, text, false));
    return this.#blob("tree", text);
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
    const { texts } = this.#options.memory;
    const known = texts.refOf(value);
    if (known !== undefined) return known;
    const ref = `{"$text":"${this.#blob("text", cutText(value, BLOB_MAX_BYTES))}"}`;
    texts.keep(value, ref);
    return ref;
  }

  #object(value: object, depth: number): string {
    if (this.#ancestors.includes(value)) return this.#omit("circular");
    if (depth >= VALUE_MAX_DEPTH) return this.#omit("too_deep");
    if (++this.#visited > VALUE_MAX_COUNT) return this.#omit("too_large");
    const deepestBefore = this.#deepest;
    this.#deepest = depth;
    this.#ancestors.push(value);
    try {
      const known = this.#options.memory.recall(value, this.#options.encoding);
      if (known !== undefined && depth + known.members.height < VALUE_MAX_DEPTH) {
        this.#deepest = depth + known.members.height;
        return known.text;
      }
      return this.#members(value, depth);
    } catch {
      return this.#omit("unreadable");
    } finally {
      this.#ancestors.pop();
      this.#deepest = Math.max(this.#deepest, deepestBefore);
    }
  }

  #members(value: object, depth: number): string {
    if (!isPlain(value) || this.#hasCodec(value)) {
      const text = this.#instance(value, depth);
      if (text !== undefined) return text;
    }
    if (Array.isArray(value)) return this.#array(value, depth);
    return this.#plainObject(value as Record<string, unknown>, depth);
  }

  #hasCodec(value: object): boolean {
    for (const codec of this.#options.codecs) if (codec.matches(value)) return true;
    return false;
  }

  /** Writes what has a form of its own; undefined for what is written member by member. */
  #instance(value: object, depth: number): string | undefined {
    const bytes = bytesOf(value);
    const special = bytes === undefined ? specialValue(value, this.#options.codecs) : undefined;
    if (special?.key === "$as") return this.#encoded(special.payload as [string, unknown], depth);
    const text = bytes === undefined ? this.#specialForm(value, special, depth) : this.#bytes(bytes);
    // Whether it has changed cannot be seen from outside.
    if (text !== undefined) this.#opaque += 1;
    return text;
  }

  /** Writes an instance as what its codec made of it, which is remembered where it stands in something larger that may come again. */
  #encoded([codec, value]: [string, unknown], depth: number): string {
    const opaqueBefore = this.#opaque;
    const inside = this.text(value, depth + 2);
    const mayComeAgain = depth > 0 && typeof value === "object" && value !== null;
    if (mayComeAgain && this.#opaque === opaqueBefore) this.#keep(value, inside);
    this.#opaque += 1;
    return `{"$as":[${JSON.stringify(codec)},${inside}]}`;
  }

  #specialForm(value: object, special: SpecialValue | undefined, depth: number): string | undefined {
    if (special !== undefined)
      return `{"${special.key}":${this.#placed(special.payload, depth, MEMBER_INLINE_MAX_BYTES)}}`;
    if (types.isTypedArray(value)) return this.#array(Array.from<number | bigint>(value), depth);
    const { toJSON } = value as { toJSON?: unknown };
    return typeof toJSON === "function" ? this.text(toJSON.call(value), depth + 1) : undefined;
  }

  #plainObject(value: Record<string, unknown>, depth: number): string {
    let text = "";
    for (const key of sortKeys(Object.keys(value))) {
      const member = value[key];
      if (member === undefined || typeof member === "function") continue;
      if (text !== "") text += ",";
      text += keyText(key) + this.#placed(member, depth, MEMBER_INLINE_MAX_BYTES);
    }
    return `{${text}}`;
  }

  #array(value: readonly unknown[], depth: number): string {
    const elements: string[] = [];
    let opaque: Set<number> | undefined;
    // Counted, not iterated: a hole is written as undefined, and an iterator of the host's own is not run.
    for (let index = 0; index < value.length; index += 1) {
      if (this.#visited > VALUE_MAX_COUNT) return this.#omit("too_large");
      const element = value[index];
      if (typeof element !== "object") this.#visited += 1;
      const opaqueBefore = this.#opaque;
      elements.push(this.text(element, depth + 1));
      if (this.#opaque !== opaqueBefore) (opaque ??= new Set()).add(index);
    }
    if (this.#options.emit !== undefined && areLongerThan(elements, ARRAY_INLINE_MAX_BYTES)) {
      for (let at = 0; at < elements.length; at += 1) {
        elements[at] = this.#element(value[at], elements[at]!, opaque?.has(at) === true);
      }
    }
    return this.#listed(elements);
  }

  /** An element of an array that is cut. The array may grow and come again, so its elements are remembered. */
  #element(value: unknown, text: string, isOpaque: boolean): string {
    if (isLongerThan(text, ELEMENT_INLINE_MAX_BYTES)) return this.#reference(value, text, isOpaque);
    const isShort = text.length <= ELEMENT_REWRITTEN_MAX_LENGTH;
    if (!isShort && !isOpaque && typeof value === "object" && value !== null) this.#keep(value, text);
    return text;
  }

  /** Joins elements, or cuts them into groups where they are many. */
  #listed(elements: readonly string[]): string {
    if (this.#options.emit === undefined || elements.length <= LIST_GROUP_LENGTH) return `[${elements.join(",")}]`;
    let groups = grouped(elements).map((group) => ({
      hash: hashIn(this.#tree(`[${group.join(",")}]`)),
      length: group.length,
    }));
    while (groups.length > LIST_GROUP_LENGTH) {
      groups = grouped(groups).map((group) => {
        const length = group.reduce((sum, part) => sum + part.length, 0);
        return { hash: hashIn(this.#tree(listText(group, length))), length };
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
    const opaqueBefore = this.#opaque;
    const text = this.text(value, depth + 1);
    if (this.#options.emit === undefined || !isLongerThan(text, inlineMaxBytes)) return text;
    return this.#reference(value, text, this.#opaque !== opaqueBefore);
  }

  #reference(value: unknown, text: string, isOpaque: boolean): string {
    const isPlainData = !isOpaque && typeof value === "object" && value !== null;
    const known = isPlainData ? this.#keep(value, text) : undefined;
    if (known?.ref !== undefined) return known.ref;
    const ref = this.#tree(text);
    if (known !== undefined) known.ref = ref;
    return ref;
  }

  /** A reference to a tree, which is emitted unless that was done lately. */
  #tree(text: string): string {
    const { trees } = this.#options.memory;
    const known = trees.refOf(text);
    if (known !== undefined) return known;
    const ref = `{"$ref":"${this.#blob("tree", text)}"}`;
    trees.keep(text, ref);
    return ref;
  }

  #keep(value: object, text: string): Remembered | undefined {
    return this.#options.memory.keep(value, text, this.#options.encoding);
  }

  #blob(type: BlobType, data: string | Uint8Array): string {
    const isTooLarge = type === "tree" && isLongerThan(data as string, BLOB_MAX_BYTES);
    const kept = isTooLarge ? omission("too_large") : data;
    const hash = hashBlob(type, kept);
    this.#hasCut = true;
    this.#options.emit?.({ hash, type, data: kept });
    return hash;
  }

  #omit(reason: OmissionReason): string {
    this.#opaque += 1;
    return omission(reason);
  }
}

/** Arrays, and objects without a class or a form of their own: most of what is written. */
function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return typeof (value as { toJSON?: unknown }).toJSON !== "function";
}

function hashIn(ref: string): string {
  return ref.slice('{"$ref":"'.length, -'"}'.length);
}

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
