import { freeMemory } from "./free-memory.ts";
import { SpanBatch } from "./span-batch.ts";

/** Requests that are decoded and whose spans are not in a block yet, beyond which a record is decoded again when its block is built. */
const KEPT_MAX = 512;
const KEPT_MAX_BYTES = 96 * 1024 * 1024;
/** Tables that lie here unused. Those of an unusually large request are not used again. */
const FREE_MAX_BYTES = 32 * 1024 * 1024;
const REUSED_MAX_BYTES = 2 * 1024 * 1024;

const NO_BYTES = new Uint8Array(0);

/** Batches of decoded spans, used again and again: what was found when a request was taken need not be found again when its block is built. */
export class DecodedBatches {
  readonly #free: SpanBatch[] = [];
  #freeBytes = 0;
  readonly #kept = new Map<SpanBatch, number>();
  #keptBytes = 0;

  /** A batch to decode into; either `keep` it, or give it back. */
  take(): SpanBatch {
    const free = this.#free.pop();
    if (free !== undefined) this.#freeBytes -= free.tableBytes;
    return free ?? new SpanBatch();
  }

  /** Whether the batch may stay until its block is built. Otherwise it is given back. */
  keep(batch: SpanBatch): boolean {
    const bytes = batch.tableBytes + batch.bytes.length;
    if (this.#kept.size >= KEPT_MAX || this.#keptBytes + bytes > KEPT_MAX_BYTES) {
      this.#reuse(batch);
      return false;
    }
    this.#kept.set(batch, bytes);
    this.#keptBytes += bytes;
    return true;
  }

  /** Takes back a batch that nobody reads any more, and frees its bytes unless they are part of `record`. */
  giveBack(batch: SpanBatch, record: Uint8Array = NO_BYTES): void {
    if (this.forget(batch) && batch.bytes.buffer !== record.buffer) freeMemory(batch.bytes);
    this.#reuse(batch);
  }

  /** Leaves a batch to whoever has it. @returns whether it was kept. */
  forget(batch: SpanBatch): boolean {
    const bytes = this.#kept.get(batch);
    if (bytes === undefined) return false;
    this.#keptBytes -= bytes;
    return this.#kept.delete(batch);
  }

  #reuse(batch: SpanBatch): void {
    batch.reset(NO_BYTES);
    const { tableBytes } = batch;
    if (tableBytes > REUSED_MAX_BYTES || this.#freeBytes + tableBytes > FREE_MAX_BYTES) return;
    this.#free.push(batch);
    this.#freeBytes += tableBytes;
  }
}

export const decodedBatches: DecodedBatches = new DecodedBatches();
