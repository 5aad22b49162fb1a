// Proves that every body arrives as it was, however it waited and whatever the endpoint takes.
import { gunzipSync, zstdDecompressSync } from "node:zlib";

import { expect, test } from "vitest";

import { Compressor } from "./compressor.ts";
import type { CompressionChoice, Packed } from "./compressor.ts";
import { isPacked, packBody } from "./packed-body.ts";

const body = Buffer.from(`\n${"a request that repeats itself, ".repeat(500)}`);
const unpack = { none: (data: Uint8Array) => data, gzip: gunzipSync, zstd: zstdDecompressSync };

async function sent(compressor: Compressor, given: Uint8Array): Promise<string> {
  const packed: Packed = await compressor.pack(given);
  expect(Buffer.compare(unpack[packed.compression](packed.body), body)).toBe(0);
  return packed.compression;
}

test("a packed body says so, is smaller and keeps no more memory than it has bytes", () => {
  const packed = packBody(body);
  expect([isPacked(body), isPacked(packed), isPacked(new Uint8Array(0))]).toEqual([false, true, false]);
  expect(packed.length).toBeLessThan(body.length / 10);
  expect(packed.buffer.byteLength).toBe(packed.length);
});

test.each<[CompressionChoice, string[], string[]]>([
  ["none", ["none", "none"], ["none", "zstd"]],
  ["gzip", ["gzip", "gzip"], ["gzip", "zstd"]],
  ["best", ["gzip", "gzip"], ["zstd", "zstd"]],
  ["zstd", ["zstd", "zstd"], ["zstd", "zstd"]],
])("%s: a plain body and a packed one, before and after the endpoint has named zstd", async (choice, before, after) => {
  const compressor = new Compressor(choice);
  const packed = packBody(body);
  compressor.told("gzip, zstd;q=0");
  expect([await sent(compressor, body), await sent(compressor, packed)]).toEqual(before);
  compressor.told("gzip, zstd");
  expect([await sent(compressor, body), await sent(compressor, packed)]).toEqual(after);
  expect(compressor.refused("zstd")).toBe(true);
  expect(await sent(compressor, packed)).not.toBe("zstd");
});
