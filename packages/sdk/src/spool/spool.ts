import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { parseSpoolFileName, spoolFileName } from "./spool-file.ts";
import type { SpoolFile } from "./spool-file.ts";

/** A request that goes to disk. */
export interface SpoolRequest {
  body: Uint8Array;
  spanCount: number;
  blobCount: number;
}

/** What became of requests that were to go to disk. */
export interface Spooled {
  /** For each request, why it is not on disk; undefined where it is. */
  faults: (string | undefined)[];
  /** What had to go for them, of this process's own. */
  evicted: { spanCount: number; blobCount: number };
}

export interface SpoolOptions {
  folder: string;
  /** All files together. */
  maxBytes: number;
  /** Names this process in the files. */
  writer: string;
}

/**
 * Requests on disk that could not be delivered, one in each file, for the next start or `runreel spool send`. Only the user can read
 * them. Writing is synchronous, so that it works while a process ends, and never throws.
 *
 * When it is full, the oldest content goes first.
 */
export class Spool {
  readonly #options: SpoolOptions;
  #sequence = 0;

  constructor(options: SpoolOptions) {
    this.#options = options;
  }

  write(requests: readonly SpoolRequest[]): Spooled {
    const evicted = { spanCount: 0, blobCount: 0 };
    const faults = requests.map((request) => {
      try {
        const bytes = request.body.length;
        if (bytes > this.#options.maxBytes) return "spool_full";
        mkdirSync(this.#options.folder, { recursive: true, mode: 0o700 });
        for (const file of this.#evict(bytes)) {
          if (file.writer !== this.#options.writer) continue;
          evicted.spanCount += file.spanCount;
          evicted.blobCount += file.blobCount;
        }
        this.#writeOne(request);
        return undefined;
      } catch {
        return "spool_failed";
      }
    });
    return { faults, evicted };
  }

  #writeOne({ body, spanCount, blobCount }: SpoolRequest): void {
    const { folder, writer } = this.#options;
    const kind = spanCount === 0 ? "content" : "spans";
    this.#sequence += 1;
    const at = { timeMs: Date.now(), sequence: this.#sequence };
    const name = spoolFileName({ kind, writer, spanCount, blobCount }, at);
    const unfinished = join(folder, `${name}.unfinished`);
    try {
      writeFileSync(unfinished, body, { mode: 0o600, flag: "wx" });
      renameSync(unfinished, join(folder, name));
    } catch (error) {
      rmSync(unfinished, { force: true });
      throw error;
    }
  }

  /** Deletes files until there is room for so many bytes. */
  #evict(bytes: number): SpoolFile[] {
    const { folder, maxBytes } = this.#options;
    const files = listSpool(folder).map((file) => ({ file, bytes: sizeOf(join(folder, file.name)) }));
    let total = files.reduce((sum, file) => sum + file.bytes, bytes);
    const evicted: SpoolFile[] = [];
    for (const { file, bytes: size } of files) {
      if (total <= maxBytes) break;
      rmSync(join(folder, file.name), { force: true });
      total -= size;
      evicted.push(file);
    }
    return evicted;
  }
}

/** The files that wait in a folder, in the order in which they are to be sent. */
export function listSpool(folder: string): SpoolFile[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names.toSorted().flatMap((name) => parseSpoolFileName(name) ?? []);
}

/** A file that waits, as people want to see it. */
export interface WaitingFile extends SpoolFile {
  bytes: number;
  writtenAt: Date;
}

/** Undefined for a file that somebody has taken meanwhile. */
export function readSpoolFile(folder: string, file: SpoolFile): WaitingFile | undefined {
  const stats = statSync(join(folder, file.name), { throwIfNoEntry: false });
  return stats === undefined ? undefined : { ...file, bytes: stats.size, writtenAt: stats.mtime };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
