import { doubled } from "../../model/attribute-table.ts";
import { KEY_IDS, keyNames } from "../../model/key-names.ts";
import { ByteChunks } from "./byte-chunks.ts";
import type { Column } from "./column.ts";

/** Keys come with the block, and there is no dictionary that several blocks share. */
const FLAGS = 0x600;

/** `LowCardinality(String)`: each text once, and an index a row. */
export class LowCardinalityColumn implements Column {
  readonly type = "LowCardinality(String)";
  #indexes: Uint32Array = new Uint32Array(256);
  #rows = 0;
  #dictionary = new Map<string, number>();
  #keys = new ByteChunks();
  /** Index + 1 by the number of a key. */
  #byKey: Uint32Array | undefined;
  #last = "";
  #lastIndex = -1;

  get bytes(): number {
    return this.#keys.length + this.#rows * 2 + 32;
  }

  append(text: string): void {
    this.#appendIndex(this.#indexOf(text));
  }

  /** The same for the key of an attribute, by its number in `keyNames`. */
  appendKey(id: number): void {
    this.#byKey ??= new Uint32Array(KEY_IDS);
    let known = this.#byKey[id]!;
    if (known === 0) this.#byKey[id] = known = this.#indexOf(keyNames.nameOf(id)) + 1;
    this.#appendIndex(known - 1);
  }

  /** Where texts stand in the dictionary, for `appendIndexes`; good until the column is taken. */
  indexesOf(texts: readonly string[]): Uint32Array {
    return Uint32Array.from(texts, (text) => this.#indexOf(text));
  }

  appendIndexes(indexes: Uint32Array): void {
    for (let at = 0; at < indexes.length; at++) this.#appendIndex(indexes[at]!);
  }

  /** Writes another text into a row that is there already. */
  replace(row: number, text: string): void {
    this.#indexes[row] = this.#indexOf(text);
  }

  #appendIndex(index: number): void {
    if (this.#rows === this.#indexes.length) this.#indexes = doubled(this.#indexes);
    this.#indexes[this.#rows++] = index;
  }

  #indexOf(text: string): number {
    if (this.#lastIndex >= 0 && text === this.#last) return this.#lastIndex;
    let index = this.#dictionary.get(text);
    if (index === undefined) {
      index = this.#dictionary.size;
      this.#dictionary.set(text, index);
      this.#keys.text(text);
    }
    this.#last = text;
    this.#lastIndex = index;
    return index;
  }

  take(): Uint8Array[] {
    return [wordsOf(1), ...this.takeBody()];
  }

  /** Without the version that stands at the head of the column; inside a map or an array that comes before the offsets. */
  takeBody(): Uint8Array[] {
    const rows = this.#rows;
    const size = this.#dictionary.size;
    const keys = this.#keys.take();
    this.#rows = 0;
    this.#lastIndex = -1;
    if (rows === 0) return [];
    this.#dictionary = new Map();
    this.#byKey?.fill(0);
    const width = size <= 0x100 ? 0 : size <= 0x10000 ? 1 : 2;
    return [wordsOf(FLAGS | width, size), ...keys, wordsOf(rows), this.#narrowed(rows, width)];
  }

  #narrowed(rows: number, width: number): Uint8Array {
    const used = this.#indexes.subarray(0, rows);
    const narrow = width === 0 ? Uint8Array.from(used) : width === 1 ? Uint16Array.from(used) : used.slice();
    return new Uint8Array(narrow.buffer);
  }
}

/** The same text in every row, known only when the block is complete. */
export function constantLowCardinality(text: string, rows: number): Uint8Array[] {
  const keys = new ByteChunks();
  keys.text(text);
  return [wordsOf(1, FLAGS, 1), ...keys.take(), wordsOf(rows), new Uint8Array(rows)];
}

/** Numbers as 64-bit words, least byte first. */
export function wordsOf(...values: number[]): Uint8Array {
  return new Uint8Array(BigUint64Array.from(values, BigInt).buffer);
}
