import { UnknownInstance } from "@runreel/content";
import type { Codec } from "@runreel/content";

/** Names the chunks of a streamed answer in a content tree. */
const CODEC_NAME = "runreel.chunks";

/** A streamed answer in a replay: gives the chunks that were recorded, to everyone who reads it. */
export class StreamedChunks implements AsyncIterable<unknown> {
  readonly chunks: readonly unknown[];

  constructor(chunks: readonly unknown[]) {
    this.chunks = chunks;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator {
    yield* this.chunks;
  }
}

/** Chunks as they stand in a recording. */
export function chunksAsRecorded(chunks: readonly unknown[]): unknown {
  return new UnknownInstance(CODEC_NAME, chunks);
}

/** Turns them back when a replay serves them; nothing is ever matched, so recording does not look for them. */
export const chunksCodec: Codec = {
  name: CODEC_NAME,
  matches: () => false,
  encode: (value) => value,
  decode: (value) => new StreamedChunks(Array.isArray(value) ? value : []),
};
