// Proves that content trees lose nothing: what was encoded comes back equal, equal values have equal hashes, and a memory changes
// neither. Values are arbitrary, with every node a tree can have.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { canonicalJson, ContentEncoder, contentHash, decodeContent, encodeContent, reviveContent } from "./index.ts";
import type { Blob } from "./index.ts";

const key = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.constantFrom("$ref", "$text", "$list", "n", "$", "$$", "$date", "__proto__", "constructor", "é", "0"),
);
const leaf = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary", minLength: 500, maxLength: 700 }),
  fc.constantFrom("\ud800 alone", `${"x".repeat(600)}\udc00`),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt(),
  fc.date({ noInvalidDate: false }),
  fc.uint8Array({ maxLength: 90 }),
  fc.constant(/a+\/b/giu),
);
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: "small" },
    leaf,
    fc.array(fc.oneof(tie("value"), fc.constant(undefined)), { maxLength: 5 }),
    fc.array(leaf, { minLength: 30, maxLength: 70 }),
    fc.dictionary(key, tie("value"), { maxKeys: 5 }),
    fc.array(fc.tuple(tie("value"), tie("value")), { maxLength: 3 }).map((pairs) => new Map(pairs)),
    fc.array(tie("value"), { maxLength: 3 }).map((members) => new Set(members)),
  ),
})).value;

function store(): { blobs: Map<string, Blob>; emit: (blob: Blob) => void } {
  const blobs = new Map<string, Blob>();
  return { blobs, emit: (blob) => void blobs.set(blob.hash, blob) };
}

/** The same value with the keys of every plain object the other way round. */
function withKeysReversed(original: unknown): unknown {
  if (Array.isArray(original)) return original.map(withKeysReversed);
  if (original instanceof Map)
    return new Map([...original].map(([k, v]) => [withKeysReversed(k), withKeysReversed(v)]));
  if (original instanceof Set) return new Set([...original].map(withKeysReversed));
  if (typeof original !== "object" || original === null || Object.getPrototypeOf(original) !== Object.prototype)
    return original;
  const entries = Object.entries(original).map(([k, v]) => [k, withKeysReversed(v)] as const);
  return Object.fromEntries(entries.reverse());
}

describe("content of arbitrary values", () => {
  test("decoding what was encoded gives an equal value", async () => {
    await fc.assert(
      fc.asyncProperty(value, async (original) => {
        const { blobs, emit } = store();
        const decoded = await decodeContent(encodeContent(original, emit), async () => blobs);
        expect(decoded).toEqual(original);
        expect(contentHash(decoded)).toBe(contentHash(original));
      }),
      { numRuns: 150 },
    );
  });

  test("canonical JSON revives to an equal value", () => {
    fc.assert(
      fc.property(value, (original) => {
        expect(reviveContent(JSON.parse(canonicalJson(original)))).toEqual(original);
      }),
      { numRuns: 100 },
    );
  });

  test("the order of keys changes no hash", () => {
    fc.assert(
      fc.property(value, (original) => {
        expect(contentHash(withKeysReversed(original))).toBe(contentHash(original));
      }),
      { numRuns: 100 },
    );
  });

  test("an encoder that has seen other values gives the same hashes and has emitted everything they need", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(value, { maxLength: 4 }), value, async (earlier, last) => {
        const { blobs, emit } = store();
        const encoder = new ContentEncoder();
        for (const one of earlier) encoder.encode(one, emit);
        const both = { last, earlier, again: last };
        expect(encoder.encode(both, emit)).toBe(contentHash(both));
        expect(encoder.encode(both, emit)).toBe(contentHash(both));
        expect(await decodeContent(contentHash(both), async () => blobs)).toEqual(both);
      }),
      { numRuns: 60 },
    );
  });

  test("reading an arbitrary tree ends in a value or in the reader's own error", async () => {
    const node = fc.constantFrom(
      "$ref",
      "$text",
      "$bytes",
      "$list",
      "$tree",
      "$date",
      "$map",
      "$set",
      "$b64",
      "$bigint",
      "$as",
      "$error",
    );
    const tree = fc.oneof(
      fc.jsonValue(),
      fc.tuple(node, fc.jsonValue()).map(([name, payload]) => ({ [name]: payload })),
    );
    await fc.assert(
      fc.asyncProperty(tree, async (hostile) => {
        const hash = "0".repeat(32);
        const blobs = new Map<string, Blob>([[hash, { hash, type: "tree", data: JSON.stringify(hostile) }]]);
        const name = await decodeContent(hash, async () => blobs).then(
          () => "value",
          (error: Error) => error.name,
        );
        expect(["value", "InvalidContentError", "MissingContentError"]).toContain(name);
      }),
      { numRuns: 200 },
    );
  });
});
