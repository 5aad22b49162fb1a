import { Queue } from "./queue.ts";
import { SlabStore } from "./slab-store.ts";
import type { StoredPiece } from "./slab-store.ts";

/** A blob that waits, is under way, or was acknowledged. */
export interface ShelvedBlob {
  readonly hash: string;
  /** Its bytes, while it waits. */
  piece: StoredPiece | undefined;
  /** Until when it counts as known. */
  expiry: number;
}

/** Remembers for 12 hours; content stays at the collector for 72, so what is remembered is there. */
const REMEMBERED_MS = 12 * 60 * 60 * 1000;

/** About 8 MB at most. */
const REMEMBERED_MAX_COUNT = 50_000;

/** The blobs of this process: each is sent once, as long as it is remembered. */
export class BlobShelf {
  readonly store: SlabStore = new SlabStore();
  readonly #known = new Map<string, ShelvedBlob>();
  readonly #waiting = new Queue<ShelvedBlob>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** How many wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Whether a blob waits, is under way, or was acknowledged lately. */
  has(hash: string): boolean {
    const known = this.#known.get(hash);
    if (known === undefined) return false;
    if (known.expiry <= this.#now()) {
      this.#known.delete(hash);
      return false;
    }
    // At the end again: the first is the one that was used longest ago. While there is much room, none has to go.
    if (this.#known.size > REMEMBERED_MAX_COUNT / 2) {
      this.#known.delete(hash);
      this.#known.set(hash, known);
    }
    return true;
  }

  add(hash: string, bytes: Uint8Array): void {
    const blob: ShelvedBlob = { hash, piece: this.store.add(bytes), expiry: Number.POSITIVE_INFINITY };
    this.#known.set(hash, blob);
    this.#waiting.push(blob);
    if (this.#known.size > REMEMBERED_MAX_COUNT) this.#forgetOne();
  }

  /** The blob that has waited longest. */
  get first(): ShelvedBlob | undefined {
    return this.#waiting.first;
  }

  /** Takes the first out, for a request. Its bytes are the taker's, who releases them. */
  take(): void {
    this.#waiting.shift();
  }

  /** Gives the first up. */
  drop(): void {
    const blob = this.#waiting.first;
    if (blob === undefined) return;
    this.#waiting.shift();
    this.lose(blob);
    if (blob.piece !== undefined) this.store.release(blob.piece);
  }

  /** A blob has reached the collector. */
  acknowledge(blob: ShelvedBlob): void {
    blob.expiry = this.#now() + REMEMBERED_MS;
  }

  /** A blob is lost, and new when it comes again. */
  lose({ hash }: ShelvedBlob): void {
    this.#known.delete(hash);
  }

  /** What waits is not let go here, but by the limit in bytes. */
  #forgetOne(): void {
    const [oldest] = this.#known.values();
    if (oldest !== undefined && oldest.expiry !== Number.POSITIVE_INFINITY) this.#known.delete(oldest.hash);
  }
}
