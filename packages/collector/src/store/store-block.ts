import type { ClickHouseClient } from "@clickhouse/client";
import type { TableInsert } from "../model/block.ts";
import { writePosition } from "./block-position.ts";
import type { Block } from "./block-position.ts";
import { insertOnce } from "./insert-once.ts";
import { chunkMemory } from "./native/chunk-memory.ts";
import { retryForever } from "./retry.ts";

/** A block and what is to be inserted for it. */
export interface BuiltBlock {
  block: Block;
  inserts: TableInsert[];
  spans: number;
  /** Whether nobody can have tried to store it before: its cut was made by this process. */
  isNew: boolean;
}

/** Where a block is: its cut is in force, an insert of a table was made, all were made. */
export type SinkStep = "cut" | `inserted ${string}` | "all inserted";

export interface StoreBlockOptions {
  client: ClickHouseClient;
  signal: AbortSignal;
  onFailure: (error: unknown, count: number) => void;
  /** Called between the steps. */
  onStep: ((step: SinkStep, block: Block) => Promise<void>) | undefined;
}

/**
 * Makes the inserts of a block in their order, and then says in `blocks` that it is there. Content comes before the spans that name it, so nobody
 * finds a span without its content.
 *
 * @throws Only the reason of the signal.
 */
export async function storeBlock(
  { block, inserts, spans, isNew }: BuiltBlock,
  options: StoreBlockOptions,
): Promise<void> {
  const { client, signal, onFailure } = options;
  const step = async (name: SinkStep): Promise<void> => {
    await options.onStep?.(name, block);
    signal.throwIfAborted();
  };
  await step("cut");
  for (const insert of inserts) {
    await insertOnce(insert, { client, batch: block.batch, isNew, signal, onFailure });
    chunkMemory.giveBack(insert.native);
    await step(`inserted ${insert.table}`);
  }
  await step("all inserted");
  await retryForever(() => writePosition(client, block, spans), { signal, onFailure });
}
