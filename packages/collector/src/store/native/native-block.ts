import { ByteChunks } from "./byte-chunks.ts";
import type { Column } from "./column.ts";
import { constantLowCardinality } from "./low-cardinality-column.ts";

/** One block of FORMAT Native: how many columns and rows, then name, type and data of each column. */
export class NativeBlock {
  readonly #columns: readonly (readonly [string, Column])[];
  readonly #hasBatch: boolean;

  /** With `hasBatch` the block gets a column `batch` in front, which is the same in each row. */
  constructor(columns: Record<string, Column>, hasBatch: boolean) {
    this.#columns = Object.entries(columns);
    this.#hasBatch = hasBatch;
  }

  get bytes(): number {
    let sum = 0;
    for (const [, column] of this.#columns) sum += column.bytes;
    return sum;
  }

  /** Hands over the block, and begins anew. */
  take(rows: number, batch: string): Uint8Array[] {
    const head = new ByteChunks();
    head.varint(this.#columns.length + (this.#hasBatch ? 1 : 0));
    head.varint(rows);
    const parts: Uint8Array[] = [];
    if (this.#hasBatch) {
      head.text("batch");
      head.text("LowCardinality(String)");
      parts.push(...head.take(), ...constantLowCardinality(batch, rows));
    }
    for (const [name, column] of this.#columns) {
      head.text(name);
      head.text(column.type);
      parts.push(...head.take(), ...column.take());
    }
    return joinSmall(parts);
  }
}

const SMALL_BYTES = 16_384;

/** A socket takes few large pieces better than many small ones. */
function joinSmall(parts: Uint8Array[]): Uint8Array[] {
  const joined: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  const flush = (): void => {
    if (small.length > 0) joined.push(small.length === 1 ? small[0]! : Buffer.concat(small));
    small = [];
  };
  for (const part of parts) {
    if (part.length === 0) continue;
    if (part.length < SMALL_BYTES) small.push(part);
    else {
      flush();
      joined.push(part);
    }
  }
  flush();
  return joined;
}
