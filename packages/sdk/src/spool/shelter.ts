import { randomBytes } from "node:crypto";

import type { Batch, Settlement } from "../buffer/buffer.ts";
import type { Send } from "../export/sender.ts";
import type { Ledger } from "../status.ts";
import { redeliver } from "./redeliver.ts";
import { Spool } from "./spool.ts";

/** The disk as a process uses it: what waits there is delivered soon after the start, and what is left at the end goes there. */
export interface Shelter {
  /** Puts requests on disk, at once, and tells for each whether it is there. */
  put(batches: readonly Batch[]): Settlement[];
  /** Delivers what this process has put there, while it is ending. */
  sendAtExit(): void;
}

export interface ShelterOptions {
  folder: string;
  maxBytes: number;
  send: Send;
  /** Delivers, by a process of its own that is waited for, the files that a process has written. */
  sendAtExit: (folder: string, writer: string) => void;
  ledger: Ledger;
  diagnostics: (message: string) => void;
}

/** The host's own start comes first. */
const REDELIVER_AFTER_MS = 1_000;

export function createShelter(options: ShelterOptions): Shelter {
  const { folder, maxBytes, send, ledger, diagnostics } = options;
  const writer = `${process.pid}_${randomBytes(4).toString("hex")}`;
  const spool = new Spool({ folder, maxBytes, writer });
  let isUsed = false;
  let isDelivering = false;
  const deliverSoon = (): void => {
    if (isDelivering) return;
    isDelivering = true;
    setTimeout(() => {
      redeliver({ folder, writer, send, ledger, diagnostics })
        .catch((error: unknown) => diagnostics(`what waits on disk could not be read: ${String(error)}`))
        .finally(() => (isDelivering = false));
    }, REDELIVER_AFTER_MS).unref();
  };
  deliverSoon();
  return {
    put: (batches) => {
      const requests = batches.map(({ body, spanCount, blobs }) => ({ body, spanCount, blobCount: blobs.length }));
      const { faults, evicted } = spool.write(requests);
      ledger.spans.unspool(evicted.spanCount, "spool_full");
      ledger.content.unspool(evicted.blobCount, "spool_full");
      isUsed ||= faults.includes(undefined);
      // A process that goes on, after a signal that it handles, delivers it itself.
      deliverSoon();
      return faults.map((reason) => (reason === undefined ? { kind: "spooled" } : { kind: "lost", reason }));
    },
    sendAtExit: () => {
      if (isUsed) options.sendAtExit(folder, writer);
    },
  };
}
