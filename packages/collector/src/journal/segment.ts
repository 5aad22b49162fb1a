import { open, readdir, rm, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";

/** A file of records with consecutive offsets. */
export interface Segment {
  file: string;
  /** The offset of its first record, which is also its name. */
  base: bigint;
  /** Bytes that are durable; what stands behind them in the file does not count. */
  bytes: number;
  /** Positions of some records, ascending, so that a reader need not scan from the start. */
  index: { offset: bigint; position: number }[];
}

const SUFFIX = ".journal";
const INDEX_EVERY_BYTES = 1024 * 1024;

/** Segments of a folder, oldest first, with the sizes of their files. */
export async function listSegments(folder: string): Promise<Segment[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{20}\.journal$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      const { size } = await stat(file);
      return { file, base: BigInt(name.slice(0, -SUFFIX.length)), bytes: size, index: [] };
    }),
  );
}

/** A new, empty segment whose name is durable. */
export async function createSegment(folder: string, base: bigint): Promise<{ segment: Segment; handle: FileHandle }> {
  const file = join(folder, `${String(base).padStart(20, "0")}${SUFFIX}`);
  const handle = await open(file, "w+");
  await syncFolder(folder);
  return { segment: { file, base, bytes: 0, index: [] }, handle };
}

export async function deleteSegment(segment: Segment): Promise<void> {
  await rm(segment.file, { force: true });
}

/** Without it a file can be gone after a power failure although its content was synced. */
export async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, "r");
  await handle.sync();
}

/** Notes where a record stands, about once in a megabyte. */
export function indexRecord(segment: Segment, offset: bigint, position: number): void {
  const last = segment.index.at(-1);
  if (last === undefined || position - last.position >= INDEX_EVERY_BYTES) segment.index.push({ offset, position });
}

/** Where to begin to look for a record. */
export function positionBefore(segment: Segment, offset: bigint): { offset: bigint; position: number } {
  return segment.index.findLast((entry) => entry.offset <= offset) ?? { offset: segment.base, position: 0 };
}
