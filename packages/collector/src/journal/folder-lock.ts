import { readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lock } from "proper-lockfile";

export interface FolderLock {
  release(): Promise<void>;
}

export interface FolderLockOptions {
  /** How long to wait for another holder to let go, in milliseconds. */
  waitMs: number;
  /** Called when another process took the lock after all, for instance because this one was frozen for long. */
  onLost: () => void;
}

interface Holder {
  pid: number;
  host: string;
}

// Without a sign of life for so long a lock is anybody's. Long enough for a process that is busy, or a laptop that is slow to wake.
const STALE_MS = 15_000;
const RETRY_MS = 100;
const heldHere = new Set<string>();

/**
 * Makes this process the only user of a folder. A lock whose holder is known to be dead is taken over at once, so that a restart after a kill does
 * not wait; one from another machine is taken over when it is stale.
 *
 * @returns Null when the folder is still taken after `waitMs`.
 */
export async function lockFolder(folder: string, { waitMs, onLost }: FolderLockOptions): Promise<FolderLock | null> {
  const lockfilePath = join(folder, "lock");
  const holderFile = join(folder, "lock-holder.json");
  for (const giveUpAt = Date.now() + waitMs; ; await sleep(RETRY_MS)) {
    if (!heldHere.has(folder) && (await isHolderDead(holderFile)))
      await rm(lockfilePath, { recursive: true, force: true });
    const release = await tryLock(folder, lockfilePath, onLost);
    if (release !== null) {
      await writeFile(holderFile, JSON.stringify({ pid: process.pid, host: hostname() } satisfies Holder));
      heldHere.add(folder);
      return {
        async release() {
          heldHere.delete(folder);
          await rm(holderFile, { force: true });
          await release();
        },
      };
    }
    if (Date.now() >= giveUpAt) return null;
  }
}

async function tryLock(
  folder: string,
  lockfilePath: string,
  onLost: () => void,
): Promise<(() => Promise<void>) | null> {
  try {
    return await lock(folder, { lockfilePath, realpath: false, stale: STALE_MS, onCompromised: onLost });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ELOCKED") return null;
    throw error;
  }
}

/** Dead for certain: the same machine, and no such process, or this very process, which does not hold it (a container's program is always process 1). */
async function isHolderDead(holderFile: string): Promise<boolean> {
  let holder: Holder;
  try {
    holder = JSON.parse(await readFile(holderFile, "utf8")) as Holder;
  } catch {
    return false;
  }
  if (holder.host !== hostname()) return false;
  if (holder.pid === process.pid) return true;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
