import type { FileHandle } from "node:fs/promises";
import type { JournalRecord } from "../model/journal.ts";
import { recordMemory } from "../model/spans-record.ts";
import { findRecord, parseRecord } from "./record-format.ts";

/** Some records that stand one after another in a segment. */
export interface ScannedRecords {
  records: JournalRecord[];
  /** Position in the file behind the last of them. */
  end: number;
  /** Bytes before or between these records that are not a record. */
  damagedBytes: number;
  /** What their bodies lie in: from `recordMemory`, and to be given back there when nobody reads them any more. */
  memory: Uint8Array;
}

/** A record that is cut off is read again, so this is more than most requests have. */
const CHUNK_BYTES = 4 * 1024 * 1024;

/**
 * Reads the records of a segment between two positions, some megabytes at a time. Steps over damage to the next whole record. What is left behind
 * the last whole record is not mentioned: the caller compares `end` with where the file ends.
 */
export async function* scanSegment(
  file: FileHandle,
  { from, to, offset }: { from: number; to: number; offset: bigint },
): AsyncGenerator<ScannedRecords> {
  let position = from;
  let next = offset;
  let wantedBytes = CHUNK_BYTES;
  let damagedBytes = 0;
  while (position < to) {
    const bytes = await readBytes(file, position, Math.min(wantedBytes, to - position));
    const reachesEnd = position + bytes.length >= to || bytes.length === 0;
    const { records, end, stop } = parseRecords(bytes);
    wantedBytes = CHUNK_BYTES;
    if (records.length > 0) {
      position += end;
      next = (records.at(-1)?.offset ?? next) + 1n;
      yield { records, end: position, damagedBytes, memory: bytes };
      damagedBytes = 0;
      continue;
    }
    recordMemory.giveBack([bytes]);
    if (stop.state === "short" && !reachesEnd) {
      wantedBytes = stop.end;
      // A length that points behind the end of the file is damage, not a long record.
      if (position + stop.end <= to) continue;
    }
    const rest = await readBytes(file, position, to - position);
    const found = findRecord(rest, 1, next);
    recordMemory.giveBack([rest]);
    if (found === null) return;
    damagedBytes += found;
    position += found;
    wantedBytes = CHUNK_BYTES;
  }
}

function parseRecords(bytes: Buffer): {
  records: JournalRecord[];
  end: number;
  stop: { state: "damaged" } | { state: "short"; end: number };
} {
  const records: JournalRecord[] = [];
  for (let end = 0; ;) {
    const parsed = parseRecord(bytes, end);
    if (parsed.state !== "record") return { records, end, stop: parsed };
    records.push(parsed.record);
    end = parsed.end;
  }
}

async function readBytes(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = recordMemory.take(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
