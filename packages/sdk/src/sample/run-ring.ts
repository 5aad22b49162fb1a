import type { ReadableSpan } from "@opentelemetry/sdk-trace";

import type { SlabStore, StoredPiece } from "../buffer/slab-store.ts";
import type { WriteContent } from "../content/content-writer.ts";

/** A span that waits, encoded. */
export interface HeldSpan {
  readonly piece: StoredPiece;
  readonly isLeaf: boolean;
}

/** A run that is sampled out and is still going on. */
export interface HeldRun {
  /** Its spans that have not ended. */
  readonly open: Set<ReadableSpan>;
  /** Its spans that have, in the order in which they did. */
  spans: HeldSpan[];
  /** The blobs that its spans name and the collector is not known to have. */
  readonly blobs: Map<string, StoredPiece>;
  /** Writes content into the run; made when there is some. */
  content: { write: WriteContent } | undefined;
  /** Something of it had to go. */
  isIncomplete: boolean;
  /** It is sent after all. */
  isKept: boolean;
  /** The collector has been told that it is going on. */
  isNamed: boolean;
}

/** What an entry weighs beside its bytes. Measured with Node 24. */
const ENTRY_BYTES = 160;

/** Room is made in steps of this part of the limit. */
const STEPS = 16;

export interface RunRingOptions {
  /** Of all that is held, in bytes of memory. */
  maxBytes: number;
  store: SlabStore;
}

/** Holds what runs recorded that are sampled out, within a limit in bytes. When it is full, the oldest run loses what it holds, as a whole. */
export class RunRing {
  readonly #options: RunRingOptions;
  /** By trace id, the oldest first. */
  readonly #runs = new Map<string, HeldRun>();
  #entries = 0;
  /** How many times a run has lost what it held. */
  fellOut = 0;

  constructor(options: RunRingOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#runs.size;
  }

  /** Bytes of memory of all that is held. */
  get bytes(): number {
    return this.#options.store.allocated + this.#around;
  }

  get #around(): number {
    return this.#entries * ENTRY_BYTES;
  }

  get runs(): Iterable<HeldRun> {
    return this.#runs.values();
  }

  get byTraceId(): Iterable<[string, HeldRun]> {
    return this.#runs;
  }

  find(traceId: string): HeldRun | undefined {
    return this.#runs.get(traceId);
  }

  begin(traceId: string): HeldRun {
    const run: HeldRun = {
      open: new Set(),
      spans: [],
      blobs: new Map(),
      content: undefined,
      isIncomplete: false,
      isKept: false,
      isNamed: false,
    };
    this.#runs.set(traceId, run);
    return run;
  }

  /** The run is over, here. */
  end(traceId: string): void {
    const run = this.#runs.get(traceId);
    if (run === undefined) return;
    this.empty(run);
    this.#runs.delete(traceId);
  }

  /** Takes a span that has ended; `bytes` are copied. */
  addSpan(run: HeldRun, bytes: Uint8Array, isLeaf: boolean): void {
    run.spans.push({ piece: this.#options.store.add(bytes), isLeaf });
    this.#added();
  }

  /** Takes a blob; `bytes` are copied. */
  addBlob(run: HeldRun, hash: string, bytes: Uint8Array): void {
    run.blobs.set(hash, this.#options.store.add(bytes));
    this.#added();
  }

  /** Lets go of what a run holds. */
  empty(run: HeldRun): void {
    const { store } = this.#options;
    for (const { piece } of run.spans) store.release(piece);
    for (const piece of run.blobs.values()) store.release(piece);
    this.#entries -= run.spans.length + run.blobs.size;
    run.spans = [];
    run.blobs.clear();
  }

  #added(): void {
    this.#entries += 1;
    if (this.bytes > this.#options.maxBytes) this.#makeRoom();
  }

  /** Lets the oldest fall out, and a little more than must be, so that it need not be done for every span. */
  #makeRoom(): void {
    const { maxBytes } = this.#options;
    for (let aim = maxBytes - maxBytes / STEPS; this.bytes > maxBytes && aim >= 0; aim -= maxBytes / STEPS) {
      this.#letFall(aim);
      if (this.bytes > maxBytes) this.#closeRanks();
    }
  }

  #letFall(aim: number): void {
    const { store } = this.#options;
    for (const run of this.#runs.values()) {
      if (store.live + this.#around <= aim) break;
      if (run.spans.length + run.blobs.size === 0) continue;
      this.empty(run);
      run.isIncomplete = true;
      // What it has written before is new again.
      run.content = undefined;
      this.fellOut += 1;
    }
  }

  /** Runs that stay hold on to the memory of those between them that went. */
  #closeRanks(): void {
    const { store } = this.#options;
    store.seal();
    for (const { spans, blobs } of this.#runs.values()) {
      for (const { piece } of spans) store.move(piece);
      for (const piece of blobs.values()) store.move(piece);
    }
  }
}
