import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { Blob } from "@runreel/content";

import type { Ledger } from "../status.ts";
import { Acknowledged } from "./acknowledged.ts";
import { isLeaf, isRoot } from "./leaf.ts";
import { blobBytes, spanBytes } from "./size.ts";

/** What goes out in one request. */
export interface Batch {
  blobs: readonly Blob[];
  /** Spans that are still open and have not been announced. */
  open: readonly ReadableSpan[];
  spans: readonly ReadableSpan[];
  bytes: number;
}

export interface BufferOptions {
  /** All that waits, in estimated bytes of memory. */
  maxBytes: number;
  ledger: Ledger;
  startRecords: boolean;
  /** Called when blobs are lost, so that whoever made them makes them again. */
  onContentLost: () => void;
}

interface Waiting {
  span: ReadableSpan;
  bytes: number;
}

/** Spans that are open are only kept for their start records; more than these start without one. */
const OPEN_MAX_COUNT = 20_000;

/**
 * Holds what waits to be sent, within a limit in bytes.
 *
 * When it is full, content goes first, then the oldest leaves; roots and what carries usage go only when nothing else is left.
 * Every loss is counted with its reason.
 */
export class SpanBuffer {
  readonly #options: BufferOptions;
  readonly #blobs = new Map<string, { blob: Blob; bytes: number }>();
  /** In the order in which they ended, so that a root follows its children. */
  readonly #spans = new Set<Waiting>();
  readonly #leaves = new Set<Waiting>();
  /** Since when they are open. */
  readonly #open = new Map<ReadableSpan, number>();
  readonly #underWay = new Set<string>();
  readonly #acknowledged = new Acknowledged();
  #bytes = 0;

  constructor(options: BufferOptions) {
    this.#options = options;
  }

  /** Estimated bytes of all that waits or is under way. */
  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#spans.size === 0 && this.#blobs.size === 0 && this.#open.size === 0;
  }

  opened(span: ReadableSpan): void {
    if (this.#options.startRecords && this.#open.size < OPEN_MAX_COUNT) this.#open.set(span, performance.now());
  }

  ended(span: ReadableSpan): void {
    this.#options.ledger.spans.recorded += 1;
    this.#open.delete(span);
    const waiting = { span, bytes: spanBytes(span) };
    this.#spans.add(waiting);
    if (isLeaf(span)) this.#leaves.add(waiting);
    this.#bytes += waiting.bytes;
    this.#makeRoom();
  }

  /** Takes a blob unless it is there already or was acknowledged. Returns false when it was lost for want of room. */
  addBlob(blob: Blob): boolean {
    const { hash } = blob;
    if (this.#blobs.has(hash) || this.#underWay.has(hash) || this.#acknowledged.has(hash)) return true;
    const { content } = this.#options.ledger;
    content.recorded += 1;
    const bytes = blobBytes(blob);
    if (this.#bytes + bytes > this.#options.maxBytes) {
      content.drop("buffer_full");
      this.#options.onContentLost();
      return false;
    }
    this.#blobs.set(hash, { blob, bytes });
    this.#bytes += bytes;
    return true;
  }

  /**
   * Takes out what the next request carries: blobs first, and spans only once no blob is left, since a span may name any of them.
   * Of the open spans, roots and those that have been open for `openForMs` are announced, so that fast ones cost nothing.
   * Undefined when nothing waits. Every batch must come back through `settle`.
   */
  take(maxBytes: number, openForMs: number): Batch | undefined {
    const blobs: Blob[] = [];
    const spans: ReadableSpan[] = [];
    let bytes = 0;
    for (const [hash, waiting] of this.#blobs) {
      if (blobs.length > 0 && bytes + waiting.bytes > maxBytes) break;
      this.#blobs.delete(hash);
      this.#underWay.add(hash);
      blobs.push(waiting.blob);
      bytes += waiting.bytes;
    }
    if (this.#blobs.size > 0) return { blobs, open: [], spans, bytes };
    for (const waiting of this.#spans) {
      if (spans.length > 0 && bytes + waiting.bytes > maxBytes) break;
      this.#spans.delete(waiting);
      this.#leaves.delete(waiting);
      spans.push(waiting.span);
      bytes += waiting.bytes;
    }
    const open = this.#takeOpen(openForMs);
    return blobs.length + spans.length + open.length === 0 ? undefined : { blobs, open, spans, bytes };
  }

  /** Accounts for a batch: delivered, or lost for a reason. */
  settle(batch: Batch, lostBecause?: string): void {
    const { spans, content } = this.#options.ledger;
    this.#bytes -= batch.bytes;
    for (const { hash } of batch.blobs) {
      this.#underWay.delete(hash);
      if (lostBecause === undefined) this.#acknowledged.add(hash);
    }
    if (lostBecause === undefined) {
      spans.delivered += batch.spans.length;
      content.delivered += batch.blobs.length;
      return;
    }
    spans.drop(lostBecause, batch.spans.length);
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

  #makeRoom(): void {
    const { maxBytes, ledger, onContentLost } = this.#options;
    if (this.#bytes <= maxBytes) return;
    let isContentLost = false;
    for (const [hash, { bytes }] of this.#blobs) {
      if (this.#bytes <= maxBytes) break;
      this.#blobs.delete(hash);
      this.#bytes -= bytes;
      ledger.content.drop("buffer_full");
      isContentLost = true;
    }
    if (isContentLost) onContentLost();
    this.#sacrifice(this.#leaves, "buffer_full");
    this.#sacrifice(this.#spans, "buffer_exhausted");
  }

  #sacrifice(from: Set<Waiting>, reason: string): void {
    for (const waiting of from) {
      if (this.#bytes <= this.#options.maxBytes) return;
      this.#leaves.delete(waiting);
      this.#spans.delete(waiting);
      this.#bytes -= waiting.bytes;
      this.#options.ledger.spans.drop(reason);
    }
  }
}
