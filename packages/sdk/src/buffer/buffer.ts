import type { ReadableSpan } from "@opentelemetry/sdk-trace";

import type { RequestParts } from "../encode/write-request.ts";
import type { Ledger } from "../status.ts";
import { BlobShelf } from "./blob-shelf.ts";
import type { ShelvedBlob } from "./blob-shelf.ts";
import { isLeaf } from "./leaf.ts";
import { LostContent } from "./lost-content.ts";
import { OpenSpans } from "./open-spans.ts";
import { PackedContent } from "./packed-content.ts";
import { Queue } from "./queue.ts";
import { SlabStore } from "./slab-store.ts";
import type { StoredPiece } from "./slab-store.ts";

/** What goes out in one request. */
export interface Batch {
  /** As it is, or packed. */
  body: Uint8Array;
  blobs: readonly ShelvedBlob[];
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
  /** Called when the collector turns out not to have blobs that it had acknowledged. */
  onContentGone: () => void;
  /** Called before anything is taken out: what is put together late is put in then, where `hasLate`. */
  beforeTake?: () => void;
  hasLate?: () => boolean;
  /** Makes the body of a request. */
  write: (parts: RequestParts) => Uint8Array;
  /** Takes back the memory of a body that nobody looks at any more. */
  giveBack: (body: Uint8Array) => void;
  /** Makes a body smaller that has to wait. */
  pack: (body: Uint8Array) => Uint8Array;
}

/** What became of a batch. */
export type Settlement = { kind: "delivered" } | { kind: "spooled" } | { kind: "lost"; reason: string };

/** A span that waits; without bytes once it was given up. */
export interface WaitingSpan {
  piece: StoredPiece | undefined;
  readonly isLeaf: boolean;
  /** Whether content that it names is known to be lost. */
  hasLost: boolean;
}

/** What an entry of the buffer weighs beside its encoded bytes. Measured with Node 24. */
const ENTRY_BYTES = 160;

/** Content is packed when it takes more than this part of the limit. What is sent in good time never is. */
const PACKED_ABOVE_PARTS = 4;

/** So much is packed at once: enough to repeat itself, and done in two milliseconds. */
const PACK_BYTES = 512 * 1024;

/** Room is made in steps of this part of the limit. */
const STEPS = 16;

/**
 * Holds what waits to be sent, encoded, within a limit in bytes.
 *
 * Content that could not be sent in good time is packed. When all is full nonetheless, content goes first, then the oldest leaves; roots and what carries usage go only when nothing else is left.
 * Every loss is counted with its reason.
 */
export class SpanBuffer {
  readonly #options: BufferOptions;
  readonly #blobs = new BlobShelf();
  readonly #packed = new PackedContent();
  readonly #packedAboveBytes: number;
  readonly #spanStore = new SlabStore();
  /** In the order in which they ended, so that a root follows its children. */
  readonly #spans = new Queue<WaitingSpan>();
  readonly #open = new OpenSpans();
  readonly #lost = new LostContent();
  #underWayBytes = 0;

  constructor(options: BufferOptions) {
    this.#options = options;
    this.#packedAboveBytes = options.maxBytes / PACKED_ABOVE_PARTS;
  }

  /** Bytes of memory of all that waits or is under way. */
  get bytes(): number {
    return this.#blobs.store.allocated + this.#spanStore.allocated + this.#around;
  }

  /** The same without what the stores have in reserve. */
  get #held(): number {
    return this.#blobs.store.live + this.#spanStore.live + this.#around;
  }

  get #around(): number {
    const entries = this.#blobs.size + this.#packed.blobCount + this.#spans.size;
    return this.#underWayBytes + this.#packed.bytes + entries * ENTRY_BYTES;
  }

  get isEmpty(): boolean {
    return !this.hasMore && this.#open.size === 0 && this.#lost.isEmpty && this.#options.hasLate?.() !== true;
  }

  /** Whether finished spans or content wait. */
  get hasMore(): boolean {
    return this.#spans.size > 0 || this.#blobs.size > 0 || !this.#packed.isEmpty;
  }

  opened(span: ReadableSpan): void {
    if (this.#options.startRecords) this.#open.add(span);
  }

  /** Takes a span that has ended; `bytes` are copied. */
  ended(span: ReadableSpan, bytes: Uint8Array): void {
    this.#options.ledger.spans.recorded += 1;
    this.#open.remove(span);
    this.addSpan(bytes, isLeaf(span), this.#lost.ended(span));
  }

  /** Takes a span that is accounted for already; `bytes` are copied. */
  addSpan(bytes: Uint8Array, isLeafSpan: boolean, hasLost = false): void {
    this.#spans.push({ piece: this.#spanStore.add(bytes), isLeaf: isLeafSpan, hasLost });
    if (this.bytes > this.#options.maxBytes) this.#makeRoom();
  }

  /** Whether a blob waits already or was acknowledged. */
  hasBlob(hash: string): boolean {
    return this.#blobs.has(hash);
  }

  /** What was acknowledged is new again when it comes again. */
  forgetDelivered(): void {
    this.#blobs.forgetAcknowledged();
    this.#options.onContentGone();
  }

  /** The collector lacks these. Nobody keeps what was acknowledged, so they are counted as lost; they go again when they come again. */
  forgetBlobs(hashes: readonly string[]): void {
    this.#options.ledger.content.takeBack(this.#blobs.forgetThese(hashes), "gone_from_store");
    this.#options.onContentGone();
  }

  /** Whether a blob is known to be at the collector. */
  hasDelivered(hash: string): boolean {
    return this.#blobs.isAcknowledged(hash);
  }

  /** Takes a blob that it does not have; `bytes` are copied. Returns false when it was lost for want of room. */
  addBlob(hash: string, bytes: Uint8Array): boolean {
    const { content } = this.#options.ledger;
    content.recorded += 1;
    if (this.#blobs.store.live > this.#packedAboveBytes) this.#pack();
    if (this.bytes + bytes.length > this.#options.maxBytes) {
      content.drop("buffer_full");
      this.#options.onContentLost();
      return false;
    }
    this.#blobs.add(hash, bytes);
    this.#lost.found(hash);
    return true;
  }

  /**
   * Takes out what the next request carries: blobs first, and spans only once no blob is left, since a span may name any of them.
   * Of the open spans, roots and those that have been open for `openForMs` are announced, so that fast ones cost nothing.
   * Undefined when nothing waits. Every batch must come back through `settle`.
   * With `isApart`, blobs and spans never share a request.
   */
  take(maxBytes: number, openForMs: number, isApart = false): Batch | undefined {
    const packed = this.#packed.take();
    if (packed !== undefined) {
      this.#underWayBytes += packed.body.buffer.byteLength;
      return packed;
    }
    this.#options.beforeTake?.();
    const blobs = this.#takeBlobs(maxBytes);
    const spans: StoredPiece[] = [];
    let bytes = bytesOf(blobs);
    const hasRoom = this.#blobs.size === 0 && !(isApart && blobs.length > 0);
    for (let span = hasRoom ? this.#spans.first : undefined; span?.piece !== undefined; span = this.#spans.first) {
      bytes += span.piece.end - span.piece.start;
      if (bytes > maxBytes && blobs.length + spans.length > 0) break;
      this.#spans.shift();
      spans.push(span.piece);
    }
    const open = hasRoom ? this.#open.take(openForMs) : [];
    const lost = hasRoom ? this.#lost.take() : [];
    if (blobs.length + spans.length + open.length + lost.length === 0) return undefined;
    const body = this.#write(blobs, { open, spans, lost });
    this.#underWayBytes += body.buffer.byteLength;
    return { body, blobs, spanCount: spans.length };
  }

  /** Accounts for a batch. */
  settle(batch: Batch, settlement: Settlement): void {
    const { spans, content } = this.#options.ledger;
    this.#underWayBytes -= batch.body.buffer.byteLength;
    // One that is put aside may be under way still.
    if (settlement.kind === "delivered") this.#options.giveBack(batch.body);
    for (const blob of batch.blobs) {
      if (settlement.kind === "delivered") this.#blobs.acknowledge(blob);
      else this.#blobs.lose(blob);
    }
    if (settlement.kind === "lost") {
      spans.drop(settlement.reason, batch.spanCount);
      if (batch.blobs.length > 0) this.#lose(batch.blobs, settlement.reason);
    } else {
      spans[settlement.kind] += batch.spanCount;
      content[settlement.kind] += batch.blobs.length;
    }
    // Content on disk may never arrive, so it counts as new when it comes again.
    if (batch.blobs.length > 0 && settlement.kind === "spooled") this.#options.onContentLost();
  }

  #lose(blobs: readonly ShelvedBlob[], reason: string): void {
    this.#options.ledger.content.drop(reason, blobs.length);
    this.#lost.add(new Set(blobs.map(({ hash }) => hash)), reason, this.#spans);
    this.#options.onContentLost();
  }

  /** Takes out the blobs that have waited longest, one at least. */
  #takeBlobs(maxBytes: number): ShelvedBlob[] {
    const blobs: ShelvedBlob[] = [];
    let bytes = 0;
    for (let blob = this.#blobs.first; blob?.piece !== undefined; blob = this.#blobs.first) {
      bytes += blob.piece.end - blob.piece.start;
      if (bytes > maxBytes && blobs.length > 0) break;
      this.#blobs.take();
      blobs.push(blob);
    }
    return blobs;
  }

  /** Makes a body of what was taken out, and frees its memory. */
  #write(taken: readonly ShelvedBlob[], parts: Omit<RequestParts, "blobs"> & { spans: StoredPiece[] }): Uint8Array {
    const blobs = taken.flatMap(({ piece }) => piece ?? []);
    const body = this.#options.write({ ...parts, blobs });
    for (const piece of blobs) this.#blobs.store.release(piece);
    for (const blob of taken) blob.piece = undefined;
    for (const piece of parts.spans) this.#spanStore.release(piece);
    return body;
  }

  #pack(): void {
    const blobs = this.#takeBlobs(PACK_BYTES);
    const body = this.#write(blobs, { open: [], spans: [] });
    this.#packed.push({ body: this.#options.pack(body), blobs, spanCount: 0 });
    this.#options.giveBack(body);
  }

  /** Gives up the least there is, and a little more than it must, so that it need not be done for every span. */
  #makeRoom(): void {
    const { maxBytes } = this.#options;
    for (let aim = maxBytes - maxBytes / STEPS; this.bytes > maxBytes && aim >= 0; aim -= maxBytes / STEPS) {
      this.#sacrificeContent(aim);
      this.#sacrifice(({ isLeaf }) => isLeaf, "buffer_full", aim);
      this.#sacrifice(() => true, "buffer_exhausted", aim);
      if (this.bytes > maxBytes) this.#closeRanks();
    }
  }

  #sacrificeContent(aim: number): void {
    const given: ShelvedBlob[] = [];
    while (!this.#packed.isEmpty && this.#held > aim) given.push(...this.#packed.drop(this.#blobs));
    while (this.#blobs.size > 0 && this.#held > aim) given.push(...this.#blobs.drop());
    if (given.length > 0) this.#lose(given, "buffer_full");
  }

  #sacrifice(isGivenUp: (span: WaitingSpan) => boolean, reason: string, aim: number): void {
    if (this.#held <= aim) return;
    let count = 0;
    for (const span of this.#spans) {
      if (this.#held <= aim) break;
      if (!isGivenUp(span) || span.piece === undefined) continue;
      this.#spanStore.release(span.piece);
      span.piece = undefined;
      count += 1;
    }
    this.#spans.filter(({ piece }) => piece !== undefined);
    this.#options.ledger.spans.drop(reason, count);
  }

  /** Spans that stay hold on to the memory of those between them that went. */
  #closeRanks(): void {
    this.#spanStore.seal();
    for (const { piece } of this.#spans) if (piece !== undefined) this.#spanStore.move(piece);
  }
}

function bytesOf(blobs: readonly ShelvedBlob[]): number {
  let bytes = 0;
  for (const { piece } of blobs) if (piece !== undefined) bytes += piece.end - piece.start;
  return bytes;
}
