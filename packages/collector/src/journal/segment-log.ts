import type { FileHandle } from "node:fs/promises";
import type { JournalRecord } from "../model/journal.ts";
import { recordMemory } from "../model/spans-record.ts";
import type { JournalMeter } from "./journal-meter.ts";
import { deleteSegments } from "./open-segments.ts";
import type { OpenedSegments } from "./open-segments.ts";
import { readSegment } from "./read-segment.ts";
import { createRecentRecords } from "./recent-records.ts";
import type { RecentRecords } from "./recent-records.ts";
import { encodeHead, HEAD_BYTES } from "./record-format.ts";
import { createSegment, indexRecord, positionBefore } from "./segment.ts";
import type { Segment } from "./segment.ts";

/** A record before the log gave it an offset. */
export type Draft = Pick<JournalRecord, "kind" | "body" | "decoded">;

export interface SegmentLogOptions {
  folder: string;
  segmentMaxBytes: number;
  /** Newest records kept in memory, in bytes. */
  recentMaxBytes: number;
  meter: JournalMeter;
}

/** The segments of a folder as one log. */
export class SegmentLog {
  readonly #options: SegmentLogOptions;
  readonly #segments: Segment[];
  readonly #recent: RecentRecords;
  /** Two readers may come upon the same damage. */
  readonly #knownDamage = new Set<bigint>();
  #handle: FileHandle;
  #next: bigint;
  #lastAppendedAt: number;
  /** What the reader has let go of ends here. */
  #readEnd: bigint;
  #mustRotate = false;
  #grown = Promise.withResolvers<void>();

  constructor(opened: OpenedSegments, options: SegmentLogOptions) {
    this.#options = options;
    this.#segments = opened.segments;
    this.#handle = opened.handle;
    this.#next = opened.next;
    this.#lastAppendedAt = opened.lastAppendedAt;
    this.#readEnd = opened.next;
    this.#recent = createRecentRecords(options.recentMaxBytes);
  }

  /** The offset that the next record gets. */
  get next(): bigint {
    return this.#next;
  }

  /** The oldest offset that may still be here. */
  get oldest(): bigint {
    return this.#segments[0]!.base;
  }

  /** Bytes of all segments. */
  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Bytes that the reader has not let go of, about. */
  get unreadBytes(): number {
    const index = this.#segments.findLastIndex(({ base }) => base <= this.#readEnd);
    if (index === -1) return this.bytes;
    const { position } = positionBefore(this.#segments[index]!, this.#readEnd);
    return this.#segments.slice(index).reduce((sum, { bytes }) => sum + bytes, -position);
  }

  /** Resolves when the records are durable, all of them. One call at a time. Rejects when the disk failed; then none of them is. */
  async commit(drafts: Draft[]): Promise<void> {
    const { segmentMaxBytes, meter } = this.#options;
    const bytes = drafts.reduce((sum, { body }) => sum + HEAD_BYTES + body.length, 0);
    const isFull = this.#active.bytes > 0 && this.#active.bytes + bytes > segmentMaxBytes;
    if (this.#mustRotate || isFull) await this.#rotate();
    const segment = this.#active;
    const appendedAt = Math.max(Date.now(), this.#lastAppendedAt);
    const records = drafts.map((draft, index) => ({ offset: this.#next + BigInt(index), appendedAt, ...draft }));
    try {
      await writeAll(this.#handle, records, segment.bytes);
      await this.#handle.datasync();
    } catch (error) {
      // After a failed sync nobody knows what the file holds: it ends where it was durable, and the next record begins another.
      this.#mustRotate = true;
      await this.#handle.truncate(segment.bytes).catch(() => {});
      throw error;
    }
    for (const { offset, body } of records) {
      indexRecord(segment, offset, segment.bytes);
      segment.bytes += HEAD_BYTES + body.length;
    }
    this.#next += BigInt(records.length);
    this.#lastAppendedAt = appendedAt;
    this.#recent.push(records);
    meter.committed(records.length, bytes);
    meter.size(this.bytes);
    this.wake();
  }

  /** Durable records from that offset on, and new ones as they come, until the signal ends it. `wake` has to follow the signal. */
  async *read(from: bigint, signal: AbortSignal): AsyncGenerator<JournalRecord[]> {
    for await (const { records, memory } of this.#read(from, signal, (offset) => this.#recent.from(offset))) {
      if (memory !== null) this.#recent.handOut(records.at(-1)!.offset, [memory]);
      yield records;
    }
  }

  /** The decisions among them, and how far was read for them. */
  async *readDecisions(from: bigint, signal: AbortSignal): AsyncGenerator<{ decisions: JournalRecord[]; end: bigint }> {
    for await (const { records, memory } of this.#read(from, signal, (offset) => this.#recent.peek(offset))) {
      const decisions = records.filter(({ kind }) => kind !== "spans");
      const end = records.at(-1)!.offset + 1n;
      if (memory === null) yield { decisions, end };
      else {
        const copies = decisions.map((record) => ({ ...record, body: Uint8Array.from(record.body) }));
        recordMemory.giveBack([memory]);
        yield { decisions: copies, end };
      }
    }
  }

  /** Records from memory or from the disk; then `memory` is what they lie in. */
  async *#read(
    from: bigint,
    signal: AbortSignal,
    fromRecent: (offset: bigint) => JournalRecord[] | null,
  ): AsyncGenerator<{ records: JournalRecord[]; memory: Uint8Array | null }> {
    let position = from;
    while (!signal.aborted) {
      if (position < this.oldest) position = this.oldest;
      if (position >= this.#next) {
        await this.#grown.promise;
        continue;
      }
      const inMemory = fromRecent(position);
      if (inMemory !== null) {
        position = inMemory.at(-1)!.offset + 1n;
        yield { records: inMemory, memory: null };
        continue;
      }
      const index = this.#segments.findLastIndex(({ base }) => base <= position);
      const end = this.#segments[index + 1]?.base ?? this.#next;
      const range = { from: position, end, reportDamage: this.#reportDamage };
      for await (const read of readSegment(this.#segments[index]!, range)) {
        if (signal.aborted) return;
        yield read;
      }
      position = end;
    }
  }

  /** See `OwnedPartition`. */
  letGo(before: bigint): void {
    this.#readEnd = before;
    this.#recent.letGo(before);
  }

  /** Lets readers look again. */
  wake(): void {
    this.#grown.resolve();
    this.#grown = Promise.withResolvers<void>();
  }

  /** Deletes segments that hold only records before this offset; never the one that is written. */
  async release(before: bigint): Promise<void> {
    const { folder, meter } = this.#options;
    const kept = this.#segments.findIndex((_, index) => (this.#segments[index + 1]?.base ?? before + 1n) > before);
    await deleteSegments(folder, this.#segments.splice(0, kept));
    meter.size(this.bytes);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  get #active(): Segment {
    return this.#segments.at(-1)!;
  }

  async #rotate(): Promise<void> {
    const { segment, handle } = await createSegment(this.#options.folder, this.#next);
    // An empty segment has the name of its successor, and was just overwritten.
    if (this.#active.base === this.#next) this.#segments.pop();
    this.#segments.push(segment);
    await this.#handle.close();
    this.#handle = handle;
    this.#mustRotate = false;
  }

  readonly #reportDamage = (first: bigint, records: number, bytes: number): void => {
    if (this.#knownDamage.has(first)) return;
    this.#knownDamage.add(first);
    this.#options.meter.damaged(records, bytes);
  };
}

// Linux takes at most 1024 buffers in one call.
const BUFFERS_MAX = 1024;

async function writeAll(handle: FileHandle, records: JournalRecord[], position: number): Promise<void> {
  const buffers = records.flatMap((record) => [encodeHead(record), record.body]);
  let at = position;
  for (let index = 0; index < buffers.length; index += BUFFERS_MAX) {
    const some = buffers.slice(index, index + BUFFERS_MAX);
    const bytes = some.reduce((sum, { length }) => sum + length, 0);
    const { bytesWritten } = await handle.writev(some, at);
    if (bytesWritten < bytes) await writeRest(handle, Buffer.concat(some).subarray(bytesWritten), at + bytesWritten);
    at += bytes;
  }
}

/** The kernel writes less than asked when the disk fills up, or above two gigabytes. */
async function writeRest(handle: FileHandle, rest: Buffer, position: number): Promise<void> {
  for (let done = 0; done < rest.length;) {
    const { bytesWritten } = await handle.write(rest, done, rest.length - done, position + done);
    done += bytesWritten;
  }
}
