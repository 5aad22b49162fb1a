import type { Piece } from "../encode/piece.ts";

interface Slab {
  readonly buffer: Buffer;
  /** Bytes of it that somebody holds. */
  live: number;
}

/** A piece of a slab. It can move to another slab while it waits. */
export interface StoredPiece extends Piece {
  buffer: Buffer;
  start: number;
  end: number;
  slab: Slab;
}

const SLAB_BYTES = 64 * 1024;

/** What is larger has a slab of its own, so that no slab ends with much of it unused. */
const SHARED_MAX_BYTES = SLAB_BYTES / 16;

/** Free slabs that are kept for what comes, half a megabyte; more are left to the garbage collector. */
const FREE_MAX_COUNT = 8;

/**
 * Memory for encoded bytes that wait. Thousands of small pieces share a few slabs outside the heap, so that waiting costs the garbage
 * collector nothing.
 */
export class SlabStore {
  readonly #free: Slab[] = [];
  #current: Slab | undefined;
  #used = 0;
  #live = 0;
  #allocated = 0;

  /** Bytes of the slabs that are in use, whether somebody holds them or not. */
  get allocated(): number {
    return this.#allocated;
  }

  /** Bytes that somebody holds. */
  get live(): number {
    return this.#live;
  }

  add(bytes: Uint8Array): StoredPiece {
    const slab = this.#roomFor(bytes.length);
    const start = slab === this.#current ? this.#used : 0;
    const end = start + bytes.length;
    slab.buffer.set(bytes, start);
    if (slab === this.#current) this.#used = end;
    slab.live += bytes.length;
    this.#live += bytes.length;
    return { slab, buffer: slab.buffer, start, end };
  }

  /** A piece is no longer needed. */
  release({ slab, start, end }: StoredPiece): void {
    slab.live -= end - start;
    this.#live -= end - start;
    if (slab.live > 0) return;
    if (slab === this.#current) this.#current = undefined;
    this.#give(slab);
  }

  /** Moves a piece to where it stands close to others. */
  move(piece: StoredPiece): void {
    const { slab, buffer, start, end } = this.add(piece.buffer.subarray(piece.start, piece.end));
    this.release(piece);
    Object.assign(piece, { slab, buffer, start, end });
  }

  /** Lets pieces that are added from now on stand apart from those before. */
  seal(): void {
    const sealed = this.#current;
    this.#current = undefined;
    if (sealed?.live === 0) this.#give(sealed);
  }

  #roomFor(bytes: number): Slab {
    if (this.#current !== undefined && this.#used + bytes <= SLAB_BYTES) return this.#current;
    if (bytes > SHARED_MAX_BYTES) {
      this.#allocated += bytes;
      return { buffer: Buffer.allocUnsafeSlow(bytes), live: 0 };
    }
    this.seal();
    this.#current = this.#free.pop() ?? { buffer: Buffer.allocUnsafeSlow(SLAB_BYTES), live: 0 };
    this.#used = 0;
    this.#allocated += SLAB_BYTES;
    return this.#current;
  }

  #give(slab: Slab): void {
    this.#allocated -= slab.buffer.length;
    if (slab.buffer.length === SLAB_BYTES && this.#free.length < FREE_MAX_COUNT) this.#free.push(slab);
  }
}
