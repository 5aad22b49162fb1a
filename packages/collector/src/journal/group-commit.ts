import type { Draft } from "./segment-log.ts";

export interface GroupCommit {
  /** Bytes that wait for the disk. */
  readonly waitingBytes: number;
  /** Resolves when the drafts are durable. Drafts of one call stay together and in order. */
  add(drafts: Draft[], signal?: AbortSignal): Promise<void>;
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>;
}

interface Waiting {
  drafts: Draft[];
  bytes: number;
  done: PromiseWithResolvers<void>;
}

// Larger groups would only delay the first of their appends.
const GROUP_MAX_BYTES = 16 * 1024 * 1024;

/** Collects what comes in while the disk is busy into one commit: a sync costs the same for one append and for a hundred. */
export function createGroupCommit(commit: (drafts: Draft[]) => Promise<void>): GroupCommit {
  const waiting: Waiting[] = [];
  let waitingBytes = 0;
  let pumping: Promise<void> = Promise.resolve();
  let isPumping = false;

  const takeGroup = (): Waiting[] => {
    let bytes = 0;
    let count = 0;
    while (count < waiting.length && (count === 0 || bytes + waiting[count]!.bytes <= GROUP_MAX_BYTES)) {
      bytes += waiting[count]!.bytes;
      count += 1;
    }
    return waiting.splice(0, count);
  };

  const pump = async (): Promise<void> => {
    isPumping = true;
    // Appends of the same turn of the event loop belong together.
    await Promise.resolve();
    while (waiting.length > 0) {
      const group = takeGroup();
      let failure: unknown = null;
      try {
        await commit(group.flatMap(({ drafts }) => drafts));
      } catch (error) {
        failure = error ?? new Error("The commit failed.");
      }
      for (const { bytes, done } of group) {
        waitingBytes -= bytes;
        if (failure === null) done.resolve();
        else done.reject(failure);
      }
    }
    isPumping = false;
  };

  return {
    get waitingBytes() {
      return waitingBytes;
    },
    async add(drafts, signal) {
      signal?.throwIfAborted();
      const bytes = drafts.reduce((sum, { body }) => sum + body.length, 0);
      const entry: Waiting = { drafts, bytes, done: Promise.withResolvers<void>() };
      waiting.push(entry);
      waitingBytes += bytes;
      // Only what has not gone to the disk can be taken back.
      const cancel = (): void => {
        const index = waiting.indexOf(entry);
        if (index === -1) return;
        waiting.splice(index, 1);
        waitingBytes -= bytes;
        entry.done.reject(signal?.reason);
      };
      signal?.addEventListener("abort", cancel, { once: true });
      if (!isPumping) pumping = pump();
      try {
        await entry.done.promise;
      } finally {
        signal?.removeEventListener("abort", cancel);
      }
    },
    idle: () => pumping,
  };
}
