/**
 * Memory of chunks whose block is stored, kept for the next one.
 *
 * A block has some 64 MB, and a new one comes every second or two: as fresh memory each page of it would be zeroed by the kernel and collected again,
 * which cost more than the writing.
 */
const KEPT_MAX_BYTES = 128 * 1024 * 1024;

const free = new Map<number, Buffer[]>();
const lent = new WeakSet<ArrayBufferLike>();
let freeBytes = 0;

/** A chunk of exactly this size, with anything in it. */
export function takeChunk(bytes: number): Buffer {
  const kept = free.get(bytes)?.pop();
  if (kept !== undefined) {
    freeBytes -= bytes;
    lent.add(kept.buffer);
    return kept;
  }
  const chunk = Buffer.allocUnsafeSlow(bytes);
  lent.add(chunk.buffer);
  return chunk;
}

/** Takes back the chunks among some bytes that nobody reads any more; other memory is left alone. */
export function giveBack(parts: readonly Uint8Array[]): void {
  for (const { buffer } of parts) {
    if (!lent.delete(buffer)) continue;
    const bytes = buffer.byteLength;
    if (freeBytes + bytes > KEPT_MAX_BYTES) continue;
    const kept = free.get(bytes);
    const chunk = Buffer.from(buffer, 0, bytes);
    if (kept === undefined) free.set(bytes, [chunk]);
    else kept.push(chunk);
    freeBytes += bytes;
  }
}
