import { InvalidContentError } from "./errors.ts";

/** A node of a tree: an object whose one key starts with a single `$` (`$list` has a second key, its length). */
export interface TreeNode {
  key: string;
  payload: unknown;
  /** The number of elements of a `$list`. */
  length: number | undefined;
}

/** Reads an object of a tree as a node; undefined when it is an object of the user's. */
export function treeNode(value: Readonly<Record<string, unknown>>): TreeNode | undefined {
  const keys = Object.keys(value);
  if (keys.length === 0 || keys.length > 2) return undefined;
  const key = keys.find((name) => name.startsWith("$") && !name.startsWith("$$"));
  if (key === undefined) return undefined;
  if (keys.length === 1) return { key, payload: value[key], length: undefined };
  if (key !== "$list" || typeof value["n"] !== "number") throw new InvalidContentError(`A ${key} node with two keys`);
  return { key, payload: value[key], length: value["n"] };
}

/** The key as the user wrote it. */
export function userKey(key: string): string {
  return key.startsWith("$$") ? key.slice(1) : key;
}

/** Sets a member, also one named `__proto__`. */
export function setMember(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[key] = value;
  }
}

/** The blobs that a node names. */
export function namedBlobs(node: TreeNode): readonly string[] {
  const isLeaf = node.key === "$text" || node.key === "$bytes";
  if (node.key === "$ref" || (isLeaf && !Array.isArray(node.payload))) return [hashIn(node.payload)];
  if (node.key !== "$list" && !isLeaf) return [];
  if (!Array.isArray(node.payload)) throw new InvalidContentError("A $list node without an array");
  return node.payload.map(hashIn);
}

function hashIn(value: unknown): string {
  if (typeof value === "string" && /^[0-9a-f]{32}$/.test(value)) return value;
  throw new InvalidContentError("A node that should name a blob has no hash of 32 hex digits");
}
