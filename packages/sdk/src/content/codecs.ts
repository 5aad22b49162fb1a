import type { Codec } from "@runreel/content";

import { globalState } from "../global-state.ts";

/** Lets instances of a class be recorded and handed back by a replay. A codec of the same name is replaced. */
export function registerCodec(codec: Codec): void {
  const registered = codecs();
  const index = registered.findIndex((other) => other.name === codec.name);
  if (index === -1) registered.push(codec);
  else registered[index] = codec;
}

/** The codecs registered so far; grows in place. */
export function codecs(): Codec[] {
  return globalState().codecs;
}
