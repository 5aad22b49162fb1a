import type { TableInsert } from "../../model/block.ts";
import { DateColumn, FixedStringColumn } from "./fixed-columns.ts";
import { LowCardinalityColumn } from "./low-cardinality-column.ts";
import { PartitionedTable } from "./partitioned-table.ts";
import { StringColumn } from "./string-column.ts";

const columns = () => ({
  project: new LowCardinalityColumn(),
  hash: new FixedStringColumn(16),
  type: new LowCardinalityColumn(),
  day: new DateColumn(),
  data: new StringColumn(),
});

/** Rows of `blobs`. */
export class BlobsTable {
  readonly #table = new PartitionedTable({
    table: "blobs",
    hasBatch: false,
    isRepeatable: true,
    partitionBy: "day",
    columns,
  });

  get bytes(): number {
    return this.#table.bytes;
  }

  /** Hands over one insert for each day, and begins anew. */
  take(batch: string): TableInsert[] {
    return this.#table.take(batch);
  }

  append(blob: BlobRow, source: Buffer, at: number, length: number): void {
    const part = this.#table.part(blob.day);
    part.columns.project.append(blob.project);
    part.columns.hash.append(blob.hash);
    part.columns.type.append(blob.type);
    part.columns.day.append(blob.day);
    part.columns.data.appendSlice(source, at, length);
    part.rows++;
  }
}

/** A verified blob. */
export interface BlobRow {
  project: string;
  /** 16 bytes. */
  hash: Uint8Array;
  type: string;
  /** Days since the epoch. */
  day: number;
}
