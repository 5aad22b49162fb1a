import * as fc from "fast-check";
import { expect, test } from "vitest";

import { readPartialSuccess } from "./partial-success.ts";

test("tells how many spans were not taken, and why", () => {
  const message = Buffer.from("no ids");
  const inner = [0x08, 0xac, 0x02, 0x12, message.length, ...message];
  expect(readPartialSuccess(Uint8Array.from([0x0a, inner.length, ...inner]))).toEqual({
    spanCount: 300,
    error: "no ids",
  });
});

test("an empty answer, and one with a warning alone, took everything", () => {
  expect(readPartialSuccess(new Uint8Array())).toBeUndefined();
  expect(readPartialSuccess(Uint8Array.from([0x0a, 0]))).toBeUndefined();
  expect(readPartialSuccess(Uint8Array.from([0x0a, 4, 0x12, 2, 0x68, 0x69]))).toBeUndefined();
});

test("what is no protobuf is not understood, and does no harm", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const { spanCount = 1 } = readPartialSuccess(bytes) ?? {};
      expect(spanCount).toBeGreaterThan(0);
    }),
  );
});
