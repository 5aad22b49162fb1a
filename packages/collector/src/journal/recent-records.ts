import type { JournalRecord } from "../model/journal.ts";

/** The newest records, kept in memory so that a reader that keeps up never touches the disk. */
export interface RecentRecords {
  /** Takes records that are durable; their offsets follow those of the last call. */
  push(records: JournalRecord[]): void;
  /** Some records from that offset on, or null when the first of them is not here (any more). */
  from(offset: bigint): JournalRecord[] | null;
}

/** @param maxBytes Bodies kept, in bytes. The newest group of records stays whatever its size. */
export function createRecentRecords(maxBytes: number): RecentRecords {
  const groups: { records: JournalRecord[]; first: bigint; last: bigint; bytes: number }[] = [];
  let bytes = 0;
  return {
    push(records) {
      const [head, tail] = [records[0], records.at(-1)];
      if (head === undefined || tail === undefined) return;
      const groupBytes = records.reduce((sum, { body }) => sum + body.length, 0);
      groups.push({ records, first: head.offset, last: tail.offset, bytes: groupBytes });
      bytes += groupBytes;
      while (bytes > maxBytes && groups.length > 1) bytes -= groups.shift()?.bytes ?? 0;
    },
    from(offset) {
      const group = groups.findLast(({ first }) => first <= offset);
      if (group === undefined || group.last < offset) return null;
      return group.first === offset ? group.records : group.records.filter((record) => record.offset >= offset);
    },
  };
}
