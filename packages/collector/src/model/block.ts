import type { SpanBatch } from "./span-batch.ts";

/** One INSERT that becomes one part, and is therefore there whole or not at all. */
export interface TableInsert {
  table: string;
  /** The partition all its rows belong to, as ClickHouse prints it: a day `2026-11-21`, a month `202611`. */
  partition: string;
  rows: number;
  /** Whether writing the rows twice is harmless (the table replaces equal keys). Otherwise the writer has to look first. */
  repeatable: boolean;
  /** The bytes of one block in FORMAT Native. */
  native: Uint8Array[];
}

/** What a journal record of kind `spans` holds: a request as its client sent it. */
export interface SpansRecord {
  project: string;
  encoding: "protobuf" | "json";
  compression: "none" | "gzip" | "deflate" | "zstd";
  body: Uint8Array;
}

/**
 * Turns journal records into inserts: decode, normalize, price, roll up. A pure function of the records (and of the span ids seen before them),
 * so that a block can be built again after a crash and comes out the same.
 */
export interface BlockBuilder {
  readonly spans: number;
  /** Estimated size of the inserts so far. */
  readonly bytes: number;
  /** @param decoded The spans of the record, where somebody has them already. */
  add(
    record: SpansRecord,
    appendedAt: number,
    decoded?: SpanBatch,
  ): { spans: number; duplicates: number; rejected: number };
  /** The inserts of this block, in the order in which they are to be made. The builder is empty afterwards. */
  finish(batch: string): TableInsert[];
}
