import type { ClickHouseClient } from "@clickhouse/client";
import type { Logger } from "pino";
import type { BlockBuilder } from "../model/block.ts";
import type { Journal, OwnedPartition } from "../model/journal.ts";
import type { BlockLimits } from "./block-collector.ts";
import type { Block } from "./block-position.ts";
import { PartitionSink } from "./partition-sink.ts";
import type { SinkMeter } from "./sink-meter.ts";
import type { SinkStep } from "./store-block.ts";

export interface SinkOptions {
  journal: Journal;
  client: ClickHouseClient;
  /** An empty builder that knows the spans stored before. Called at the start, and again if a block has to be built anew. */
  createBuilder: (position: { journal: string; partition: number }) => Promise<BlockBuilder>;
  limits: BlockLimits;
  meter: SinkMeter;
  logger: Pick<Logger, "info" | "warn" | "error">;
  /** Called when a block is in the store and can be read. */
  onStored?: (block: Block) => void;
  /** Called between the steps of storing a block. For tests that stop the collector there. */
  onStep?: (step: SinkStep, block: Block) => Promise<void>;
}

export interface SinkStatus {
  /** Offsets that are in the journal and not yet in the store. */
  lag: number;
  /** Why the newest attempt to store a block failed; null when it did not. */
  failure: string | null;
}

/** Where each partition of the journal ended at a moment. */
export type SinkMark = ReadonlyMap<number, bigint>;

/** Moves what the journal holds into ClickHouse, exactly once. */
export interface Sink {
  status(): Promise<SinkStatus>;
  /** What the journal holds now. */
  mark(): Promise<SinkMark>;
  /** Whether all that the journal held then is in the store. */
  hasStored(mark: SinkMark): boolean;
  /** Resolves when all that is in the journal now is in the store. Blocks with any of it do not wait for company. */
  flush(): Promise<void>;
  /** Stops where it is. What is not stored yet is stored by the next start. */
  close(): Promise<void>;
}

/**
 * Begins to store. Failures of ClickHouse are retried for ever; meanwhile the journal takes what comes.
 *
 * @throws StartError RUNREEL_JOURNAL_BEHIND when the journal is older than what the store has of it.
 */
export async function startSink(options: SinkOptions): Promise<Sink> {
  const sinks: PartitionSink[] = [];
  const owned = await options.journal.own(async (partition: OwnedPartition) => {
    sinks.push(await PartitionSink.start(partition, options));
  });
  return {
    async status() {
      const usage = await options.journal.usage();
      const lags = sinks.map((sink) => {
        const end = usage.find(({ partition }) => partition === sink.partition)?.end ?? 0n;
        return Math.max(0, Number(end - sink.position));
      });
      const failure = sinks.map((sink) => sink.failure).find((text) => text !== null) ?? null;
      return { lag: lags.reduce((sum, lag) => sum + lag, 0), failure };
    },
    async mark() {
      return new Map((await options.journal.usage()).map(({ partition, end }) => [partition, end]));
    },
    hasStored: (mark) => sinks.every((sink) => sink.hasStored(mark.get(sink.partition) ?? 0n)),
    async flush() {
      const usage = await options.journal.usage();
      await Promise.all(
        sinks.map((sink) => sink.flush(usage.find(({ partition }) => partition === sink.partition)?.end ?? 0n)),
      );
    },
    async close() {
      await owned.close();
      await Promise.all(sinks.map((sink) => sink.close()));
    },
  };
}
