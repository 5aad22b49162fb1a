import { expect, test } from "vitest";
import { freeMemory } from "./free-memory.ts";

test("large memory is freed", () => {
  const bytes = Buffer.allocUnsafeSlow(100_000);
  freeMemory(bytes);
  expect(bytes.length).toBe(0);
});

test("what a socket read is freed, also when it is as long as a pool", () => {
  const bytes = Buffer.allocUnsafeSlow(Buffer.poolSize);
  freeMemory(bytes);
  expect(bytes.length).toBe(0);
});

test("a part of a pool is left alone, also when it begins where the pool does", () => {
  let part = Buffer.allocUnsafe(64);
  for (let count = 0; part.byteOffset !== 0 && count < Buffer.poolSize; count++) part = Buffer.allocUnsafe(64);
  expect(part.byteOffset).toBe(0);
  expect(part.buffer.byteLength).toBe(Buffer.poolSize);
  freeMemory(part);
  expect(part.length).toBe(64);
});
