import { chunkMemory } from "./chunk-memory.ts";

const FIRST_CHUNK_BYTES = 4096;
const LARGEST_CHUNK_BYTES = 1 << 20;
/** Below this a loop beats the call that copies. */
const LOOP_BYTES = 64;

/**
 * A growing run of bytes that never moves: when a chunk is full, another one is begun. Its owner takes the chunks away, so nothing is copied
 * between the columns and the socket.
 */
export class ByteChunks {
  #full: Uint8Array[] = [];
  #fullBytes = 0;
  #chunk: Buffer = Buffer.alloc(0);
  #position = 0;
  #nextChunkBytes = FIRST_CHUNK_BYTES;

  get length(): number {
    return this.#fullBytes + this.#position;
  }

  /** Hands over what was written, and begins anew. */
  take(): Uint8Array[] {
    if (this.#position > 0) this.#full.push(this.#chunk.subarray(0, this.#position));
    const chunks = this.#full;
    this.#full = [];
    this.#fullBytes = 0;
    this.#chunk = Buffer.alloc(0);
    this.#position = 0;
    this.#nextChunkBytes = FIRST_CHUNK_BYTES;
    return chunks;
  }

  varint(value: number): void {
    this.#room(5);
    this.#varint(value);
  }

  /** A length and as many bytes: a String of ClickHouse. */
  slice(source: Buffer, at: number, length: number): void {
    this.#room(length + 5);
    this.#varint(length);
    this.#copy(source, at, length);
  }

  /** Bytes alone. */
  bytes(source: Buffer, at: number, length: number): void {
    this.#room(length);
    this.#copy(source, at, length);
  }

  /** A length and a text in UTF-8: a String of ClickHouse. */
  text(text: string): void {
    const { length } = text;
    this.#room(length * 3 + 5);
    if (length < 40 && this.#ascii(text)) return;
    const bytes = Buffer.byteLength(text);
    this.#varint(bytes);
    this.#position += this.#chunk.write(text, this.#position, "utf8");
  }

  /** Writes a short text in one go if it is ASCII, as most are. */
  #ascii(text: string): boolean {
    const chunk = this.#chunk;
    const from = this.#position + 1;
    const { length } = text;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code > 127) return false;
      chunk[from + index] = code;
    }
    chunk[from - 1] = length;
    this.#position = from + length;
    return true;
  }

  #copy(source: Buffer, at: number, length: number): void {
    const chunk = this.#chunk;
    const to = this.#position;
    if (length < LOOP_BYTES) for (let index = 0; index < length; index++) chunk[to + index] = source[at + index]!;
    else source.copy(chunk, to, at, at + length);
    this.#position = to + length;
  }

  #varint(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.#chunk[this.#position++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#chunk[this.#position++] = rest;
  }

  #room(length: number): void {
    if (this.#position + length <= this.#chunk.length) return;
    if (this.#position > 0) this.#full.push(this.#chunk.subarray(0, this.#position));
    this.#fullBytes += this.#position;
    this.#chunk = chunkMemory.take(Math.max(this.#nextChunkBytes, length));
    this.#position = 0;
    this.#nextChunkBytes = Math.min(LARGEST_CHUNK_BYTES, this.#nextChunkBytes * 2);
  }
}
