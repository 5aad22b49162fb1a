/** Smaller pieces are not worth the bookkeeping. */
const SMALLEST_BYTES = 4096;

/**
 * Large pieces of memory that are used again and again.
 *
 * Fresh memory of that size is zeroed page by page by the kernel, and V8 marks its whole heap whenever some ten megabytes of it have come and gone:
 * for a collector under load that was a quarter of all its work.
 *
 * A piece that is never given back is left to the garbage collector, so forgetting one costs nothing but its reuse. Giving back a piece that somebody
 * still reads is a defect: its next borrower writes over it.
 */
export class MemoryPool {
  readonly #keptMaxBytes: number;
  readonly #free = new Map<number, ArrayBufferLike[]>();
  readonly #lent = new WeakSet<ArrayBufferLike>();
  #freeBytes = 0;

  /** @param keptMaxBytes Memory that may lie here unused. */
  constructor(keptMaxBytes: number) {
    this.#keptMaxBytes = keptMaxBytes;
  }

  /** At least `bytes` bytes with anything in them. */
  take(bytes: number): Buffer {
    const size = sizeClassOf(bytes);
    const kept = this.#free.get(size)?.pop();
    if (kept !== undefined) this.#freeBytes -= size;
    const memory = kept ?? Buffer.allocUnsafeSlow(size).buffer;
    this.#lent.add(memory);
    return Buffer.from(memory);
  }

  /** Takes back the pieces that some bytes lie in, each once; memory that is not from here is left alone. */
  giveBack(parts: readonly Uint8Array[]): void {
    for (const { buffer } of parts) {
      const size = buffer.byteLength;
      if (!this.#lent.delete(buffer) || this.#freeBytes + size > this.#keptMaxBytes) continue;
      const kept = this.#free.get(size);
      if (kept === undefined) this.#free.set(size, [buffer]);
      else kept.push(buffer);
      this.#freeBytes += size;
    }
  }

  /** Whether some bytes lie in a piece that is lent. */
  hasLent({ buffer }: Uint8Array): boolean {
    return this.#lent.has(buffer);
  }
}

/** Four sizes between a power of two and the next, so that at most a fifth of a piece is wasted and pieces fit again. */
function sizeClassOf(bytes: number): number {
  if (bytes <= SMALLEST_BYTES) return SMALLEST_BYTES;
  const quarter = 2 ** (Math.floor(Math.log2(bytes - 1)) - 2);
  return Math.ceil(bytes / quarter) * quarter;
}
