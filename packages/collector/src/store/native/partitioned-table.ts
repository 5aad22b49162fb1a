import type { TableInsert } from "../../model/block.ts";
import type { Column } from "./column.ts";
import { NativeBlock } from "./native-block.ts";

/** Rows of one partition of a table while a block is built. */
export class TablePart<Columns extends Record<string, Column>> {
  readonly columns: Columns;
  readonly #block: NativeBlock;
  rows = 0;

  constructor(columns: Columns, hasBatch: boolean) {
    this.columns = columns;
    this.#block = new NativeBlock(columns, hasBatch);
  }

  get bytes(): number {
    return this.#block.bytes;
  }

  take(batch: string): Uint8Array[] {
    const native = this.#block.take(this.rows, batch);
    this.rows = 0;
    return native;
  }
}

/** How a table is written. */
export interface TableShape<Columns extends Record<string, Column>> {
  table: string;
  /** Whether its rows carry the name of their batch. */
  hasBatch: boolean;
  /** See `TableInsert`. */
  isRepeatable: boolean;
  partitionBy: "day" | "month";
  columns: () => Columns;
}

/** The rows of one table, one part for each partition, so that each insert becomes one part in the store. */
export class PartitionedTable<Columns extends Record<string, Column>> {
  readonly #shape: TableShape<Columns>;
  readonly #parts = new Map<string, TablePart<Columns>>();
  #lastDay = -1;
  #lastPart: TablePart<Columns> | undefined;

  constructor(shape: TableShape<Columns>) {
    this.#shape = shape;
  }

  /** The part for rows of a day, in days since the epoch. */
  part(day: number): TablePart<Columns> {
    if (this.#lastPart !== undefined && day === this.#lastDay) return this.#lastPart;
    const partition = partitionOf(day, this.#shape.partitionBy);
    let part = this.#parts.get(partition);
    if (part === undefined) {
      part = new TablePart(this.#shape.columns(), this.#shape.hasBatch);
      this.#parts.set(partition, part);
    }
    this.#lastDay = day;
    this.#lastPart = part;
    return part;
  }

  get bytes(): number {
    let sum = 0;
    for (const part of this.#parts.values()) sum += part.bytes;
    return sum;
  }

  /** Hands over one insert for each partition. Parts that were used keep their memory for the next block. */
  take(batch: string): TableInsert[] {
    const { table, isRepeatable: repeatable } = this.#shape;
    const inserts: TableInsert[] = [];
    for (const [partition, part] of this.#parts) {
      if (part.rows === 0) this.#parts.delete(partition);
      else inserts.push({ table, partition, rows: part.rows, repeatable, native: part.take(batch) });
    }
    this.#lastPart = undefined;
    return inserts.sort((a, b) => (a.partition < b.partition ? -1 : 1));
  }
}

/** As ClickHouse prints it: `2026-11-21` or `202611`. */
function partitionOf(day: number, by: "day" | "month"): string {
  const date = new Date(day * 86_400_000).toISOString().slice(0, 10);
  return by === "day" ? date : date.slice(0, 4) + date.slice(5, 7);
}
