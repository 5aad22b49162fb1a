import type { Blob } from "./blob.ts";
import { InvalidContentError, MissingContentError } from "./errors.ts";
import { TREE_MAX_DEPTH } from "./limits.ts";
import { namedBlobs, treeNode } from "./tree-node.ts";

/** Looks up blobs by hash; those it does not have are simply not in the answer. */
export type FetchBlobs = (hashes: readonly string[]) => Promise<ReadonlyMap<string, Blob>>;

/** A blob as it is put together: a tree parsed, the others as they are. */
export type FetchedBlob =
  | { type: "tree"; tree: unknown; bytes: number }
  | { type: "text"; text: string; bytes: number }
  | { type: "bytes"; data: Uint8Array; bytes: number };

/**
 * Fetches all blobs of a tree, one request for each level.
 *
 * @throws MissingContentError with every blob that could not be had
 * @throws InvalidContentError for a tree that is larger than `maxBytes`, deeper than the limit, or not a tree
 */
export async function fetchBlobs(root: string, fetch: FetchBlobs, maxBytes: number): Promise<Map<string, FetchedBlob>> {
  const fetched = new Map<string, FetchedBlob>();
  const missing: string[] = [];
  let wanted = new Set([root]);
  let bytes = 0;
  for (let level = 0; wanted.size > 0; level += 1) {
    if (level >= TREE_MAX_DEPTH) throw new InvalidContentError(`Content nests more than ${TREE_MAX_DEPTH} blobs deep`);
    const asked = [...wanted];
    // Each level names the blobs of the next.
    // oxlint-disable-next-line no-await-in-loop
    const answer = await fetch(asked);
    wanted = new Set();
    for (const hash of asked) {
      const blob = answer.get(hash);
      if (blob === undefined) {
        missing.push(hash);
        continue;
      }
      const parsed = parseBlob(blob);
      bytes += parsed.bytes;
      if (bytes > maxBytes)
        throw new InvalidContentError(`Content has more than the ${maxBytes} bytes that are allowed`);
      fetched.set(hash, parsed);
      if (parsed.type === "tree") collectNamed(parsed.tree, 0, wanted);
    }
    for (const hash of wanted) if (fetched.has(hash) || missing.includes(hash)) wanted.delete(hash);
  }
  if (missing.length > 0) throw new MissingContentError(missing);
  return fetched;
}

function parseBlob(blob: Blob): FetchedBlob {
  const { type, data } = blob;
  if (type === "bytes") {
    const bytes = typeof data === "string" ? Buffer.from(data) : data;
    return { type, data: bytes, bytes: bytes.byteLength };
  }
  const text = typeof data === "string" ? data : Buffer.from(data).toString("utf8");
  if (type === "text") return { type, text, bytes: Buffer.byteLength(text) };
  try {
    return { type: "tree", tree: JSON.parse(text) as unknown, bytes: Buffer.byteLength(text) };
  } catch (cause) {
    throw new InvalidContentError(`Blob ${blob.hash} should be a tree but is no JSON`, { cause });
  }
}

function collectNamed(value: unknown, depth: number, into: Set<string>): void {
  if (typeof value !== "object" || value === null) return;
  if (depth > TREE_MAX_DEPTH) throw new InvalidContentError(`Content nests more than ${TREE_MAX_DEPTH} levels deep`);
  const node = Array.isArray(value) ? undefined : treeNode(value as Record<string, unknown>);
  for (const hash of node === undefined ? [] : namedBlobs(node)) into.add(hash);
  for (const member of Object.values(value)) collectNamed(member, depth + 1, into);
}
