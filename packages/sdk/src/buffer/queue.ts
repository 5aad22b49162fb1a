/** Entries that have left are cut off when they are at least so many, and half of all. */
const CUT_MIN_COUNT = 1_024;

/** First in, first out. */
export class Queue<T> implements Iterable<T> {
  #entries: T[] = [];
  #head = 0;

  get size(): number {
    return this.#entries.length - this.#head;
  }

  push(entry: T): void {
    this.#entries.push(entry);
  }

  /** The entry that leaves next. */
  get first(): T | undefined {
    return this.#entries[this.#head];
  }

  shift(): void {
    if (this.size === 0) return;
    this.#head += 1;
    const isHalf = this.#head >= CUT_MIN_COUNT && this.#head * 2 >= this.#entries.length;
    if (!isHalf && this.#head < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#head);
    this.#head = 0;
  }

  /** Lets go of all entries that `isKept` does not want. */
  filter(isKept: (entry: T) => boolean): void {
    this.#entries = this.#entries.slice(this.#head).filter(isKept);
    this.#head = 0;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let at = this.#head; at < this.#entries.length; at += 1) yield this.#entries[at]!;
  }
}
