import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { inflatedChunkBytes } from "./inflated-size.ts";

const MAX = 1 << 26;
const text = "some words of a prompt, again and again. ".repeat(5000);

test("a gzip body has room for all of it in one piece", () => {
  const body = gzipSync(Array.from({ length: 20_000 }, (_, at) => `${at * 7919}`).join(" "));
  const bytes = inflatedChunkBytes({ body, compression: "gzip" }, MAX);
  const said = body.readUInt32LE(body.length - 4);
  expect(bytes).toBeGreaterThan(said);
  expect(bytes).toBeLessThan(said + 1000);
});

test("what a body says of itself is believed within bounds", () => {
  const lie = gzipSync("short");
  lie.writeUInt32LE(0xffffffff, lie.length - 4);
  expect(inflatedChunkBytes({ body: lie, compression: "gzip" }, MAX)).toBeLessThan(20_000);
  const zeros = gzipSync(Buffer.alloc(1 << 24));
  expect(inflatedChunkBytes({ body: zeros, compression: "gzip" }, 100_000)).toBeLessThan(110_000);
  expect(inflatedChunkBytes({ body: Buffer.alloc(2), compression: "gzip" }, MAX)).toBeLessThan(20_000);
  expect(inflatedChunkBytes({ body: Buffer.from(text), compression: "zstd" }, 10)).toBeLessThan(20_000);
});
