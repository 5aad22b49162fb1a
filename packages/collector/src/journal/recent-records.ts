import { decodedBatches } from "../model/decoded-batches.ts";
import type { JournalRecord } from "../model/journal.ts";
import { recordMemory } from "../model/spans-record.ts";

/** The newest records, kept in memory so that a reader that keeps up never touches the disk. */
export interface RecentRecords {
  /** Takes records that are durable; their offsets follow those of the last call. */
  push(records: JournalRecord[]): void;
  /** Some records from that offset on, or null when the first of them is not here (any more). Their memory is theirs until `letGo`. */
  from(offset: bigint): JournalRecord[] | null;
  /** The same for who looks at them at once and not again. */
  peek(offset: bigint): JournalRecord[] | null;
  /** Has records that were read from the disk be let go like those of `from`. */
  handOut(last: bigint, memory: readonly Uint8Array[]): void;
  /** Forgets the records before this offset, whose bodies nobody reads any more, and uses their memory for others. */
  letGo(before: bigint): void;
}

interface Group {
  records: JournalRecord[];
  first: bigint;
  last: bigint;
  bytes: number;
  /** Whether somebody may be reading them. */
  isHandedOut: boolean;
}

/** Records that fell out, or what records from the disk lie in. */
interface HandedOut {
  last: bigint;
  records: readonly JournalRecord[];
  memory: readonly Uint8Array[];
}

/** @param maxBytes Bodies kept, in bytes. The newest group of records stays whatever its size. */
export function createRecentRecords(maxBytes: number): RecentRecords {
  const groups: Group[] = [];
  /** Memory of records that are not here any more and may still be read. */
  const handedOut: HandedOut[] = [];
  let bytes = 0;

  function drop(group: Group): void {
    bytes -= group.bytes;
    if (group.isHandedOut) remember({ last: group.last, records: group.records, memory: [] });
    else reuse(group.records);
  }

  function remember(entry: HandedOut): void {
    handedOut.push(entry);
    // A reader that never lets go leaves its memory to the garbage collector.
    const forgotten = handedOut.length > HANDED_OUT_MAX ? handedOut.shift() : undefined;
    for (const { decoded } of forgotten?.records ?? []) if (decoded) decodedBatches.forget(decoded);
  }

  function find(offset: bigint): Group | null {
    const group = groups.findLast(({ first }) => first <= offset);
    return group === undefined || group.last < offset ? null : group;
  }

  const recordsFrom = (group: Group, offset: bigint): JournalRecord[] =>
    group.first === offset ? group.records : group.records.filter((record) => record.offset >= offset);

  return {
    push(records) {
      const [head, tail] = [records[0], records.at(-1)];
      if (head === undefined || tail === undefined) return;
      const groupBytes = records.reduce((sum, { body }) => sum + body.length, 0);
      groups.push({ records, first: head.offset, last: tail.offset, bytes: groupBytes, isHandedOut: false });
      bytes += groupBytes;
      while (bytes > maxBytes && groups.length > 1) drop(groups.shift()!);
    },
    from(offset) {
      const group = find(offset);
      if (group === null) return null;
      group.isHandedOut = true;
      return recordsFrom(group, offset);
    },
    peek(offset) {
      const group = find(offset);
      return group === null ? null : recordsFrom(group, offset);
    },
    handOut: (last, memory) => remember({ last, records: [], memory }),
    letGo(before) {
      for (const group of takeWhile(groups, before)) {
        bytes -= group.bytes;
        reuse(group.records);
      }
      for (const { records, memory } of takeWhile(handedOut, before)) {
        reuse(records);
        recordMemory.giveBack(memory);
      }
    },
  };
}

const HANDED_OUT_MAX = 64;

/** Nobody reads them any more. */
function reuse(records: readonly JournalRecord[]): void {
  for (const { body, decoded } of records) {
    if (decoded) decodedBatches.giveBack(decoded, body);
    recordMemory.giveBack([body]);
  }
}

/** Removes from the front what ends before an offset. */
function takeWhile<Item extends { last: bigint }>(items: Item[], before: bigint): Item[] {
  const end = items.findIndex(({ last }) => last >= before);
  return items.splice(0, end === -1 ? items.length : end);
}
