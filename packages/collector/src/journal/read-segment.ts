import { open } from "node:fs/promises";
import type { JournalRecord } from "../model/journal.ts";
import { scanSegment } from "./segment-scan.ts";
import { positionBefore } from "./segment.ts";
import type { Segment } from "./segment.ts";

export interface ReadRange {
  from: bigint;
  /** The offset behind the last record that this segment has to have. */
  end: bigint;
  /** Called with the first of some records that should be here and are not. */
  reportDamage: (first: bigint, records: number, bytes: number) => void;
}

/** Some records, and what their bodies lie in. */
export interface ReadRecords {
  records: JournalRecord[];
  memory: Uint8Array;
}

/** The records of one segment in a range of offsets. Offsets are dense, so a gap is a loss, and is reported. */
export async function* readSegment(segment: Segment, range: ReadRange): AsyncGenerator<ReadRecords> {
  const { from, end, reportDamage } = range;
  const start = positionBefore(segment, from);
  let expected = start.offset;
  let position = start.position;
  const to = segment.bytes;
  await using handle = await open(segment.file, "r");
  for await (const scanned of scanSegment(handle, { from: position, to, offset: expected })) {
    // What a failed append left behind the durable end of an older segment has offsets that were given out again.
    const records = scanned.records.filter(({ offset }) => offset >= expected && offset < end);
    const first = records[0];
    if (first === undefined) continue;
    if (first.offset > expected) reportDamage(expected, Number(first.offset - expected), scanned.damagedBytes);
    expected = records.at(-1)!.offset + 1n;
    position = scanned.end;
    const wanted = first.offset >= from ? records : records.filter(({ offset }) => offset >= from);
    if (wanted.length > 0) yield { records: wanted, memory: scanned.memory };
  }
  if (expected < end) reportDamage(expected, Number(end - expected), to - position);
}
