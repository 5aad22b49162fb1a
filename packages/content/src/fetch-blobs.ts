import type { Blob } from "./blob.ts";
import { InvalidContentError, MissingContentError } from "./errors.ts";
import { treePieces } from "./large-tree.ts";
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
  /** Trees whose text is in pieces, which come with the next level. */
  let inPieces = new Map<string, readonly string[]>();
  let bytes = 0;
  for (let level = 0; wanted.size + inPieces.size > 0; level += 1) {
    if (level >= TREE_MAX_DEPTH) throw new InvalidContentError(`Content nests more than ${TREE_MAX_DEPTH} blobs deep`);
    const asked = [...wanted];
    // Each level names the blobs of the next.
    // oxlint-disable-next-line no-await-in-loop
    const answer = asked.length === 0 ? nothing : await fetch(asked);
    const complete = inPieces;
    wanted = new Set();
    inPieces = new Map();
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
      const pieces = parsed.type === "tree" ? treePieces(parsed.tree) : undefined;
      if (pieces !== undefined) {
        inPieces.set(hash, pieces);
        for (const piece of pieces) wanted.add(piece);
      } else if (parsed.type === "tree") collectNamed(parsed.tree, 0, wanted);
    }
    for (const [hash, pieces] of complete) {
      const whole = joined(hash, pieces, fetched);
      if (whole === undefined) continue;
      fetched.set(hash, whole);
      if (whole.type === "tree") collectNamed(whole.tree, 0, wanted);
    }
    for (const hash of wanted) if (fetched.has(hash) || missing.includes(hash)) wanted.delete(hash);
  }
  if (missing.length > 0) throw new MissingContentError(missing);
  return fetched;
}

const nothing: ReadonlyMap<string, Blob> = new Map();

/** A tree from the pieces of its text; undefined where one could not be had. */
function joined(
  hash: string,
  pieces: readonly string[],
  fetched: ReadonlyMap<string, FetchedBlob>,
): FetchedBlob | undefined {
  let text = "";
  for (const name of pieces) {
    const piece = fetched.get(name);
    if (piece === undefined) return undefined;
    if (piece.type !== "text") throw new InvalidContentError(`Piece ${name} of tree ${hash} is no text`);
    text += piece.text;
  }
  return parseBlob({ hash, type: "tree", data: text });
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
