import { ValueType } from "../../model/attribute-table.ts";
import type { SpanBatch } from "../../model/span-batch.ts";
import type { Column } from "./column.ts";
import { Int64Column } from "./fixed-columns.ts";
import { LowCardinalityColumn, wordsOf } from "./low-cardinality-column.ts";
import { StringColumn } from "./string-column.ts";

/** A whole row of a map that was encoded before: keys, and the values as they stand in a column of strings. */
export interface EncodedEntries {
  keys: readonly string[];
  values: Buffer;
  /** Where the keys stand in the dictionary of the column that took the row last, and in which block that was. */
  indexes?: { column: TextMapColumn; block: number; at: Uint32Array };
}

/** `Map(LowCardinality(String), String)`. A row is its entries and then `endRow`. */
export class TextMapColumn implements Column {
  readonly type = "Map(LowCardinality(String), String)";
  readonly #offsets = new Int64Column();
  readonly #keys = new LowCardinalityColumn();
  readonly #values = new StringColumn();
  #entries = 0;
  #block = 0;

  get bytes(): number {
    return this.#offsets.bytes + this.#keys.bytes + this.#values.bytes;
  }

  append(key: string, value: string): void {
    this.#keys.append(key);
    this.#values.append(value);
    this.#entries++;
  }

  /** An attribute of a batch; a value that is a text is copied as it came. */
  appendAttribute(batch: SpanBatch, attribute: number): void {
    const { key, type, valueAt, valueLength } = batch.attributes;
    const id = key[attribute]!;
    if (id === 0) this.#keys.append(batch.key(attribute));
    else this.#keys.appendKey(id);
    const isText = type[attribute] === ValueType.string;
    if (isText) this.#values.appendSlice(batch.bytes, valueAt[attribute]!, valueLength[attribute]!);
    else this.#values.append(batch.valueText(attribute));
    this.#entries++;
  }

  appendRow(row: EncodedEntries): void {
    if (row.indexes?.column !== this || row.indexes.block !== this.#block) {
      row.indexes = { column: this, block: this.#block, at: this.#keys.indexesOf(row.keys) };
    }
    this.#keys.appendIndexes(row.indexes.at);
    this.#values.appendEncoded(row.values);
    this.#entries += row.keys.length;
    this.endRow();
  }

  endRow(): void {
    this.#offsets.appendNumber(this.#entries);
  }

  take(): Uint8Array[] {
    this.#entries = 0;
    this.#block++;
    return [wordsOf(1), ...this.#offsets.take(), ...this.#keys.takeBody(), ...this.#values.take()];
  }
}

/** `Array(LowCardinality(String))`. */
export class TextArrayColumn implements Column {
  readonly type = "Array(LowCardinality(String))";
  readonly #offsets = new Int64Column();
  readonly #items = new LowCardinalityColumn();
  #count = 0;

  get bytes(): number {
    return this.#offsets.bytes + this.#items.bytes;
  }

  append(texts: Iterable<string>): void {
    for (const text of texts) {
      this.#items.append(text);
      this.#count++;
    }
    this.#offsets.appendNumber(this.#count);
  }

  take(): Uint8Array[] {
    this.#count = 0;
    return [wordsOf(1), ...this.#offsets.take(), ...this.#items.takeBody()];
  }
}

/** `Map(LowCardinality(String), UInt64)`. */
export class CountMapColumn implements Column {
  readonly type = "Map(LowCardinality(String), UInt64)";
  readonly #offsets = new Int64Column();
  readonly #keys = new LowCardinalityColumn();
  readonly #values = new Int64Column();
  #entries = 0;

  get bytes(): number {
    return this.#offsets.bytes + this.#keys.bytes + this.#values.bytes;
  }

  append(counts: Readonly<Record<string, number>>): void {
    for (const [key, count] of Object.entries(counts)) {
      this.#keys.append(key);
      this.#values.appendNumber(count);
      this.#entries++;
    }
    this.#offsets.appendNumber(this.#entries);
  }

  take(): Uint8Array[] {
    this.#entries = 0;
    return [wordsOf(1), ...this.#offsets.take(), ...this.#keys.takeBody(), ...this.#values.take()];
  }
}
