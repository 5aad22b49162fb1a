import type { Send } from "../export/sender.ts";
import type { Ledger } from "../status.ts";
import { deliverSpool } from "./deliver-spool.ts";

export interface RedeliverOptions {
  folder: string;
  /** Names this process in the files. */
  writer: string;
  send: Send;
  ledger: Ledger;
  diagnostics: (message: string) => void;
}

/** Delivers what waits on disk, of this process and of earlier ones, and accounts for it. Ends at the first failure. */
export async function redeliver({ folder, writer, send, ledger, diagnostics }: RedeliverOptions): Promise<void> {
  for await (const { file, kind, error } of deliverSpool(folder, send)) {
    if (kind === "failed") return;
    if (kind === "rejected") diagnostics(`${error}; ${file.spanCount} spans that waited on disk are lost`);
    if (file.writer === writer) {
      ledger.spans.unspool(file.spanCount, kind);
      ledger.content.unspool(file.blobCount, kind);
    } else if (kind === "delivered") ledger.redelivered += file.spanCount;
  }
}
