import type { FetchBlobs } from "./fetch-blobs.ts";
import { resolveContent } from "./resolve.ts";
import type { ResolveOptions } from "./resolve.ts";
import { reviveContent } from "./revive.ts";
import type { ReviveOptions } from "./revive.ts";

export interface DecodeOptions extends ResolveOptions, ReviveOptions {}

/**
 * Gives back the value that was encoded, from the hash of its root.
 *
 * @throws MissingContentError when blobs cannot be had
 * @throws InvalidContentError when the tree is broken, too large or too deep
 */
export async function decodeContent(hash: string, fetch: FetchBlobs, options: DecodeOptions = {}): Promise<unknown> {
  return reviveContent(await resolveContent(hash, fetch, options), options);
}
