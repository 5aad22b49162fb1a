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

/** Another process cut this block shorter after all: what was built has to be thrown away, and built again from the position in the store. */
class CutConflict extends Error {
  override readonly name = "CutConflict";
}

// Decoding is done between requests; no request waits longer than this for it.
const SLICE_MAX_MS = 8;

/** Fills a builder with one block after another. */
export class BlockCollector {
  readonly #options: BlockCollectorOptions;
  readonly #reader: AsyncIterator<JournalRecord[]>;
  #first: bigint;
  #readEnd: bigint;
  #hurriedUntil = 0n;
  /** Records of spans in the block. */
  #filled = 0;
  /** Records that were read and belong to a later block, or do not fit. */
  #waiting: JournalRecord[] = [];
  #pending: Promise<IteratorResult<JournalRecord[]>> | null = null;
  #changed = Promise.withResolvers<void>();
  #sliceStartedAt = 0;

  constructor(options: BlockCollectorOptions) {
    this.#options = options;
    this.#first = options.first;
    this.#readEnd = options.first;
    this.#reader = options.partition.read(options.first)[Symbol.asyncIterator]();
  }

  /** Offset behind the last record that went into the builder. */
  get readEnd(): bigint {
    return this.#readEnd;
  }

  /** Whether the builder holds records that are not stored or on their way yet. */
  get isFilling(): boolean {
    return this.#filled > 0;
  }

  /** Resolves when the builder holds exactly the next block. Null when the partition is not ours any more. */
  async next(isStoreIdle: () => boolean): Promise<CollectedCut | null> {
    this.#filled = 0;
    const known = this.#options.cuts.lastOf(this.#first);
    const cut = known === null ? await this.#decide(isStoreIdle) : { first: this.#first, last: known, isNew: false };
    if (cut === null || !(await this.#fill(cut.last))) return null;
    this.#first = cut.last + 1n;
    return cut;
  }

  /** Lets `next` look again: the store is idle, or what is there has to go now. */
  wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }

  /** A block with records before this offset does not wait for company. */
  hurry(until: bigint): void {
    if (until > this.#hurriedUntil) this.#hurriedUntil = until;
  }

  /** Ends the reader; `next` must not be called any more. */
  close(): void {
    // It may be waiting for records; then it ends with the next ones.
    void this.#reader.return?.();
  }

  /** Takes records until it is time to end the block, and says so in the journal. Null at the end of the partition. */
  async #decide(isStoreIdle: () => boolean): Promise<CollectedCut | null> {
    const { partition, cuts, limits } = this.#options;
    let deadline: number | null = null;
    for (;;) {
      await this.#take(null);
      if (this.#filled > 0) deadline ??= performance.now() + limits.maxAgeMs;
      // While the store is busy a block would only wait: better that it grows.
      const isTime = deadline !== null && isStoreIdle() && this.#isDue(deadline);
      if (this.#isFull() || (isTime && this.#waiting.length === 0)) break;
      if (this.#waiting.length === 0 && !(await this.#pull(isStoreIdle() ? deadline : null))) return null;
    }
    const first = this.#first;
    const wanted = this.#readEnd - 1n;
    await partition.decide("cut", encodeCut({ first, last: wanted }));
    const last = await cuts.waitFor(first);
    return { first, last, isNew: last === wanted };
  }

  /** Takes exactly the records of a cut that is known. False at the end of the partition. */
  async #fill(last: bigint): Promise<boolean> {
    if (this.#readEnd > last + 1n) {
      throw new CutConflict(`The block from ${this.#first} ends at ${last}, and ${this.#readEnd} was read.`);
    }
    while (this.#readEnd <= last) {
      if (this.#waiting.length === 0 && !(await this.#pull(null))) return false;
      await this.#take(last);
      // Damage may have taken the last records of the block.
      if (this.#waiting.length > 0) this.#readEnd = last + 1n;
    }
    return true;
  }

  #isDue(deadline: number): boolean {
    return this.#first < this.#hurriedUntil || performance.now() >= deadline;
  }

  #isFull(): boolean {
    const { builder, limits } = this.#options;
    return builder.spans >= limits.maxSpans || builder.bytes >= limits.maxBytes;
  }

  /** Takes records up to an offset, or until the block is full. */
  async #take(last: bigint | null): Promise<void> {
    let count = 0;
    for (const record of this.#waiting) {
      if (last === null ? this.#isFull() : record.offset > last) break;
      this.#add(record);
      this.#readEnd = record.offset + 1n;
      count += 1;
      await this.#breathe();
    }
    this.#waiting = count === this.#waiting.length ? [] : this.#waiting.slice(count);
    // The builder has copied what it needs of them.
    if (count > 0) this.#options.partition.letGo(this.#readEnd);
    this.#options.onRead();
  }

  #add(record: JournalRecord): void {
    if (record.kind !== "spans") return;
    const { builder, meter, onUnreadable } = this.#options;
    this.#filled += 1;
    try {
      const spans = decodeSpansRecord(record.body);
      if (spans === null) throw new Error("The record is not one of this version.");
      const { duplicates, rejected } = builder.add(spans, record.appendedAt, record.decoded);
      if (duplicates > 0) meter.duplicates(duplicates);
      if (rejected > 0) meter.rejected(rejected);
    } catch (error) {
      // A record that cannot be read will never be: holding it back would hold back all that follow.
      meter.rejected(1);
      onUnreadable(record.offset, error);
    }
  }

  /** Waits for more records, at most until `deadline` or until somebody wakes it. False at the end of the partition. */
  async #pull(deadline: number | null): Promise<boolean> {
    this.#pending ??= this.#reader.next();
    const timer = deadline === null ? null : delay(deadline - performance.now());
    const events = [this.#pending, this.#changed.promise, ...(timer === null ? [] : [timer.promise])];
    const arrived = await Promise.race(events);
    timer?.clear();
    if (arrived === undefined) return true;
    this.#pending = null;
    if (arrived.done === true) return false;
    this.#waiting = arrived.value;
    this.#sliceStartedAt = performance.now();
    return true;
  }

  async #breathe(): Promise<void> {
    if (performance.now() - this.#sliceStartedAt < SLICE_MAX_MS) return;
    await new Promise(setImmediate);
    this.#sliceStartedAt = performance.now();
  }
}

function delay(ms: number): { promise: Promise<void>; clear: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.max(0, ms));
  return { promise, clear: () => clearTimeout(timer) };
}
