import type { Codec } from "@runreel/content";

import { globalState } from "../global-state.ts";

/** A codec of an adapter. */
export interface RecordingCodec extends Codec {
  /**
   * The `raw` of a recorded step in full, where the recording left out of it what the step's result says as well. Takes and gives
   * content trees; undefined for a `raw` that is not this codec's, or that is whole.
   */
  whole?(raw: unknown, result: unknown): unknown;
}

/** Lets instances of a class be recorded and handed back by a replay. A codec of the same name is replaced. */
export function registerCodec(codec: RecordingCodec): void {
  const registered = codecs();
  const index = registered.findIndex((other) => other.name === codec.name);
  if (index === -1) registered.push(codec);
  else registered[index] = codec;
}

/** The codecs registered so far; grows in place. */
export function codecs(): RecordingCodec[] {
  return globalState().codecs;
}
