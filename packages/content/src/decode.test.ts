// Proves that reading a tree asks level by level, names what is missing, and survives trees made to harm.
import { expect, test } from "vitest";

import { decodeContent, encodeContent, hashBlob, InvalidContentError, MissingContentError, toPlain } from "./index.ts";
import type { Blob } from "./index.ts";

function tree(blobs: Map<string, Blob>, data: string): string {
  const hash = hashBlob("tree", data);
  blobs.set(hash, { hash, type: "tree", data });
  return hash;
}

test("one request for each level", async () => {
  const blobs = new Map<string, Blob>();
  const messages = Array.from({ length: 100 }, (_, index) => ({ text: `${index} `.repeat(400) }));
  const root = encodeContent(messages, (blob) => void blobs.set(blob.hash, blob));
  const asked: number[] = [];
  const decoded = await decodeContent(root, async (hashes) => {
    asked.push(hashes.length);
    return blobs;
  });
  expect(decoded).toEqual(messages);
  expect(asked).toEqual([1, 4, 100]);
});

test("all missing blobs are named at once", async () => {
  const blobs = new Map<string, Blob>();
  const root = encodeContent(["a".repeat(600), "b".repeat(600)], (blob) => void blobs.set(blob.hash, blob));
  const missing = [...blobs.values()].filter((blob) => blob.type === "text").map((blob) => blob.hash);
  for (const hash of missing) blobs.delete(hash);
  const error = await decodeContent(root, async () => blobs).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(MissingContentError);
  expect((error as MissingContentError).hashes.toSorted()).toEqual(missing.toSorted());
});

test("a small tree that names itself to a huge one is refused", async () => {
  const blobs = new Map<string, Blob>();
  let hash = tree(blobs, '"leaf"');
  for (let level = 0; level < 60; level += 1) hash = tree(blobs, `[{"$ref":"${hash}"},{"$ref":"${hash}"}]`);
  await expect(decodeContent(hash, async () => blobs, { maxBytes: 100_000 })).rejects.toThrow(InvalidContentError);
});

test("a store that answers with a cycle, or with a chain without end, is refused", async () => {
  const hash = "a".repeat(32);
  const cycle = new Map<string, Blob>([[hash, { hash, type: "tree", data: `{"$ref":"${hash}"}` }]]);
  await expect(decodeContent(hash, async () => cycle)).rejects.toThrow(InvalidContentError);
  const blobs = new Map<string, Blob>();
  let chain = tree(blobs, "1");
  for (let level = 0; level < 5_000; level += 1) chain = tree(blobs, `{"$ref":"${chain}"}`);
  await expect(decodeContent(chain, async () => blobs)).rejects.toThrow(InvalidContentError);
  const deep = tree(blobs, `${"[".repeat(50_000)}${"]".repeat(50_000)}`);
  await expect(decodeContent(deep, async () => blobs)).rejects.toThrow(InvalidContentError);
});

test("a decoded value reads as JSON", () => {
  const value = {
    at: new Date(0),
    map: new Map([["a", 1n]]),
    pairs: new Map([[1, 2]]),
    set: new Set(["x"]),
    bytes: new Uint8Array([1]),
  };
  expect(toPlain(value)).toEqual({
    at: "1970-01-01T00:00:00.000Z",
    map: { a: "1" },
    pairs: [[1, 2]],
    set: ["x"],
    bytes: "AQ==",
  });
  expect(toPlain([undefined, Number.NaN, /a/g])).toEqual([null, "NaN", "/a/g"]);
});

test("a piece of a tree that is missing is named, and pieces that make no tree are refused", async () => {
  const blobs = new Map<string, Blob>();
  const put = (data: string): string => {
    const hash = hashBlob("text", data);
    blobs.set(hash, { hash, type: "text", data });
    return hash;
  };
  const [one, other] = [put('{"a":1,"b":{"$text":"'), put(`${put("long")}"}}`)];
  const whole = tree(blobs, `{"$tree":["${one}","${other}"]}`);
  expect(await decodeContent(whole, async () => blobs)).toEqual({ a: 1, b: "long" });
  // Its pieces are there already when it is their turn.
  const both = tree(blobs, `[{"$text":"${one}"},{"$text":"${other}"},{"$ref":"${whole}"}]`);
  expect(((await decodeContent(both, async () => blobs)) as unknown[])[2]).toEqual({ a: 1, b: "long" });
  const broken = tree(blobs, `{"$tree":["${other}","${one}"]}`);
  await expect(decodeContent(broken, async () => blobs)).rejects.toThrow(InvalidContentError);
  const itself = tree(blobs, `{"$tree":["${whole}"]}`);
  await expect(decodeContent(itself, async () => blobs)).rejects.toThrow(InvalidContentError);
  await expect(decodeContent(tree(blobs, '{"$tree":[1]}'), async () => blobs)).rejects.toThrow(InvalidContentError);
  blobs.delete(other);
  const error = await decodeContent(whole, async () => blobs).catch((error: unknown) => error);
  expect((error as MissingContentError).hashes).toEqual([other]);
});
