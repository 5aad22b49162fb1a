import type { Column } from "./column.ts";
import { Int64Column } from "./fixed-columns.ts";
import { LowCardinalityColumn, wordsOf } from "./low-cardinality-column.ts";
import { StringColumn } from "./string-column.ts";

/** `Map(LowCardinality(String), String)`. A row is its entries and then `endRow`. */
export class TextMapColumn implements Column {
  readonly type = "Map(LowCardinality(String), String)";
  readonly #offsets = new Int64Column();
  readonly #keys = new LowCardinalityColumn();
  readonly #values = new StringColumn();
  #entries = 0;

  get bytes(): number {
    return this.#offsets.bytes + this.#keys.bytes + this.#values.bytes;
  }

  append(key: string, value: string): void {
    this.#keys.append(key);
    this.#values.append(value);
    this.#entries++;
  }

  appendSlice(key: string, source: Buffer, at: number, length: number): void {
    this.#keys.append(key);
    this.#values.appendSlice(source, at, length);
    this.#entries++;
  }

  /** A whole row of entries that were encoded before: keys, and the values as they stand in a column of strings. */
  appendRow(keys: readonly string[], values: Buffer): void {
    for (const key of keys) this.#keys.append(key);
    this.#values.appendEncoded(values);
    this.#entries += keys.length;
    this.endRow();
  }

  endRow(): void {
    this.#offsets.appendNumber(this.#entries);
  }

  take(): Uint8Array[] {
    this.#entries = 0;
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
