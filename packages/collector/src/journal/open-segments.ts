import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { recordMemory } from "../model/spans-record.ts";
import { scanSegment } from "./segment-scan.ts";
import { createSegment, deleteSegment, indexRecord, listSegments, syncFolder } from "./segment.ts";
import type { Segment } from "./segment.ts";

/** What a start finds. */
export interface OpenedSegments {
  /** Oldest first; appends go to the last. */
  segments: Segment[];
  /** Of the last segment. */
  handle: FileHandle;
  /** The offset of the next record. */
  next: bigint;
  /** The log's clock does not run backwards over a restart. */
  lastAppendedAt: number;
  /** Bytes cut off the end: an append that was not finished, and so not acknowledged. */
  tornBytes: number;
}

const FIRST_OFFSET = 1n;

/**
 * Opens the segments of a folder, the last one for appending. Only that one is read: the others were complete before it was begun, and are checked
 * when somebody reads them. Bytes behind its last whole record are an append that died, and are cut off; damage before that stays for the reader
 * to find and count.
 */
export async function openSegments(folder: string): Promise<OpenedSegments> {
  const segments = await listSegments(folder);
  const last = segments.at(-1);
  if (last === undefined) {
    const { segment, handle } = await createSegment(folder, FIRST_OFFSET);
    return { segments: [segment], handle, next: FIRST_OFFSET, lastAppendedAt: 0, tornBytes: 0 };
  }
  const handle = await open(last.file, "r+");
  let next = last.base;
  let end = 0;
  let lastAppendedAt = 0;
  for await (const scanned of scanSegment(handle, { from: 0, to: last.bytes, offset: last.base })) {
    const [head, tail] = [scanned.records[0], scanned.records.at(-1)];
    if (head === undefined || tail === undefined) continue;
    if (scanned.damagedBytes === 0) indexRecord(last, head.offset, end);
    next = tail.offset + 1n;
    lastAppendedAt = tail.appendedAt;
    end = scanned.end;
    recordMemory.giveBack([scanned.memory]);
  }
  const tornBytes = last.bytes - end;
  if (tornBytes > 0) {
    await handle.truncate(end);
    await handle.datasync();
    last.bytes = end;
  }
  return { segments, handle, next, lastAppendedAt, tornBytes };
}

/** Deletes segments for good. */
export async function deleteSegments(folder: string, segments: Segment[]): Promise<void> {
  for (const segment of segments) await deleteSegment(segment);
  if (segments.length > 0) await syncFolder(folder);
}
