import { readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";

import type { Send } from "../export/sender.ts";
import { parseSpoolFileName } from "./spool-file.ts";
import type { SpoolFile } from "./spool-file.ts";
import { listSpool } from "./spool.ts";

/** What became of a file. */
export interface SpoolDelivery {
  file: SpoolFile;
  kind: "delivered" | "rejected" | "failed";
  /** What the endpoint said, where it did not take the request. */
  error?: string;
}

const CLAIM = /^(.+\.otlp)\.(\d+)_([0-9a-f]+)$/;

/** Tells this process from an earlier one of the same number: in a container, each is number 1. */
const token = randomBytes(4).toString("hex");

/**
 * Sends the files of a folder in their order, each by one process only, and deletes what the endpoint took or will never take. Ends at the
 * first failure; that file and those behind it stay.
 *
 * A process that is killed between the answer and the deletion sends a file again; the collector counts a span once.
 */
export async function* deliverSpool(
  folder: string,
  send: Send,
  isWanted: (file: SpoolFile) => boolean = () => true,
): AsyncGenerator<SpoolDelivery> {
  releaseAbandoned(folder);
  for (const file of listSpool(folder)) {
    if (!isWanted(file)) continue;
    const path = join(folder, file.name);
    const claimed = `${path}.${process.pid}_${token}`;
    const body = claim(path, claimed);
    if (body === undefined) continue;
    // In order, as always.
    // oxlint-disable-next-line no-await-in-loop
    const outcome = await send(body);
    if (outcome.kind === "failed") {
      restore(claimed, path);
      yield { file, kind: "failed", error: outcome.error };
      return;
    }
    rmSync(claimed, { force: true });
    yield outcome.kind === "delivered" ? { file, kind: "delivered" } : { file, kind: "rejected", error: outcome.error };
  }
}

/** Takes a file for this process; undefined when another has it, or it is gone. */
function claim(path: string, claimed: string): Uint8Array | undefined {
  try {
    renameSync(path, claimed);
    return readFileSync(claimed);
  } catch {
    return undefined;
  }
}

function restore(claimed: string, path: string): void {
  try {
    renameSync(claimed, path);
  } catch {
    // The folder is gone; there is nothing left to keep.
  }
}

/** Files that a process had taken when it ended. */
function releaseAbandoned(folder: string): void {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return;
  }
  for (const name of names) {
    const [, original = "", pid, claimant] = CLAIM.exec(name) ?? [];
    if (parseSpoolFileName(original) === undefined || isHeld(Number(pid), claimant)) continue;
    restore(join(folder, name), join(folder, original));
  }
}

function isHeld(pid: number, claimant: string | undefined): boolean {
  return pid === process.pid ? claimant === token : isAlive(pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
