import { isLongerThan } from "./blob.ts";
import { piecesOf } from "./cut-text.ts";
import { InvalidContentError } from "./errors.ts";
import { BLOB_MAX_BYTES } from "./limits.ts";
import { treeNode } from "./tree-node.ts";
import { omission } from "./tree-text.ts";

/** What stands in the place of a tree that one blob does not hold: the names of the pieces of its text. */
export function largeTree(text: string, putText: (piece: string) => string): string {
  if (isLongerThan(text, BLOB_MAX_BYTES)) return omission("too_large");
  return `{"$tree":${JSON.stringify(piecesOf(text).map(putText))}}`;
}

/** The pieces of a tree, where it is in pieces. */
export function treePieces(tree: unknown): readonly string[] | undefined {
  if (typeof tree !== "object" || tree === null || Array.isArray(tree)) return undefined;
  const node = treeNode(tree as Record<string, unknown>);
  if (node?.key !== "$tree") return undefined;
  const { payload } = node;
  if (Array.isArray(payload) && payload.every((one): one is string => typeof one === "string")) return payload;
  throw new InvalidContentError("A $tree node without the names of its pieces");
}
