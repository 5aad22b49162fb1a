/** Smaller pieces may share their memory with others. */
const OWN_BYTES = 16_384;

/**
 * Gives the memory of some bytes back at once, when it was made for them and nobody reads them any more. Left to the garbage collector, what a busy
 * second brings would make it run several times.
 */
export function freeMemory(bytes: Uint8Array): void {
  const { buffer } = bytes;
  // Small buffers are cut from a pool of Node's, and one of them begins where the pool does. What a socket reads may be as long as the pool, whole.
  const isShared = buffer.byteLength === Buffer.poolSize && bytes.byteLength < Buffer.poolSize >>> 1;
  const isWhole = bytes.byteOffset === 0 && buffer.byteLength >= OWN_BYTES && !isShared;
  if (isWhole && buffer instanceof ArrayBuffer) buffer.transfer(0);
}
