import { type SpanKey, foldSpanKey, saltOf } from "../model/span-key.ts";

/** Used slots of a table at most: beyond, searches become long. */
const LOAD_MAX = 0.5;

/**
 * Remembers which spans came before, so that one that its client sent twice is counted once.
 *
 * Bounded: two tables of which the older is forgotten when the younger is full. At least the last half of `spansMax` spans are known.
 */
export class SeenSpans {
  readonly #slots: number;
  #young: Uint32Array;
  #old: Uint32Array;
  #youngCount = 0;
  readonly #key: SpanKey = { low: 0, high: 0 };

  /** @param spansMax default 1,048,576: some minutes of retries at 10,000 spans a second, in 32 MB. */
  constructor(spansMax: number = 1 << 20) {
    const perTable = Math.max(16, spansMax / 2);
    this.#slots = 2 ** Math.ceil(Math.log2(perTable / LOAD_MAX));
    this.#young = new Uint32Array(this.#slots * 2);
    this.#old = new Uint32Array(this.#slots * 2);
  }

  /** Whether a span came before. Afterwards it did. */
  add(key: SpanKey): boolean {
    const slot = this.#find(this.#young, key);
    if (this.#isTaken(this.#young, slot)) return true;
    if (this.#isTaken(this.#old, this.#find(this.#old, key))) return true;
    this.#young[slot * 2] = key.low;
    this.#young[slot * 2 + 1] = key.high;
    this.#youngCount++;
    if (this.#youngCount >= this.#slots * LOAD_MAX) this.#turn();
    return false;
  }

  /** Tells of spans that are stored already, oldest first; for the start after a restart. */
  seed(spans: Iterable<{ project: string; traceId: Uint8Array; spanId: Uint8Array }>): void {
    const ids = new Uint8Array(24);
    for (const { project, traceId, spanId } of spans) {
      ids.set(traceId, 0);
      ids.set(spanId, 16);
      foldSpanKey(ids, 0, 16, saltOf(project), this.#key);
      this.add(this.#key);
    }
  }

  #turn(): void {
    [this.#young, this.#old] = [this.#old, this.#young];
    this.#young.fill(0);
    this.#youngCount = 0;
  }

  /** The slot where the key stands, or the free one where it would. */
  #find(table: Uint32Array, key: SpanKey): number {
    const mask = this.#slots - 1;
    let slot = (key.low ^ Math.imul(key.high, 0x9e3779b1)) & mask;
    while (this.#isTaken(table, slot)) {
      if (table[slot * 2] === key.low && table[slot * 2 + 1] === key.high) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #isTaken(table: Uint32Array, slot: number): boolean {
    return table[slot * 2] !== 0 || table[slot * 2 + 1] !== 0;
  }
}
