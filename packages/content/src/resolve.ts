import { InvalidContentError } from "./errors.ts";
import { fetchBlobs } from "./fetch-blobs.ts";
import type { FetchBlobs, FetchedBlob } from "./fetch-blobs.ts";
import { DECODE_DEFAULT_MAX_BYTES, TREE_MAX_DEPTH } from "./limits.ts";
import { namedBlobs, setMember, treeNode } from "./tree-node.ts";

export interface ResolveOptions {
  /** The most bytes that the blobs may have, each counted as often as it is named. 64 MiB unless given. */
  maxBytes?: number;
}

/**
 * Fetches a tree and puts it together: JSON in which only the small nodes are left (`$date`, `$as`, `$b64` …), which can be kept in
 * a JSON file and turned into the value by `reviveContent`.
 *
 * @throws MissingContentError when blobs cannot be had
 * @throws InvalidContentError when the tree is broken, too large or too deep
 */
export async function resolveContent(hash: string, fetch: FetchBlobs, options: ResolveOptions = {}): Promise<unknown> {
  const maxBytes = options.maxBytes ?? DECODE_DEFAULT_MAX_BYTES;
  const blobs = await fetchBlobs(hash, fetch, maxBytes);
  // A long text that is a whole value is its own root.
  return new Assembly(blobs, maxBytes).blob(hash, blobs.get(hash)?.type === "text" ? "text" : "tree", 0);
}

/** Puts fetched blobs together. What is named twice is built twice, so that nobody's change shows elsewhere; hence the count of bytes. */
class Assembly {
  readonly #blobs: ReadonlyMap<string, FetchedBlob>;
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(blobs: ReadonlyMap<string, FetchedBlob>, maxBytes: number) {
    this.#blobs = blobs;
    this.#maxBytes = maxBytes;
  }

  blob(hash: string, type: FetchedBlob["type"], depth: number): unknown {
    const blob = this.#blobs.get(hash);
    if (blob === undefined || blob.type !== type) {
      throw new InvalidContentError(`Blob ${hash} is named as ${type} but is ${blob?.type ?? "absent"}`);
    }
    this.#bytes += blob.bytes;
    if (this.#bytes > this.#maxBytes) {
      throw new InvalidContentError(`Content has more than the ${this.#maxBytes} bytes that are allowed`);
    }
    if (blob.type === "text") return blob.text;
    if (blob.type === "bytes") return blob.data;
    return this.#tree(blob.tree, depth + 1);
  }

  #data(hash: string): Uint8Array {
    return this.blob(hash, "bytes", 0) as Uint8Array;
  }

  #tree(value: unknown, depth: number): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (depth > TREE_MAX_DEPTH) throw new InvalidContentError(`Content nests more than ${TREE_MAX_DEPTH} levels deep`);
    if (Array.isArray(value)) return value.map((element) => this.#tree(element, depth + 1));
    const members = value as Record<string, unknown>;
    const node = treeNode(members);
    const named = node === undefined ? [] : namedBlobs(node);
    switch (node?.key) {
      case "$ref":
        return this.blob(named[0]!, "tree", depth);
      case "$text":
        return named.map((hash) => this.blob(hash, "text", depth)).join("");
      case "$bytes":
        return { $b64: Buffer.concat(named.map((hash) => this.#data(hash))).toString("base64") };
      case "$list":
        return this.#list(named, node.length, depth);
      default: {
        const whole: Record<string, unknown> = {};
        for (const key of Object.keys(members)) setMember(whole, key, this.#tree(members[key], depth + 1));
        return whole;
      }
    }
  }

  #list(groups: readonly string[], length: number | undefined, depth: number): unknown[] {
    const elements: unknown[] = [];
    for (const hash of groups) {
      const group = this.blob(hash, "tree", depth);
      if (!Array.isArray(group)) throw new InvalidContentError(`Group ${hash} of a $list is no array`);
      for (const element of group) elements.push(element);
    }
    if (elements.length !== length) {
      throw new InvalidContentError(`A $list of ${String(length)} elements has ${elements.length}`);
    }
    return elements;
  }
}
