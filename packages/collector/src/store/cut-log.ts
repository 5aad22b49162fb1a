import type { OwnedPartition } from "../model/journal.ts";
import { parseCut } from "./cut.ts";

/** The cuts that stand in a partition, as far as it has been read. */
export interface CutLog {
  /** Where the block that begins at `first` ends, or null while no cut says so. */
  lastOf(first: bigint): bigint | null;
  /** Resolves when a cut for that block was read. Rejects when the partition is not ours any more. */
  waitFor(first: bigint): Promise<bigint>;
  /** Resolves when everything before this offset was read. */
  readUpTo(end: bigint): Promise<void>;
  /** Cuts of blocks that begin before this offset are not asked for any more. */
  forget(before: bigint): void;
  /** Ends the reader, with the next records if it is waiting. */
  close(): void;
}

/**
 * Reads a partition for its cuts alone, ahead of whoever reads the spans. A decision counts when it is read back, and it may stand far behind the
 * spans it is about; reading on to it must not mean holding all that lies between.
 */
export function followCuts(partition: OwnedPartition, from: bigint): CutLog {
  const lasts = new Map<bigint, bigint>();
  let readEnd = from;
  let failure: Error | null = null;
  let isClosed = false;
  let changed = Promise.withResolvers<void>();

  const wake = (): void => {
    changed.resolve();
    changed = Promise.withResolvers<void>();
  };
  const follow = async (): Promise<void> => {
    for await (const { decisions, end } of partition.readDecisions(from)) {
      readEnd = end;
      for (const { kind, body } of decisions) {
        const cut = kind === "cut" ? parseCut(body) : null;
        // The first one for a block counts, whoever wrote it.
        if (cut !== null && !lasts.has(cut.first)) lasts.set(cut.first, cut.last);
      }
      if (isClosed) return;
      wake();
    }
    throw new Error("The partition is not ours any more.");
  };
  void follow().catch((error: unknown) => {
    failure = error instanceof Error ? error : new Error(String(error));
    wake();
  });

  const until = async (isDone: () => boolean): Promise<void> => {
    while (!isDone()) {
      if (failure !== null) throw failure;
      await changed.promise;
    }
  };
  return {
    lastOf: (first) => lasts.get(first) ?? null,
    async waitFor(first) {
      await until(() => lasts.has(first));
      return lasts.get(first)!;
    },
    readUpTo: (end) => until(() => readEnd >= end),
    forget(before) {
      for (const first of lasts.keys()) if (first < before) lasts.delete(first);
    },
    close() {
      isClosed = true;
    },
  };
}
