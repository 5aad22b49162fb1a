import type { Batch, Settlement } from "../buffer/buffer.ts";
import type { RequestParts } from "../encode/write-request.ts";
import type { ProcessReporter } from "./process-reporter.ts";

/** Where batches come from. */
interface BatchSource {
  take(maxBytes: number, openForMs: number, isApart?: boolean): Batch | undefined;
  settle(batch: Batch, settlement: Settlement): void;
  forgetDelivered(): void;
  readonly isEmpty: boolean;
  readonly hasMore: boolean;
}

export interface ReportedSourceOptions {
  source: BatchSource;
  reporter: ProcessReporter;
  write: (parts: RequestParts) => Uint8Array;
}

/** The batches of a source, and behind them, where it is due, one that holds nothing but a report. */
export class ReportedSource implements BatchSource {
  readonly reporter: ProcessReporter;
  readonly #options: ReportedSourceOptions;
  /** Batches that the source does not know of. */
  readonly #alone = new WeakSet<Batch>();

  constructor(options: ReportedSourceOptions) {
    this.#options = options;
    this.reporter = options.reporter;
  }

  get isEmpty(): boolean {
    return this.#options.source.isEmpty;
  }

  get hasMore(): boolean {
    return this.#options.source.hasMore;
  }

  forgetDelivered(): void {
    this.#options.source.forgetDelivered();
  }

  /** With `isApart` it is for the disk, where the last report stands behind everything. */
  take(maxBytes: number, openForMs: number, isApart = false): Batch | undefined {
    this.reporter.isGoing = !isApart;
    const batch = this.#options.source.take(maxBytes, openForMs, isApart);
    this.reporter.isGoing = false;
    return batch ?? (isApart ? undefined : this.takeReport());
  }

  /** A batch that holds nothing but a report, where one is due. */
  takeReport(): Batch | undefined {
    const { write } = this.#options;
    const report = this.reporter.alone();
    if (report === undefined) return undefined;
    const batch = { body: write({ blobs: [], open: [], spans: [], report }), blobs: [], spanCount: 0 };
    this.#alone.add(batch);
    return batch;
  }

  settle(batch: Batch, settlement: Settlement): void {
    if (!this.#alone.has(batch)) this.#options.source.settle(batch, settlement);
  }
}
