/** Remembers for 12 hours; content stays at the collector for 72, so what is remembered is there. */
const REMEMBERED_MS = 12 * 60 * 60 * 1000;

/** About 8 MB at most. */
const REMEMBERED_MAX_COUNT = 50_000;

/** The blobs that the collector has acknowledged, the most recently used. */
export class Acknowledged {
  readonly #expiry = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  has(hash: string): boolean {
    const expiry = this.#expiry.get(hash);
    if (expiry === undefined) return false;
    if (expiry <= this.#now()) {
      this.#expiry.delete(hash);
      return false;
    }
    // At the end again: the first is the one that was used longest ago. While there is much room, none has to go.
    if (this.#expiry.size > REMEMBERED_MAX_COUNT / 2) {
      this.#expiry.delete(hash);
      this.#expiry.set(hash, expiry);
    }
    return true;
  }

  add(hash: string): void {
    this.#expiry.delete(hash);
    this.#expiry.set(hash, this.#now() + REMEMBERED_MS);
    if (this.#expiry.size <= REMEMBERED_MAX_COUNT) return;
    const [oldest] = this.#expiry.keys();
    if (oldest !== undefined) this.#expiry.delete(oldest);
  }
}
