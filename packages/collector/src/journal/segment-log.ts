import type { FileHandle } from "node:fs/promises";
import type { JournalRecord } from "../model/journal.ts";
import type { JournalMeter } from "./journal-meter.ts";
import { deleteSegments } from "./open-segments.ts";
import type { OpenedSegments } from "./open-segments.ts";
import { readSegment } from "./read-segment.ts";
import { createRecentRecords } from "./recent-records.ts";
import { encodeHead, HEAD_BYTES } from "./record-format.ts";
import { createSegment, indexRecord } from "./segment.ts";

/** A record before the log gave it an offset. */
export type Draft = Pick<JournalRecord, "kind" | "body">;

export interface SegmentLog {
  /** The offset that the next record gets. */
  readonly next: bigint;
  /** The oldest offset that may still be here. */
  readonly oldest: bigint;
  /** Bytes of all segments. */
  readonly bytes: number;
  /** Resolves when the records are durable, all of them. One call at a time. Rejects when the disk failed; then none of them is. */
  commit(drafts: Draft[]): Promise<void>;
  /** Durable records from that offset on, and new ones as they come, until the signal ends it. `wake` has to follow the signal. */
  read(from: bigint, signal: AbortSignal): AsyncGenerator<JournalRecord[]>;
  /** Lets readers look again. */
  wake(): void;
  /** Deletes segments that hold only records before this offset; never the one that is written. */
  release(before: bigint): Promise<void>;
  close(): Promise<void>;
}

export interface SegmentLogOptions {
  folder: string;
  segmentMaxBytes: number;
  /** Newest records kept in memory, in bytes. */
  recentMaxBytes: number;
  meter: JournalMeter;
}

export function createSegmentLog(opened: OpenedSegments, options: SegmentLogOptions): SegmentLog {
  const { folder, segmentMaxBytes, meter } = options;
  const { segments } = opened;
  let { handle, next, lastAppendedAt } = opened;
  let mustRotate = false;
  let grown = Promise.withResolvers<void>();
  const recent = createRecentRecords(options.recentMaxBytes);
  // Two readers may come upon the same damage.
  const knownDamage = new Set<bigint>();

  const active = () => segments[segments.length - 1]!;
  const totalBytes = (): number => segments.reduce((sum, { bytes }) => sum + bytes, 0);

  const rotate = async (): Promise<void> => {
    const created = await createSegment(folder, next);
    // An empty segment has the name of its successor, and was just overwritten.
    if (active().base === next) segments.pop();
    segments.push(created.segment);
    await handle.close();
    handle = created.handle;
    mustRotate = false;
  };

  const commit = async (drafts: Draft[]): Promise<void> => {
    const bytes = drafts.reduce((sum, { body }) => sum + HEAD_BYTES + body.length, 0);
    if (mustRotate || (active().bytes > 0 && active().bytes + bytes > segmentMaxBytes)) await rotate();
    const segment = active();
    const appendedAt = Math.max(Date.now(), lastAppendedAt);
    const records = drafts.map((draft, index) => ({ offset: next + BigInt(index), appendedAt, ...draft }));
    try {
      await writeAll(handle, records, segment.bytes);
      await handle.datasync();
    } catch (error) {
      // After a failed sync nobody knows what the file holds: it ends where it was durable, and the next record begins another.
      mustRotate = true;
      await handle.truncate(segment.bytes).catch(() => {});
      throw error;
    }
    let position = segment.bytes;
    for (const { offset, body } of records) {
      indexRecord(segment, offset, position);
      position += HEAD_BYTES + body.length;
    }
    segment.bytes = position;
    next += BigInt(records.length);
    lastAppendedAt = appendedAt;
    recent.push(records);
    meter.committed(records.length, bytes);
    meter.size(totalBytes());
    wake();
  };

  const wake = (): void => {
    grown.resolve();
    grown = Promise.withResolvers<void>();
  };

  const reportDamage = (first: bigint, records: number, bytes: number): void => {
    if (knownDamage.has(first)) return;
    knownDamage.add(first);
    meter.damaged(records, bytes);
  };

  const read = async function* (from: bigint, signal: AbortSignal): AsyncGenerator<JournalRecord[]> {
    let position = from;
    while (!signal.aborted) {
      if (position < segments[0]!.base) position = segments[0]!.base;
      if (position >= next) {
        await grown.promise;
        continue;
      }
      const inMemory = recent.from(position);
      if (inMemory !== null) {
        position = inMemory.at(-1)!.offset + 1n;
        yield inMemory;
        continue;
      }
      const index = segments.findLastIndex(({ base }) => base <= position);
      const end = segments[index + 1]?.base ?? next;
      for await (const records of readSegment(segments[index]!, { from: position, end, reportDamage })) {
        if (signal.aborted) return;
        position = records.at(-1)!.offset + 1n;
        yield records;
      }
      position = end;
    }
  };

  return {
    get next() {
      return next;
    },
    get oldest() {
      return segments[0]!.base;
    },
    get bytes() {
      return totalBytes();
    },
    commit,
    read,
    wake,
    async release(before) {
      const kept = segments.findIndex((_, index) => (segments[index + 1]?.base ?? before + 1n) > before);
      await deleteSegments(folder, segments.splice(0, kept));
      meter.size(totalBytes());
    },
    close: () => handle.close(),
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
