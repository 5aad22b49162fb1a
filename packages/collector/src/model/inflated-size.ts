import type { SpansRecord } from "./block.ts";

/** Node's own. */
const CHUNK_MIN_BYTES = 16_384;
/** What a sender says of the size is believed up to here; texts hardly shrink further. */
const RATIO_MAX = 24;
/** A result that fills its memory to the last byte is taken for one that goes on. */
const SLACK_BYTES = 64;

/**
 * The memory to begin with when a body is decompressed to at most `maxBytes`, in bytes. A gzip body says at its end how much it becomes; in pieces of the usual 16 kB each
 * one is a round through the thread pool, and all are copied together in the end.
 */
export function inflatedChunkBytes(
  { body, compression }: Pick<SpansRecord, "body" | "compression">,
  maxBytes: number,
): number {
  const mostBytes = Math.min(body.length * RATIO_MAX, maxBytes);
  const saidBytes = compression === "gzip" && body.length >= 4 ? lastWord(body) : body.length * 4;
  return Math.max(CHUNK_MIN_BYTES, Math.min(saidBytes, mostBytes) + SLACK_BYTES);
}

function lastWord(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4, 4).getUint32(0, true);
}
