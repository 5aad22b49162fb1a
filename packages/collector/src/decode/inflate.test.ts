import { deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { inflate } from "./inflate.ts";

// Bodies come back as they were, and neither a bomb nor nonsense gets past.

const body = Buffer.from("a body of some bytes, a body of some bytes");
const compressed = { none: body, gzip: gzipSync(body), deflate: deflateSync(body), zstd: zstdCompressSync(body) };
const compressions = ["none", "gzip", "deflate", "zstd"] as const;

describe.each(compressions)("%s", (compression) => {
  test("gives the body back", () => {
    expect(Buffer.from(inflate(compressed[compression], compression, body.length))).toEqual(body);
  });

  test("refuses what would be larger than allowed", () => {
    expect(() => inflate(compressed[compression], compression, body.length - 1)).toThrow(
      expect.objectContaining({ name: "DecodeError", code: "body_too_large" }),
    );
  });
});

test.each(compressions.slice(1))("%s that is cut or nonsense is refused", (compression) => {
  for (const bad of [Buffer.from("nonsense"), compressed[compression].subarray(0, 20)]) {
    expect(() => inflate(bad, compression, 1000)).toThrow(expect.objectContaining({ code: "invalid_compression" }));
  }
});
