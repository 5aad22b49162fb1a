import type { BlockBuilder } from "../model/block.ts";
import type { OwnedPartition } from "../model/journal.ts";
import { StartError } from "../model/start-error.ts";
import { BlockCollector } from "./block-collector.ts";
import { nameBlock, readPosition } from "./block-position.ts";
import { followCuts } from "./cut-log.ts";
import type { CutLog } from "./cut-log.ts";
import { retryForever } from "./retry.ts";
import type { SinkOptions } from "./sink.ts";
import { storeBlock } from "./store-block.ts";
import type { BuiltBlock } from "./store-block.ts";

/** Stores one partition. */
export class PartitionSink {
  readonly #partition: OwnedPartition;
  readonly #options: SinkOptions;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;
  #position: bigint;
  #failure: string | null = null;
  #collector: BlockCollector | null = null;
  #storing: Promise<void> | null = null;
  #flushUntil = 0n;
  #progressed = Promise.withResolvers<void>();

  /** @throws StartError when the store has more of the journal than the journal itself. */
  static async start(partition: OwnedPartition, options: SinkOptions): Promise<PartitionSink> {
    return new PartitionSink(partition, options, await findStart(partition.partition, options));
  }

  constructor(partition: OwnedPartition, options: SinkOptions, position: bigint) {
    this.#partition = partition;
    this.#options = options;
    this.#position = position;
    // Whatever goes wrong, the position in the store says where to begin again. Only closing ends it.
    this.#running = this.#retry(() => this.#runUnlessLost()).catch(() => {});
  }

  get partition(): number {
    return this.#partition.partition;
  }

  /** Offset behind the last record that is in the store. */
  get position(): bigint {
    return this.#position;
  }

  /** Why the newest attempt failed; null when it did not. */
  get failure(): string | null {
    return this.#failure;
  }

  /** Resolves when everything before this offset is in the store. */
  async flush(end: bigint): Promise<void> {
    if (end > this.#flushUntil) this.#flushUntil = end;
    this.#collector?.hurry(this.#flushUntil);
    this.#collector?.wake();
    const hasEnded = (): boolean => this.#closing.signal.aborted || this.#partition.lost.aborted;
    while (!this.hasStored(end) && !hasEnded()) await Promise.race([this.#progressed.promise, this.#running]);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  /** Whether everything before this offset is in the store. */
  hasStored(end: bigint): boolean {
    if (this.#position >= end) return true;
    const collector = this.#collector;
    return this.#storing === null && collector !== null && collector.readEnd >= end && !collector.isFilling;
  }

  async #runUnlessLost(): Promise<void> {
    try {
      await this.#run();
    } catch (error) {
      if (!this.#partition.lost.aborted) throw error;
    }
  }

  /** Stores blocks from the position on, until the partition is not ours any more. */
  async #run(): Promise<void> {
    await this.#storing?.catch(() => {});
    const cuts = followCuts(this.#partition, this.#position);
    try {
      // What an earlier process cut is cut: nothing may be built before all of it is known.
      await cuts.readUpTo((await findUsage(this.partition, this.#options))?.end ?? this.#position);
      const { journal, limits, meter, createBuilder } = this.#options;
      const builder = await createBuilder({ journal: journal.id, partition: this.partition });
      this.#collector = new BlockCollector({
        partition: this.#partition,
        cuts,
        builder,
        first: this.#position,
        limits,
        meter,
        onUnreadable: (offset, error) => this.#reportUnreadable(offset, error),
        onRead: () => this.#progress(),
      });
      this.#collector.hurry(this.#flushUntil);
      await this.#storeBlocks(this.#collector, cuts, builder);
    } finally {
      this.#collector?.close();
      cuts.close();
    }
  }

  /** One block is in flight while the next is built. */
  async #storeBlocks(collector: BlockCollector, cuts: CutLog, builder: BlockBuilder): Promise<void> {
    for (;;) {
      const cut = await collector.next(() => this.#storing === null);
      if (cut === null) break;
      const block = nameBlock(this.#options.journal.id, this.partition, cut);
      const { spans } = builder;
      const built: BuiltBlock = { block, spans, inserts: builder.finish(block.batch), isNew: cut.isNew };
      await this.#storing;
      cuts.forget(cut.first);
      this.#storing = this.#store(built).finally(() => {
        this.#storing = null;
        collector.wake();
        this.#progress();
      });
      // Its failure is met where it is awaited.
      this.#storing.catch(() => {});
    }
    await this.#storing;
  }

  async #store(built: BuiltBlock): Promise<void> {
    const { client, meter, onStep, onStored } = this.#options;
    const startedAt = performance.now();
    await storeBlock(built, { client, signal: this.#closing.signal, onFailure: this.#onFailure, onStep });
    this.#position = built.block.last + 1n;
    this.#failure = null;
    meter.blockStored(built.spans, (performance.now() - startedAt) / 1000);
    await this.#retry(() => this.#partition.release(this.#position));
    onStored?.(built.block);
  }

  #retry<Result>(attempt: () => Promise<Result>): Promise<Result> {
    return retryForever(attempt, { signal: this.#closing.signal, onFailure: this.#onFailure });
  }

  readonly #onFailure = (error: unknown, count: number): void => {
    const { meter, logger } = this.#options;
    this.#failure = error instanceof Error ? error.message : String(error);
    meter.retried();
    this.#partition.stalled();
    logger.warn({ err: error, partition: this.partition, attempt: count + 1 }, "could not store; trying again");
  };

  #reportUnreadable(offset: bigint, error: unknown): void {
    const fields = { err: error, partition: this.partition, offset: String(offset) };
    this.#options.logger.error(fields, "a record of the journal cannot be read and was left out");
  }

  #progress(): void {
    this.#progressed.resolve();
    this.#progressed = Promise.withResolvers<void>();
  }
}

type Usage = Awaited<ReturnType<SinkOptions["journal"]["usage"]>>[number];

async function findUsage(partition: number, { journal }: SinkOptions): Promise<Usage | undefined> {
  return (await journal.usage()).find((entry) => entry.partition === partition);
}

async function findStart(partition: number, options: SinkOptions): Promise<bigint> {
  const { journal, client } = options;
  const usage = await findUsage(partition, options);
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
