import type { BlockBuilder, TableInsert } from "../model/block.ts";
import type { OwnedPartition } from "../model/journal.ts";
import { StartError } from "../model/start-error.ts";
import { createBlockCollector } from "./block-collector.ts";
import type { BlockCollector } from "./block-collector.ts";
import { nameBlock, readPosition, writePosition } from "./block-position.ts";
import type { Block } from "./block-position.ts";
import { followCuts } from "./cut-log.ts";
import type { CutLog } from "./cut-log.ts";
import { retryForever } from "./retry.ts";
import type { SinkOptions } from "./sink.ts";
import { insertOnce } from "./store-block.ts";

/** The part of a sink that stores one partition. */
export interface PartitionSink {
  readonly partition: number;
  /** Offset behind the last record that is in the store. */
  position(): bigint;
  failure(): string | null;
  /** Resolves when everything before this offset is in the store. */
  flush(end: bigint): Promise<void>;
  close(): Promise<void>;
}

interface BuiltBlock {
  block: Block;
  inserts: TableInsert[];
  spans: number;
  isNew: boolean;
}

export async function createPartitionSink(partition: OwnedPartition, options: SinkOptions): Promise<PartitionSink> {
  const { journal, client, meter, logger } = options;
  const closing = new AbortController();
  const { signal } = closing;
  let position = await findStart(partition.partition, options);
  let failure: string | null = null;
  let collector: BlockCollector | null = null;
  let flushUntil = 0n;
  let storing: Promise<void> | null = null;
  let progressed = Promise.withResolvers<void>();

  const progress = (): void => {
    progressed.resolve();
    progressed = Promise.withResolvers<void>();
  };
  const onFailure = (error: unknown, count: number): void => {
    failure = error instanceof Error ? error.message : String(error);
    meter.retried();
    logger.warn({ err: error, partition: partition.partition, attempt: count + 1 }, "could not store; trying again");
  };
  const onUnreadable = (offset: bigint, error: unknown): void =>
    logger.error({ err: error, offset: String(offset) }, "a record of the journal cannot be read and was left out");
  const retry = <Result>(attempt: () => Promise<Result>): Promise<Result> =>
    retryForever(attempt, { signal, onFailure });
  const unlessLost = (error: unknown): void => {
    if (!partition.lost.aborted) throw error;
  };
  const step = async (name: Parameters<NonNullable<SinkOptions["onStep"]>>[0], block: Block): Promise<void> => {
    await options.onStep?.(name, block);
    signal.throwIfAborted();
  };

  const store = async ({ block, inserts, spans, isNew }: BuiltBlock): Promise<void> => {
    const startedAt = performance.now();
    await step("cut", block);
    for (const insert of inserts) {
      await insertOnce(insert, { client, batch: block.batch, isNew, signal, onFailure });
      await step(`inserted ${insert.table}`, block);
    }
    await step("all inserted", block);
    await retry(() => writePosition(client, block, spans));
    position = block.last + 1n;
    failure = null;
    meter.blockStored(spans, (performance.now() - startedAt) / 1000);
    await retry(() => partition.release(position));
    options.onStored?.(block);
  };

  /** Everything before this offset is in the journal, so every cut that an earlier process made is too. */
  const readEnd = async (): Promise<bigint> => {
    const usage = await journal.usage();
    return usage.find((entry) => entry.partition === partition.partition)?.end ?? position;
  };

  /** Stores blocks from the position on, until the partition is not ours any more. One is in flight while the next is built. */
  const run = async (): Promise<void> => {
    await storing?.catch(() => {});
    const cuts = followCuts(partition, position);
    try {
      await cuts.readUpTo(await readEnd());
      const builder = await options.createBuilder({ journal: journal.id, partition: partition.partition });
      const { limits } = options;
      const current = createBlockCollector({
        partition,
        cuts,
        builder,
        first: position,
        limits,
        meter,
        onUnreadable,
        onRead: progress,
      });
      collector = current;
      current.hurry(flushUntil);
      await storeBlocks(current, cuts, builder);
    } finally {
      collector?.close();
      cuts.close();
    }
  };

  const storeBlocks = async (current: BlockCollector, cuts: CutLog, builder: BlockBuilder): Promise<void> => {
    for (;;) {
      const cut = await current.next(() => storing === null);
      if (cut === null) break;
      const block = nameBlock(journal.id, partition.partition, cut);
      const { spans } = builder;
      const built: BuiltBlock = { block, spans, inserts: builder.finish(block.batch), isNew: cut.isNew };
      await storing;
      cuts.forget(cut.first);
      storing = store(built).finally(() => {
        storing = null;
        current.wake();
        progress();
      });
      // Its failure is met where it is awaited.
      storing.catch(() => {});
    }
    await storing;
  };

  // Whatever goes wrong, the position in the store says where to begin again. Only closing ends it.
  const running = retry(() => run().catch(unlessLost)).catch(() => {});

  return {
    partition: partition.partition,
    position: () => position,
    failure: () => failure,
    async flush(end) {
      if (end > flushUntil) flushUntil = end;
      collector?.hurry(flushUntil);
      collector?.wake();
      const isDone = (): boolean =>
        storing === null && collector !== null && collector.readEnd >= end && !collector.isFilling;
      while (!isDone() && !signal.aborted && !partition.lost.aborted) await Promise.race([progressed.promise, running]);
    },
    async close() {
      closing.abort();
      await running;
    },
  };
}

/** @throws StartError when the store has more of the journal than the journal itself. */
async function findStart(partition: number, { journal, client }: SinkOptions): Promise<bigint> {
  const usage = (await journal.usage()).find((entry) => entry.partition === partition);
  const oldest = usage?.oldest ?? 0n;
  const position = (await readPosition(client, journal.id, partition)) ?? oldest;
  if (usage !== undefined && position > usage.end) {
    throw new StartError(
      "RUNREEL_JOURNAL_BEHIND",
      `The store has the journal ${journal.id} up to ${position - 1n}, the journal itself ends at ${usage.end - 1n}.`,
      "The journal was restored from an older copy. Move its folder away: a new journal is begun, and what is stored stays.",
    );
  }
  return position > oldest ? position : oldest;
}
