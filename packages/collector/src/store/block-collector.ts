import type { BlockBuilder } from "../model/block.ts";
import type { JournalRecord, OwnedPartition } from "../model/journal.ts";
import { decodeSpansRecord } from "../model/spans-record.ts";
import type { CutLog } from "./cut-log.ts";
import { encodeCut } from "./cut.ts";
import type { Cut } from "./cut.ts";
import type { SinkMeter } from "./sink-meter.ts";

export interface BlockLimits {
  /** How long the first span of a block may wait for more, in milliseconds. */
  maxAgeMs: number;
  maxSpans: number;
  /** Estimated size of a block's inserts. */
  maxBytes: number;
}

export interface BlockCollectorOptions {
  partition: OwnedPartition;
  cuts: CutLog;
  builder: BlockBuilder;
  /** Where the first block begins. */
  first: bigint;
  limits: BlockLimits;
  meter: SinkMeter;
  onUnreadable: (offset: bigint, error: unknown) => void;
  /** Called when records were read. */
  onRead: () => void;
}

/** Where a block ends, and whether this process was the one to say so. */
export interface CollectedCut extends Cut {
  isNew: boolean;
}

/** Fills a builder with one block after another. */
export interface BlockCollector {
  /** Offset behind the last record that went into the builder. */
  readonly readEnd: bigint;
  /** Whether the builder holds records that are not cut yet. */
  readonly isFilling: boolean;
  /** Resolves when the builder holds exactly the next block. Null when the partition is not ours any more. */
  next(isStoreIdle: () => boolean): Promise<CollectedCut | null>;
  /** Lets `next` look again: the store is idle, or what is there has to go now. */
  wake(): void;
  /** A block with records before this offset does not wait for company. */
  hurry(until: bigint): void;
  /** Ends the reader; `next` must not be called any more. */
  close(): void;
}

/** Another process cut this block shorter after all: what was built has to be thrown away, and built again from the position in the store. */
class CutConflict extends Error {
  override readonly name = "CutConflict";
}

// Decoding is done between requests; no request waits longer than this for it.
const SLICE_MAX_MS = 8;

export function createBlockCollector(options: BlockCollectorOptions): BlockCollector {
  const { partition, cuts, builder, limits, meter, onUnreadable, onRead } = options;
  const reader = partition.read(options.first)[Symbol.asyncIterator]();
  let first = options.first;
  let readEnd = first;
  let waiting: JournalRecord[] = [];
  let pending: Promise<IteratorResult<JournalRecord[]>> | null = null;
  let changed = Promise.withResolvers<void>();
  let hurriedUntil = 0n;
  let sliceStartedAt = 0;
  let spansRecords = 0;

  const add = (record: JournalRecord): void => {
    if (record.kind !== "spans") return;
    spansRecords += 1;
    try {
      const spans = decodeSpansRecord(record.body);
      if (spans === null) throw new Error("The record is not one of this version.");
      const { duplicates, rejected } = builder.add(spans, record.appendedAt);
      if (duplicates > 0) meter.duplicates(duplicates);
      if (rejected > 0) meter.rejected(rejected);
    } catch (error) {
      // A record that cannot be read will never be: holding it back would hold back all that follow.
      meter.rejected(1);
      onUnreadable(record.offset, error);
    }
  };

  const breathe = async (): Promise<void> => {
    if (performance.now() - sliceStartedAt < SLICE_MAX_MS) return;
    await new Promise(setImmediate);
    sliceStartedAt = performance.now();
  };

  /** Waits for more records, at most until `deadline`. False at the end of the partition. */
  const pull = async (deadline: number | null): Promise<boolean> => {
    pending ??= reader.next();
    const timer = deadline === null ? null : delay(deadline - performance.now());
    const arrived = await Promise.race([pending, changed.promise, ...(timer === null ? [] : [timer.promise])]);
    timer?.clear();
    if (arrived === undefined) return true;
    pending = null;
    if (arrived.done === true) return false;
    waiting = arrived.value;
    sliceStartedAt = performance.now();
    return true;
  };

  /** Takes records up to an offset, or until the block is full. */
  const take = async (last: bigint | null): Promise<void> => {
    let count = 0;
    for (const record of waiting) {
      if (last === null ? isFull() : record.offset > last) break;
      add(record);
      readEnd = record.offset + 1n;
      count += 1;
      await breathe();
    }
    waiting = count === waiting.length ? [] : waiting.slice(count);
    onRead();
  };

  const isFull = (): boolean => builder.spans >= limits.maxSpans || builder.bytes >= limits.maxBytes;

  /** Takes exactly the records of a cut that is known. False at the end of the partition. */
  const fill = async (last: bigint): Promise<boolean> => {
    if (readEnd > last + 1n) throw new CutConflict(`The block from ${first} ends at ${last}, and ${readEnd} was read.`);
    while (readEnd <= last) {
      if (waiting.length === 0 && !(await pull(null))) return false;
      await take(last);
      // Damage may have taken the last records of the block.
      if (waiting.length > 0) readEnd = last + 1n;
    }
    return true;
  };

  /** Takes records until it is time to end the block, and says so in the journal. Null at the end of the partition. */
  const decide = async (isStoreIdle: () => boolean): Promise<CollectedCut | null> => {
    let deadline: number | null = null;
    for (;;) {
      await take(null);
      if (spansRecords > 0) deadline ??= performance.now() + limits.maxAgeMs;
      // While the store is busy a block would only wait: better that it grows.
      const isTime = deadline !== null && isStoreIdle() && (first < hurriedUntil || performance.now() >= deadline);
      if (isFull() || (isTime && waiting.length === 0)) break;
      if (waiting.length === 0 && !(await pull(isStoreIdle() ? deadline : null))) return null;
    }
    const wanted = readEnd - 1n;
    await partition.decide("cut", encodeCut({ first, last: wanted }));
    const last = await cuts.waitFor(first);
    return { first, last, isNew: last === wanted };
  };

  const next = async (isStoreIdle: () => boolean): Promise<CollectedCut | null> => {
    spansRecords = 0;
    const known = cuts.lastOf(first);
    const cut = known === null ? await decide(isStoreIdle) : { first, last: known, isNew: false };
    if (cut === null || !(await fill(cut.last))) return null;
    first = cut.last + 1n;
    return cut;
  };

  return {
    get readEnd() {
      return readEnd;
    },
    get isFilling() {
      return spansRecords > 0;
    },
    next,
    wake: () => {
      changed.resolve();
      changed = Promise.withResolvers<void>();
    },
    hurry(until) {
      if (until > hurriedUntil) hurriedUntil = until;
    },
    close() {
      // It may be waiting for records; then it ends with the next ones.
      void reader.return?.();
    },
  };
}

function delay(ms: number): { promise: Promise<void>; clear: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.max(0, ms));
  return { promise, clear: () => clearTimeout(timer) };
}
