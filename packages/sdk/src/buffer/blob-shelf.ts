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

/** Blobs after which those so far count as earlier ones, and the earlier ones are forgotten. Two lots of these are about 3 MB. */
const RECENT_MAX_COUNT = 10_000;

/** The blobs of this process: each is sent once, as long as it is remembered. */
export class BlobShelf {
  readonly store: SlabStore = new SlabStore();
  #recent = new Map<string, ShelvedBlob>();
  #earlier = new Map<string, ShelvedBlob>();
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
    const recent = this.#recent.get(hash);
    const known = recent ?? this.#earlier.get(hash);
    if (known === undefined) return false;
    if (known.expiry <= this.#now()) {
      this.#forget(hash);
      return false;
    }
    // What is used stays known.
    if (recent === undefined) this.#remember(known);
    return true;
  }

  /** Whether a blob was acknowledged lately. */
  isAcknowledged(hash: string): boolean {
    return this.has(hash) && this.#recent.get(hash)?.expiry !== Number.POSITIVE_INFINITY;
  }

  add(hash: string, bytes: Uint8Array): void {
    const blob: ShelvedBlob = { hash, piece: this.store.add(bytes), expiry: Number.POSITIVE_INFINITY };
    this.#remember(blob);
    this.#waiting.push(blob);
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
  drop(): ShelvedBlob[] {
    const blob = this.#waiting.first;
    if (blob === undefined) return [];
    this.#waiting.shift();
    this.lose(blob);
    if (blob.piece !== undefined) this.store.release(blob.piece);
    return [blob];
  }

  /** A blob has reached the collector. */
  acknowledge(blob: ShelvedBlob): void {
    blob.expiry = this.#now() + REMEMBERED_MS;
  }

  /** A blob is lost, and new when it comes again. */
  lose({ hash }: ShelvedBlob): void {
    this.#forget(hash);
  }

  /** Whoever acknowledged them has them no longer. */
  forgetAcknowledged(): void {
    for (const known of [this.#recent, this.#earlier]) {
      for (const { hash, expiry } of known.values()) if (expiry !== Number.POSITIVE_INFINITY) known.delete(hash);
    }
  }

  /** Whoever acknowledged these has them no longer. Tells how many of them were remembered. */
  forgetThese(hashes: readonly string[]): number {
    let count = 0;
    for (const hash of hashes) {
      if (!this.isAcknowledged(hash)) continue;
      this.#forget(hash);
      count += 1;
    }
    return count;
  }

  #forget(hash: string): void {
    this.#recent.delete(hash);
    this.#earlier.delete(hash);
  }

  /** Lets the earlier ones go at once: taken out one by one, they would leave holes that a map looks through for its first entry. */
  #remember(blob: ShelvedBlob): void {
    this.#recent.set(blob.hash, blob);
    if (this.#recent.size < RECENT_MAX_COUNT) return;
    const leaving = this.#earlier;
    this.#earlier = this.#recent;
    this.#recent = new Map();
    // What waits is not let go here, but by the limit in bytes.
    for (const [hash, one] of leaving) {
      if (one.expiry === Number.POSITIVE_INFINITY && !this.#earlier.has(hash)) this.#earlier.set(hash, one);
    }
  }
}
