import type { Codec } from "./codec.ts";
import { InvalidContentError } from "./errors.ts";
import { TREE_MAX_DEPTH } from "./limits.ts";
import { Omitted, UnknownInstance } from "./markers.ts";
import { setMember, treeNode, userKey } from "./tree-node.ts";

export interface ReviveOptions {
  /** For instances of classes. One whose codec is not given becomes an `UnknownInstance`. */
  codecs?: readonly Codec[];
}

/**
 * Turns a tree that `resolveContent` has put together into the value it stands for.
 *
 * @throws InvalidContentError for a tree that no encoder writes
 */
export function reviveContent(tree: unknown, options: ReviveOptions = {}): unknown {
  return revive(tree, options.codecs ?? [], 0);
}

function revive(tree: unknown, codecs: readonly Codec[], depth: number): unknown {
  if (typeof tree !== "object" || tree === null) return tree;
  if (depth > TREE_MAX_DEPTH) throw new InvalidContentError(`Content nests more than ${TREE_MAX_DEPTH} levels deep`);
  if (Array.isArray(tree)) return tree.map((element) => revive(element, codecs, depth + 1));
  const members = tree as Record<string, unknown>;
  const node = treeNode(members);
  if (node !== undefined) {
    const payload = revive(node.payload, codecs, depth + 1);
    try {
      return reviveNode(node.key, payload, codecs);
    } catch (cause) {
      throw new InvalidContentError(`A ${node.key} node cannot be read`, { cause });
    }
  }
  const value: Record<string, unknown> = {};
  for (const key of Object.keys(members)) setMember(value, userKey(key), revive(members[key], codecs, depth + 1));
  return value;
}

function reviveNode(key: string, payload: unknown, codecs: readonly Codec[]): unknown {
  switch (key) {
    case "$date":
      return new Date(payload === null ? Number.NaN : text(payload));
    case "$bigint":
      return BigInt(text(payload));
    case "$number":
      return Number(text(payload));
    case "$undefined":
      return undefined;
    case "$map":
      return new Map(payload as [unknown, unknown][]);
    case "$set":
      return new Set(payload as unknown[]);
    case "$b64":
      return new Uint8Array(Buffer.from(text(payload), "base64"));
    case "$regexp": {
      const [source, flags] = payload as [unknown, unknown];
      return new RegExp(text(source), text(flags));
    }
    case "$error":
      return reviveError(payload as Record<string, unknown>);
    case "$omitted":
      return new Omitted(text(payload));
    case "$as":
      return reviveInstance(payload as [unknown, unknown], codecs);
    default:
      throw new InvalidContentError(`${key} is no node of a content tree`);
  }
}

function reviveInstance([name, value]: [unknown, unknown], codecs: readonly Codec[]): unknown {
  const codec = codecs.find((candidate) => candidate.name === name);
  return codec === undefined ? new UnknownInstance(text(name), value) : codec.decode(value);
}

function reviveError({ name, message, stack, cause, errors, fields }: Record<string, unknown>): Error {
  const error = new Error(text(message ?? ""));
  const hide = { enumerable: false, configurable: true, writable: true };
  Object.defineProperty(error, "name", { value: name ?? "Error", ...hide });
  Object.defineProperty(error, "stack", { value: stack, ...hide });
  if (cause !== undefined) Object.defineProperty(error, "cause", { value: cause, ...hide });
  if (errors !== undefined) Object.defineProperty(error, "errors", { value: errors, ...hide });
  if (typeof fields === "object" && fields !== null)
    for (const [key, value] of Object.entries(fields))
      setMember(error as unknown as Record<string, unknown>, key, value);
  return error;
}

function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw new InvalidContentError(`Expected text, found ${typeof value}`);
}
