import type { ReadableSpan } from "@opentelemetry/sdk-trace";

import type { RequestParts } from "../encode/write-request.ts";
import type { Ledger } from "../status.ts";
import { Acknowledged } from "./acknowledged.ts";
import { isLeaf, isRoot } from "./leaf.ts";
import { SlabStore } from "./slab-store.ts";
import type { StoredPiece } from "./slab-store.ts";

/** What goes out in one request. */
export interface Batch {
  body: Uint8Array;
  /** Names of the blobs in it. */
  blobs: readonly string[];
  /** How many finished spans are in it. */
  spanCount: number;
}

export interface BufferOptions {
  /** All that waits or is under way, in bytes of memory. */
  maxBytes: number;
  ledger: Ledger;
  startRecords: boolean;
  /** Called when blobs are lost, so that whoever made them makes them again. */
  onContentLost: () => void;
  /** Makes the body of a request. */
  write: (parts: RequestParts) => Uint8Array;
}

/** Spans that are open are only kept for their start records; more than these start without one. */
const OPEN_MAX_COUNT = 20_000;

/** What an entry of the buffer weighs beside its encoded bytes. Measured with Node 24. */
const ENTRY_BYTES = 160;

/** Room is made in steps of this part of the limit. */
const STEPS = 16;

/**
 * Holds what waits to be sent, encoded, within a limit in bytes.
 *
 * When it is full, content goes first, then the oldest leaves; roots and what carries usage go only when nothing else is left.
 * Every loss is counted with its reason.
 */
export class SpanBuffer {
  readonly #options: BufferOptions;
  readonly #blobStore = new SlabStore();
  readonly #spanStore = new SlabStore();
  readonly #blobs = new Map<string, StoredPiece>();
  /** In the order in which they ended, so that a root follows its children. */
  readonly #spans = new Set<StoredPiece>();
  readonly #leaves = new Set<StoredPiece>();
  /** Since when they are open. */
  readonly #open = new Map<ReadableSpan, number>();
  readonly #underWay = new Set<string>();
  readonly #acknowledged = new Acknowledged();
  #underWayBytes = 0;

  constructor(options: BufferOptions) {
    this.#options = options;
  }

  /** Bytes of memory of all that waits or is under way. */
  get bytes(): number {
    return this.#blobStore.allocated + this.#spanStore.allocated + this.#around;
  }

  /** The same without what the stores have in reserve. */
  get #held(): number {
    return this.#blobStore.live + this.#spanStore.live + this.#around;
  }

  get #around(): number {
    return this.#underWayBytes + (this.#blobs.size + this.#spans.size) * ENTRY_BYTES;
  }

  get isEmpty(): boolean {
    return this.#spans.size === 0 && this.#blobs.size === 0 && this.#open.size === 0;
  }

  opened(span: ReadableSpan): void {
    if (this.#options.startRecords && this.#open.size < OPEN_MAX_COUNT) this.#open.set(span, performance.now());
  }

  /** Takes a span that has ended; `bytes` are copied. */
  ended(span: ReadableSpan, bytes: Uint8Array): void {
    this.#options.ledger.spans.recorded += 1;
    this.#open.delete(span);
    const waiting = this.#spanStore.add(bytes);
    this.#spans.add(waiting);
    if (isLeaf(span)) this.#leaves.add(waiting);
    if (this.bytes > this.#options.maxBytes) this.#makeRoom();
  }

  /** Whether a blob waits already or was acknowledged. */
  hasBlob(hash: string): boolean {
    return this.#blobs.has(hash) || this.#underWay.has(hash) || this.#acknowledged.has(hash);
  }

  /** Takes a blob that it does not have; `bytes` are copied. Returns false when it was lost for want of room. */
  addBlob(hash: string, bytes: Uint8Array): boolean {
    const { content } = this.#options.ledger;
    content.recorded += 1;
    if (this.bytes + bytes.length > this.#options.maxBytes) {
      content.drop("buffer_full");
      this.#options.onContentLost();
      return false;
    }
    this.#blobs.set(hash, this.#blobStore.add(bytes));
    return true;
  }

  /**
   * Takes out what the next request carries: blobs first, and spans only once no blob is left, since a span may name any of them.
   * Of the open spans, roots and those that have been open for `openForMs` are announced, so that fast ones cost nothing.
   * Undefined when nothing waits. Every batch must come back through `settle`.
   */
  take(maxBytes: number, openForMs: number): Batch | undefined {
    const hashes: string[] = [];
    const blobs: StoredPiece[] = [];
    const spans: StoredPiece[] = [];
    let bytes = 0;
    for (const [hash, piece] of this.#blobs) {
      bytes += piece.end - piece.start;
      if (blobs.length > 0 && bytes > maxBytes) break;
      this.#blobs.delete(hash);
      this.#underWay.add(hash);
      hashes.push(hash);
      blobs.push(piece);
    }
    const hasRoom = this.#blobs.size === 0;
    if (hasRoom) {
      for (const piece of this.#spans) {
        bytes += piece.end - piece.start;
        if (blobs.length + spans.length > 0 && bytes > maxBytes) break;
        this.#spans.delete(piece);
        this.#leaves.delete(piece);
        spans.push(piece);
      }
    }
    const open = hasRoom ? this.#takeOpen(openForMs) : [];
    if (blobs.length + spans.length + open.length === 0) return undefined;
    const body = this.#options.write({ blobs, open, spans });
    this.#underWayBytes += body.buffer.byteLength;
    for (const piece of blobs) this.#blobStore.release(piece);
    for (const piece of spans) this.#spanStore.release(piece);
    return { body, blobs: hashes, spanCount: spans.length };
  }

  /** Accounts for a batch: delivered, or lost for a reason. */
  settle(batch: Batch, lostBecause?: string): void {
    const { spans, content } = this.#options.ledger;
    this.#underWayBytes -= batch.body.buffer.byteLength;
    for (const hash of batch.blobs) {
      this.#underWay.delete(hash);
      if (lostBecause === undefined) this.#acknowledged.add(hash);
    }
    if (lostBecause === undefined) {
      spans.delivered += batch.spanCount;
      content.delivered += batch.blobs.length;
      return;
    }
    spans.drop(lostBecause, batch.spanCount);
    content.drop(lostBecause, batch.blobs.length);
    if (batch.blobs.length > 0) this.#options.onContentLost();
  }

  #takeOpen(openForMs: number): ReadableSpan[] {
    const openedBefore = performance.now() - openForMs;
    const open: ReadableSpan[] = [];
    for (const [span, openedAt] of this.#open) {
      if (openedAt > openedBefore && !isRoot(span)) continue;
      this.#open.delete(span);
      open.push(span);
    }
    return open;
  }

  /** Gives up the least there is, and a little more than it must, so that it need not be done for every span. */
  #makeRoom(): void {
    const { maxBytes } = this.#options;
    for (let aim = maxBytes - maxBytes / STEPS; this.bytes > maxBytes && aim >= 0; aim -= maxBytes / STEPS) {
      this.#sacrificeContent(aim);
      this.#sacrifice(this.#leaves, "buffer_full", aim);
      this.#sacrifice(this.#spans, "buffer_exhausted", aim);
      if (this.bytes > maxBytes) this.#closeRanks();
    }
  }

  #sacrificeContent(aim: number): void {
    let count = 0;
    for (const [hash, piece] of this.#blobs) {
      if (this.#held <= aim) break;
      this.#blobs.delete(hash);
      this.#blobStore.release(piece);
      count += 1;
    }
    this.#options.ledger.content.drop("buffer_full", count);
    if (count > 0) this.#options.onContentLost();
  }

  #sacrifice(from: Set<StoredPiece>, reason: string, aim: number): void {
    let count = 0;
    for (const piece of from) {
      if (this.#held <= aim) break;
      this.#leaves.delete(piece);
      this.#spans.delete(piece);
      this.#spanStore.release(piece);
      count += 1;
    }
    this.#options.ledger.spans.drop(reason, count);
  }

  /** Spans that stay hold on to the memory of those between them that went. */
  #closeRanks(): void {
    this.#spanStore.seal();
    for (const piece of this.#spans) this.#spanStore.move(piece);
  }
}
