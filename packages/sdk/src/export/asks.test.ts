import * as fc from "fast-check";
import { expect, test } from "vitest";

import { readAsks } from "./asks.ts";
import { readPartialSuccess } from "./partial-success.ts";

/** A field with a length, of a number that takes two bytes. */
function asks(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = bytes.length < 0x80 ? [bytes.length] : [(bytes.length & 0x7f) | 0x80, bytes.length >> 7];
  return Buffer.concat([Buffer.from([0xc2, 0x3e, ...length]), bytes]);
}

const hash = "0123456789abcdef0123456789abcdef";

test("reads what is asked for, beside what was not taken", () => {
  const partial = Buffer.from([0x0a, 5, 0x08, 2, 0x12, 1, 0x78]);
  const keep = [{ runId: hash, reason: 'it "loops"' }, { runId: hash }, null, { runId: "1", reason: "x" }];
  const answer = Buffer.concat([partial, asks(JSON.stringify({ token: "t-1", blobs: [hash, "no hash", 7], keep }))]);
  expect(readAsks(answer)).toEqual({ token: "t-1", blobs: [hash], keep: keep.slice(0, 1) });
  expect(readPartialSuccess(answer)).toEqual({ spanCount: 2, error: "x" });
});

test("an answer that asks for nothing, or for nothing that makes sense, asks for nothing", () => {
  expect(readAsks(Buffer.alloc(0))).toBeUndefined();
  expect(readAsks(Buffer.from([0x0a, 2, 0x08, 2]))).toBeUndefined();
  expect(readAsks(asks("{"))).toBeUndefined();
  expect(readAsks(asks(JSON.stringify({ token: "a\r\nb: c", blobs: [hash] })))).toBeUndefined();
  expect(readAsks(asks(JSON.stringify({ token: "t", blobs: "all" })))).toEqual({ token: "t", blobs: [], keep: [] });
});

test("no bytes make it throw", () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.json(), (bytes, json) => {
      expect(() => readAsks(bytes)).not.toThrow();
      expect(() => readAsks(asks(json.slice(0, 10_000)))).not.toThrow();
    }),
  );
});
