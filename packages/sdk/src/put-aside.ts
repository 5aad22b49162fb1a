import type { Batch, Settlement } from "./buffer/buffer.ts";
import type { RequestParts } from "./encode/write-request.ts";
import { appendToBody } from "./export/packed-body.ts";
import type { ProcessReporter } from "./report/process-reporter.ts";
import type { Shelter } from "./spool/shelter.ts";

export interface PutAsideOptions {
  exporter: { putAside(put: (batches: readonly Batch[]) => readonly Settlement[]): void };
  /** The disk, where there is one to be used. */
  shelter: Shelter | undefined;
  /** Who tells the collector of it. */
  reports: { reporter: ProcessReporter; takeReport(): Batch | undefined } | undefined;
  write: (parts: RequestParts) => Uint8Array;
}

/**
 * Puts on disk what waits: on each request a receipt, so that the collector knows what has come from disk, and behind all of them the
 * last report of a process that is ending.
 */
export function putAside({ exporter, shelter, reports, write }: PutAsideOptions): void {
  const withReceipt = (batch: Batch): Batch => {
    const load = { spans: batch.spanCount, content: batch.blobs.length };
    if (reports === undefined || load.spans + load.content === 0) return batch;
    const receipt = write({ blobs: [], open: [], spans: [], report: reports.reporter.receipt(load) });
    // What stands behind a message in protobuf is added to it.
    return { ...batch, body: appendToBody(batch.body, receipt) };
  };
  exporter.putAside((batches) => shelter?.put(batches.map(withReceipt)) ?? []);
  if (shelter === undefined || reports?.reporter.isEnding !== true) return;
  const last = reports.takeReport();
  if (last !== undefined) shelter.put([last]);
}
