import { types } from "node:util";

import { areLongerThan, isLongerThan } from "./blob.ts";
import type { BlobType, PutBlob } from "./blob.ts";
import type { Codec } from "./codec.ts";
import { isImmutable } from "./immutable.ts";
import { largeTree } from "./large-tree.ts";
import { LeafWriter } from "./leaf-writer.ts";
import {
  ARRAY_INLINE_MAX_BYTES,
  ELEMENT_INLINE_MAX_BYTES,
  ELEMENT_REWRITTEN_MAX_LENGTH,
  LIST_GROUP_LENGTH,
  MEMBER_INLINE_MAX_BYTES,
  TREE_WHOLE_MAX_BYTES,
  VALUE_MAX_COUNT,
  VALUE_MAX_DEPTH,
} from "./limits.ts";
import type { OmissionReason } from "./markers.ts";
import type { Memory, Remembered } from "./memory.ts";
import { sortKeys } from "./object-keys.ts";
import type { ContentRedactor } from "./redactor.ts";
import { bytesOf, isPlain, readMember, specialValue, standIn } from "./special-value.ts";
import type { SpecialValue } from "./special-value.ts";
import { hashIn, instanceText, listed, numberText, omission } from "./tree-text.ts";
import type { Group, Part } from "./tree-text.ts";

export interface TreeWriterOptions {
  codecs: readonly Codec[];
  memory: Memory;
  /** Without it nothing is cut and the text holds the whole value. */
  put: PutBlob | undefined;
  redactor: ContentRedactor | undefined;
}

/** Members that are no objects are quickly written: four of them count as one value. */
const MEMBERS_A_VISIT_SHIFT = 2;

/** Writes values, one at a time, as canonical text and cuts them into blobs on the way. It never throws, whatever a value does when it is read. */
export class TreeWriter {
  readonly #options: TreeWriterOptions;
  readonly #leaves: LeafWriter;
  readonly #ancestors: object[] = [];
  /** Numbers the encoding, so that the memory looks at no object twice in it. */
  #encoding = 0;
  #visited = 0;
  #deepest = 0;
  /** How many things have been written of which cannot be told whether they change, or where they stand decides how. */
  #opaque = 0;
  #hasCut = false;

  constructor(options: TreeWriterOptions) {
    this.#options = options;
    const put = options.put === undefined ? undefined : this.#blob.bind(this);
    this.#leaves = new LeafWriter(put, options.redactor, options.memory.keys);
  }

  /** Whether it is in the middle of a value. What that value does when it is read may ask for another to be written. */
  get isBusy(): boolean {
    return this.#ancestors.length > 0;
  }

  /** Writes a whole value and names its root. */
  root(value: unknown, encoding: number): string {
    this.#encoding = encoding;
    this.#visited = 0;
    this.#deepest = 0;
    this.#opaque = 0;
    this.#hasCut = false;
    const own = typeof value === "string" ? this.#leaves.root(value) : undefined;
    if (own !== undefined) return own;
    const text = this.text(value);
    if (typeof value !== "object" || value === null || this.#opaque > 0) return this.#blob("tree", text);
    // A list of messages is made anew for each question; its elements are what comes again.
    const mayComeAgain = isImmutable(value) || (this.#hasCut && !Array.isArray(value));
    return mayComeAgain ? hashIn(this.#reference(value, text, false)) : this.#blob("tree", text);
  }

  /** The text of a value in its tree. */
  text(value: unknown, depth = 0, key?: string): string {
    switch (typeof value) {
      case "string":
        return this.#leaves.string(value, key);
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

  #object(value: object, depth: number): string {
    if (this.#ancestors.includes(value)) return this.#omit("circular");
    if (depth >= VALUE_MAX_DEPTH) return this.#omit("too_deep");
    if (++this.#visited > VALUE_MAX_COUNT) return this.#omit("too_large");
    const deepestBefore = this.#deepest;
    this.#deepest = depth;
    this.#ancestors.push(value);
    try {
      const known = this.#options.memory.recall(value, this.#encoding);
      if (known !== undefined && depth + known.height < VALUE_MAX_DEPTH) {
        this.#deepest = depth + known.height;
        return known.text;
      }
      const opaqueBefore = this.#opaque;
      const text = this.#members(value, depth);
      if (this.#opaque === opaqueBefore && isImmutable(value)) {
        this.#options.memory.keepImmutable(value, text, this.#deepest - depth);
      }
      return text;
    } catch {
      return this.#omit("unreadable");
    } finally {
      this.#ancestors.pop();
      this.#deepest = Math.max(this.#deepest, deepestBefore);
    }
  }

  #members(value: object, depth: number): string {
    if (!isPlain(value) || this.#options.codecs.some((codec) => codec.matches(value))) {
      const text = this.#instance(value, depth);
      if (text !== undefined) return text;
    }
    if (Array.isArray(value)) return this.#array(value, depth);
    return this.#plainObject(value as Record<string, unknown>, depth);
  }

  /** Writes what has a form of its own; undefined for what is written member by member. */
  #instance(value: object, depth: number): string | undefined {
    const bytes = bytesOf(value);
    const special = bytes === undefined ? specialValue(value, this.#options.codecs) : undefined;
    if (special?.key === "$as") return this.#encoded(value, special.payload as [string, unknown], depth);
    const text = bytes === undefined ? this.#specialForm(value, special, depth) : this.#leaves.bytes(bytes);
    // Whether it has changed cannot be seen from outside.
    if (text !== undefined) this.#opaque += 1;
    return text;
  }

  /** Writes an instance as what its codec made of it, which is remembered where it stands in something larger that may come again. */
  #encoded(instance: object, [codec, value]: [string, unknown], depth: number): string {
    const opaqueBefore = this.#opaque;
    const inside = this.text(value, depth + 2);
    const mayComeAgain = depth > 0 && typeof value === "object" && value !== null && this.#opaque === opaqueBefore;
    const known = mayComeAgain ? this.#keep(value, inside) : undefined;
    this.#opaque += 1;
    if (known === undefined) return instanceText(codec, inside);
    return this.#options.memory.keepInstance(instance, known, codec).text;
  }

  #specialForm(value: object, special: SpecialValue | undefined, depth: number): string | undefined {
    if (special !== undefined) return `{"${special.key}":${this.#placed(special.payload, depth)}}`;
    if (types.isTypedArray(value)) {
      return value.length > VALUE_MAX_COUNT
        ? omission("too_large")
        : this.#array(Array.from<number | bigint>(value), depth);
    }
    const { toJSON } = value as { toJSON?: unknown };
    const instead: unknown = typeof toJSON === "function" ? toJSON.call(value) : standIn(value);
    return instead === undefined ? undefined : this.text(instead, depth + 1);
  }

  #plainObject(value: Record<string, unknown>, depth: number): string {
    const keys = Object.keys(value);
    this.#visited += keys.length >> MEMBERS_A_VISIT_SHIFT;
    if (this.#visited > VALUE_MAX_COUNT) return this.#omit("too_large");
    let text = "";
    for (const key of sortKeys(keys)) {
      const member = readMember(value, key);
      if (member === undefined || typeof member === "function") continue;
      if (text !== "") text += ",";
      text += this.#leaves.key(key) + (this.#leaves.hidden(key) ?? this.#placed(member, depth, key));
    }
    return `{${text}}`;
  }

  #array(value: readonly unknown[], depth: number): string {
    if (this.#options.put !== undefined && value.length > LIST_GROUP_LENGTH) return this.#longArray(value, depth);
    const part = this.#elements(value, depth, 0, value.length);
    if (part === undefined) return this.#omit("too_large");
    if (this.#options.put !== undefined && areLongerThan(part.texts, ARRAY_INLINE_MAX_BYTES)) this.#cut(value, part);
    return `[${part.texts.join(",")}]`;
  }

  /** An array that is cut into groups. Those whose elements stood together before and never change are not looked at again. */
  #longArray(value: readonly unknown[], depth: number): string {
    const { memory } = this.#options;
    const parts: (Part | Group)[] = [];
    let isCut = false;
    for (let start = 0; start < value.length; start += LIST_GROUP_LENGTH) {
      const known = memory.recallGroup(value, start, LIST_GROUP_LENGTH);
      if (known !== undefined && depth + 1 + known.height < VALUE_MAX_DEPTH) {
        parts.push({ hash: known.hash, length: LIST_GROUP_LENGTH });
        this.#deepest = Math.max(this.#deepest, depth + 1 + known.height);
        isCut = true;
        continue;
      }
      const part = this.#elements(value, depth, start, Math.min(start + LIST_GROUP_LENGTH, value.length));
      if (part === undefined) return this.#omit("too_large");
      parts.push(part);
    }
    isCut ||= areLongerThan(
      parts.flatMap((part) => ("texts" in part ? part.texts : [])),
      ARRAY_INLINE_MAX_BYTES,
    );
    const groups = parts.map((part) => ("texts" in part ? this.#group(value, part, isCut) : part));
    return listed(groups, value.length, (text) => this.#blob("tree", text));
  }

  #group(value: readonly unknown[], part: Part, isCut: boolean): Group {
    const { length } = part.texts;
    // Only a group that is long enough by itself is cut wherever it stands.
    const mayComeAgain = length === LIST_GROUP_LENGTH && areLongerThan(part.texts, ARRAY_INLINE_MAX_BYTES);
    if (isCut) this.#cut(value, part);
    const hash = this.#blob("tree", `[${part.texts.join(",")}]`);
    if (mayComeAgain) this.#options.memory.keepGroup(value.slice(part.start, part.start + length), hash);
    return { hash, length };
  }

  /** The texts of some elements; undefined when the value as a whole is too large. */
  #elements(value: readonly unknown[], depth: number, start: number, end: number): Part | undefined {
    const texts: string[] = [];
    let opaque: Set<number> | undefined;
    // Counted, not iterated: a hole is written as undefined, and an iterator of the host's own is not run.
    for (let at = start; at < end; at += 1) {
      if (this.#visited > VALUE_MAX_COUNT) return undefined;
      const element = readMember(value, at);
      if (typeof element !== "object") this.#visited += 1;
      const opaqueBefore = this.#opaque;
      texts.push(this.text(element, depth + 1));
      if (this.#opaque !== opaqueBefore) (opaque ??= new Set()).add(at);
    }
    return { start, texts, opaque };
  }

  /** Cuts out the elements that are long enough for it. */
  #cut(value: readonly unknown[], { start, texts, opaque }: Part): void {
    for (let at = 0; at < texts.length; at += 1) {
      texts[at] = this.#element(value[start + at], texts[at]!, opaque?.has(start + at) === true);
    }
  }

  /** An element of an array that is cut. The array may grow and come again, so its elements are remembered. */
  #element(value: unknown, text: string, isOpaque: boolean): string {
    if (isLongerThan(text, ELEMENT_INLINE_MAX_BYTES)) return this.#reference(value, text, isOpaque);
    const isShort = text.length <= ELEMENT_REWRITTEN_MAX_LENGTH;
    if (!isShort && !isOpaque && typeof value === "object" && value !== null) this.#keep(value, text);
    return text;
  }

  /** The text of a value, or of a reference to it where it is too long for its place. */
  #placed(value: unknown, depth: number, key?: string): string {
    const opaqueBefore = this.#opaque;
    const text = this.text(value, depth + 1, key);
    if (this.#options.put === undefined || !isLongerThan(text, MEMBER_INLINE_MAX_BYTES)) return text;
    return this.#reference(value, text, this.#opaque !== opaqueBefore);
  }

  #reference(value: unknown, text: string, isOpaque: boolean): string {
    const known = typeof value === "object" && value !== null ? this.#known(value, text, isOpaque) : undefined;
    if (known?.ref !== undefined) return known.ref;
    const ref = `{"$ref":"${this.#blob("tree", text)}"}`;
    if (known !== undefined) known.ref = ref;
    return ref;
  }

  #known(value: object, text: string, isOpaque: boolean): { ref: string | undefined } | undefined {
    return isOpaque ? this.#options.memory.recallInstance(value, text) : this.#keep(value, text);
  }

  #keep(value: object, text: string): Remembered | undefined {
    return this.#options.memory.keep(value, text, this.#encoding);
  }

  /** Only where blobs are taken is anything cut. */
  #blob(type: BlobType, data: string | Uint8Array): string {
    const put = this.#options.put!;
    this.#hasCut = true;
    const isLarge = type === "tree" && isLongerThan(data as string, TREE_WHOLE_MAX_BYTES);
    return put(type, isLarge ? largeTree(data as string, (piece) => put("text", piece)) : data);
  }

  #omit(reason: OmissionReason): string {
    this.#opaque += 1;
    return omission(reason);
  }
}
