import { expect, test } from "vitest";
import { giveBack, takeChunk } from "./chunk-memory.ts";

test("a chunk that was given back is lent again, and to one borrower only", () => {
  const chunk = takeChunk(8_192);
  giveBack([chunk.subarray(0, 10), chunk.subarray(10)]);
  const again = [takeChunk(8_192), takeChunk(8_192)];
  expect(again.filter(({ buffer }) => buffer === chunk.buffer)).toHaveLength(1);
  expect(again.map(({ length }) => length)).toEqual([8_192, 8_192]);
});

test("memory of somebody else is not taken", () => {
  const own = Buffer.allocUnsafeSlow(4_321);
  giveBack([own, own.subarray(5)]);
  expect(takeChunk(4_321).buffer).not.toBe(own.buffer);
});
