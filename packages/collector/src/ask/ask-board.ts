import { randomBytes } from "node:crypto";

/** What a process is asked for in one answer. */
export interface Told {
  /** The process says this in its next request, so that it is known to have heard. */
  token: string;
  /** Hashes of blobs. */
  blobs: string[];
  /** Runs that are sampled out and should be sent. */
  keep: KeepAsk[];
}

interface KeepAsk {
  runId: string;
  reason: string;
}

/** What is asked of one process. */
interface Asked {
  /** What it has not heard yet. */
  blobs: Set<string>;
  /** Reasons by run. */
  keep: Map<string, string>;
  /** What it was told last, and may have heard. */
  told: Told | undefined;
}

/** Processes that something is asked of; of more, those are forgotten that have waited longest. */
const PROCESSES_MAX_COUNT = 2_000;
const BLOBS_MAX_COUNT = 5_000;
const KEEP_MAX_COUNT = 1_000;

/** What one answer tells: 35 bytes each and up to 1,000, and some senders read no answer above 64 KiB. */
const TOLD_BLOBS_MAX_COUNT = 500;
const TOLD_KEEP_MAX_COUNT = 30;

/** A blob that was asked for comes when it is used again, or never: no use in asking again soon. */
const ASK_AGAIN_MS = 10 * 60 * 1000;
const REMEMBERED_MAX_COUNT = 50_000;

/**
 * Keeps what is to be asked of processes until they have heard it. In memory: content that is still missing after a restart is found again;
 * who asked for a run asks again.
 */
export class AskBoard {
  readonly #processes = new Map<string, Asked>();
  /** When which blob was asked of which process. */
  readonly #askedAt = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Asks a process for blobs, and tells of how many it was not asked before. */
  askForBlobs(process: string, hashes: Iterable<string>): number {
    let count = 0;
    for (const hash of hashes) {
      const id = `${process}\0${hash}`;
      if (this.#now() < (this.#askedAt.get(id) ?? Number.NEGATIVE_INFINITY) + ASK_AGAIN_MS) continue;
      const { blobs } = this.#of(process);
      if (blobs.size >= BLOBS_MAX_COUNT) break;
      blobs.add(hash);
      this.#askedAt.delete(id);
      this.#askedAt.set(id, this.#now());
      count += 1;
    }
    trim(this.#askedAt, REMEMBERED_MAX_COUNT);
    return count;
  }

  /** Asks a process for a run. */
  askToKeep(process: string, runId: string, reason: string): void {
    const { keep } = this.#of(process);
    keep.set(runId, reason);
    trim(keep, KEEP_MAX_COUNT);
  }

  /** What to tell a process that sends a request. `heard` is the token that it has heard last. */
  take(process: string, heard: string | undefined): Told | undefined {
    const asked = this.#processes.get(process);
    if (asked === undefined) return undefined;
    if (asked.told !== undefined && asked.told.token === heard) {
      for (const hash of asked.told.blobs) asked.blobs.delete(hash);
      for (const { runId } of asked.told.keep) asked.keep.delete(runId);
      asked.told = undefined;
    }
    if (asked.blobs.size + asked.keep.size === 0) {
      this.#processes.delete(process);
      return undefined;
    }
    asked.told = {
      token: randomBytes(8).toString("hex"),
      blobs: [...asked.blobs].slice(0, TOLD_BLOBS_MAX_COUNT),
      keep: [...asked.keep].slice(0, TOLD_KEEP_MAX_COUNT).map(([runId, reason]) => ({ runId, reason })),
    };
    return asked.told;
  }

  #of(process: string): Asked {
    const known = this.#processes.get(process);
    if (known !== undefined) return known;
    const asked: Asked = { blobs: new Set(), keep: new Map(), told: undefined };
    this.#processes.set(process, asked);
    trim(this.#processes, PROCESSES_MAX_COUNT);
    return asked;
  }
}

/** Lets go of the oldest. */
function trim(map: Map<string, unknown>, maxCount: number): void {
  for (const key of map.keys()) {
    if (map.size <= maxCount) return;
    map.delete(key);
  }
}

/** A process of a project: ids are only as unique as a client makes them. */
export function processKey(project: string, processId: string): string {
  return `${project}\0${processId}`;
}
