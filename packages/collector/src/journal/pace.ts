export interface PaceOptions {
  /** Bytes that the reader has not let go of yet, and those on their way to the disk. */
  unreadBytes: () => number;
  /** Unread bytes beyond which an append waits. */
  nearBytes: number;
  /** The longest an append waits, in milliseconds. */
  waitMaxMs: number;
  /** A reader that let go of nothing for so long is not waited for, in milliseconds. */
  stallMs: number;
}

/**
 * Holds appends back a little while the reader is behind, so that those who send as fast as they are answered go on at its pace. What they send is
 * then still in memory when it is read, decoded already; further behind, each record would be read back from the disk and decoded again, and both
 * would have less of the machine.
 *
 * A reader that does not move holds up nobody: the journal is there for the time when the store is away.
 */
export class Pace {
  readonly #options: PaceOptions;
  readonly #waiting: { bytes: number; go: () => void }[] = [];
  #movedAt = Number.NEGATIVE_INFINITY;

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  /** Resolves when it is the turn of an append. In order, but for those that waited as long as they may. */
  async turn(bytes: number): Promise<void> {
    const { waitMaxMs, stallMs } = this.#options;
    const isFirst = this.#waiting.length === 0;
    if ((isFirst && this.#roomBytes() > 0) || performance.now() - this.#movedAt > stallMs) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const entry = { bytes, go: resolve };
    this.#waiting.push(entry);
    const timer = setTimeout(() => this.#leave(entry), waitMaxMs);
    await promise;
    clearTimeout(timer);
  }

  /** The reader let go of something. */
  moved(): void {
    this.#movedAt = performance.now();
    if (this.#waiting.length === 0) return;
    for (let room = this.#roomBytes(); room > 0 && this.#waiting.length > 0;) {
      const next = this.#waiting.shift()!;
      room -= next.bytes;
      next.go();
    }
  }

  /** Nobody waits any more, until the reader is seen to move again. */
  stop(): void {
    this.#movedAt = Number.NEGATIVE_INFINITY;
    for (const { go } of this.#waiting.splice(0)) go();
  }

  #roomBytes(): number {
    return this.#options.nearBytes - this.#options.unreadBytes();
  }

  #leave(entry: { bytes: number; go: () => void }): void {
    const index = this.#waiting.indexOf(entry);
    if (index === -1) return;
    this.#waiting.splice(index, 1);
    entry.go();
  }
}
