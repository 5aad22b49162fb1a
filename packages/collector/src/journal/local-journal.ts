import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Logger } from "pino";
import { JournalFull } from "../model/journal.ts";
import type { Journal, OwnedPartition } from "../model/journal.ts";
import { StartError } from "../model/start-error.ts";
import { lockFolder } from "./folder-lock.ts";
import { createGroupCommit } from "./group-commit.ts";
import { silentMeter } from "./journal-meter.ts";
import type { JournalMeter } from "./journal-meter.ts";
import { openSegments } from "./open-segments.ts";
import { Pace } from "./pace.ts";
import { HEAD_BYTES } from "./record-format.ts";
import { syncFolder } from "./segment.ts";
import { SegmentLog } from "./segment-log.ts";
import type { Draft } from "./segment-log.ts";

export interface LocalJournalOptions {
  /** The journal's own folder; it is created. */
  folder: string;
  /** Room on disk, in bytes; above it appends are refused with `JournalFull`. */
  maxBytes: number;
  /** Size at which a segment is followed by the next, in bytes. Default: 64 MiB, or an eighth of `maxBytes` if that is less. */
  segmentMaxBytes?: number;
  /** How long to wait for a collector that is going down, in milliseconds. Default 10,000. */
  lockWaitMs?: number;
  logger: Pick<Logger, "warn" | "error">;
  meter?: JournalMeter;
}

export interface LocalJournal extends Journal {
  /** Waits for appends under way, ends all readers and lets go of the folder. */
  close(): Promise<void>;
}

const SEGMENT_MAX_BYTES = 64 * 1024 * 1024;
// Some seconds of load, so that a sink that keeps up reads nothing from the disk.
const RECENT_MAX_BYTES = 64 * 1024 * 1024;
// Less than half of that: what comes while a block waits for the store has to have room there as well.
const NEAR_BYTES = 24 * 1024 * 1024;
const PACE_WAIT_MAX_MS = 1000;
// Longer than a block takes to be stored.
const READER_STALL_MS = 3000;
const LOCK_WAIT_MS = 10_000;
const FORMAT = 1;

/**
 * Opens the journal of a folder, or makes it. What `append` acknowledged before a crash is there again, in order; what it did not is cut off.
 *
 * @throws StartError when another collector has the folder, or it holds something else.
 */
export async function openLocalJournal(options: LocalJournalOptions): Promise<LocalJournal> {
  const folder = resolve(options.folder);
  const { logger, maxBytes, meter = silentMeter } = options;
  await mkdir(folder, { recursive: true });
  const closing = new AbortController();
  const lock = await lockFolder(folder, {
    waitMs: options.lockWaitMs ?? LOCK_WAIT_MS,
    onLost: () => {
      closing.abort();
      logger.error({ folder }, "another process took the journal's folder; nothing more is accepted here");
    },
  });
  if (lock === null) {
    throw new StartError(
      "RUNREEL_DATA_LOCKED",
      `The journal in ${folder} is in use by another collector.`,
      "Stop the other collector, or give this one a folder of its own with RUNREEL_DATA.",
    );
  }
  try {
    const id = await readOrMakeId(folder);
    const opened = await openSegments(folder);
    if (opened.tornBytes > 0) {
      meter.torn(opened.tornBytes);
      logger.warn({ bytes: opened.tornBytes }, "cut off an append that was not finished when the collector died");
    }
    const segmentMaxBytes = options.segmentMaxBytes ?? Math.min(SEGMENT_MAX_BYTES, Math.floor(maxBytes / 8));
    const log = new SegmentLog(opened, {
      folder,
      segmentMaxBytes,
      recentMaxBytes: RECENT_MAX_BYTES,
      meter: loggingDamage(meter, logger),
    });
    meter.size(log.bytes);
    return assemble({ id, log, maxBytes, meter, closing, unlock: () => lock.release() });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

interface Parts {
  id: string;
  log: SegmentLog;
  maxBytes: number;
  meter: JournalMeter;
  /** Aborted when nothing more is to be accepted or read. */
  closing: AbortController;
  unlock: () => Promise<void>;
}

function assemble({ id, log, maxBytes, meter, closing, unlock }: Parts): LocalJournal {
  const group = createGroupCommit((drafts) => log.commit(drafts));
  const pace = new Pace({
    unreadBytes: () => log.unreadBytes + group.waitingBytes,
    nearBytes: NEAR_BYTES,
    waitMaxMs: PACE_WAIT_MAX_MS,
    stallMs: READER_STALL_MS,
  });
  let isClosed = false;

  const write = async (drafts: Draft[], signal?: AbortSignal): Promise<void> => {
    if (closing.signal.aborted) throw new JournalFull("The journal is closed.");
    try {
      await group.add(drafts, signal);
    } catch (error) {
      if (signal?.aborted) throw error;
      meter.refused("disk");
      throw new JournalFull("The journal's disk failed.", { cause: error });
    }
  };

  const own = async (start: (partition: OwnedPartition) => Promise<void>): Promise<{ close(): Promise<void> }> => {
    const lost = new AbortController();
    const end = (): void => {
      lost.abort();
      log.wake();
    };
    closing.signal.addEventListener("abort", end, { once: true });
    await start({
      partition: 0,
      lost: lost.signal,
      read: (from) => log.read(from, lost.signal),
      readDecisions: (from) => log.readDecisions(from, lost.signal),
      letGo(before) {
        log.letGo(before);
        pace.moved();
      },
      stalled: () => pace.stop(),
      // Not refused when the journal is full: decisions are what makes room again.
      decide: (kind, body) => write([{ kind, body }]),
      release: (before) => log.release(before),
    });
    return {
      async close() {
        closing.signal.removeEventListener("abort", end);
        end();
      },
    };
  };

  return {
    id,
    partitions: 1,
    async append(records, signal) {
      const bytes = records.reduce((sum, { body }) => sum + HEAD_BYTES + body.length, 0);
      await pace.turn(bytes);
      if (log.bytes + group.waitingBytes + bytes > maxBytes) {
        meter.refused("full");
        throw new JournalFull(
          `The journal holds ${log.bytes} of at most ${maxBytes} bytes; ${bytes} more have no room.`,
        );
      }
      await write(
        records.map(({ body, decoded }) => ({ kind: "spans", body, decoded })),
        signal,
      );
    },
    own,
    async usage() {
      return [{ partition: 0, oldest: log.oldest, end: log.next, bytes: log.bytes }];
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      closing.abort();
      pace.stop();
      await group.idle();
      await log.close();
      await unlock();
    },
  };
}

/** Lost records are worth a line in the log each time. */
function loggingDamage(meter: JournalMeter, logger: LocalJournalOptions["logger"]): JournalMeter {
  return {
    size: (bytes) => meter.size(bytes),
    committed: (records, bytes) => meter.committed(records, bytes),
    refused: (reason) => meter.refused(reason),
    torn: (bytes) => meter.torn(bytes),
    damaged(records, bytes) {
      meter.damaged(records, bytes);
      logger.error({ records, bytes }, "the journal is damaged; acknowledged records are lost");
    },
  };
}

/** The id of a journal is as old as its folder. Written beside and renamed, so that it is there whole or not at all. */
async function readOrMakeId(folder: string): Promise<string> {
  const file = join(folder, "journal.json");
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (text === null) {
    const id = randomBytes(6).toString("hex");
    await writeFile(`${file}.new`, `${JSON.stringify({ id, format: FORMAT })}\n`, { flush: true });
    await rename(`${file}.new`, file);
    await syncFolder(folder);
    return id;
  }
  const { id, format } = parseIdentity(text);
  if (id === null || format !== FORMAT) {
    throw new StartError(
      "RUNREEL_JOURNAL_INVALID",
      `${file} is not a journal of format ${FORMAT}.`,
      "Run the collector that wrote it, or move the folder away: what it holds and the store does not is lost then.",
    );
  }
  return id;
}

function parseIdentity(text: string): { id: string | null; format: number | null } {
  try {
    const { id, format } = JSON.parse(text) as { id?: unknown; format?: unknown };
    return { id: typeof id === "string" ? id : null, format: typeof format === "number" ? format : null };
  } catch {
    return { id: null, format: null };
  }
}
