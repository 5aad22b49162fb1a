import * as fc from "fast-check";
import { expect, test } from "vitest";
import { MemoryPool } from "./memory-pool.ts";

test("memory that was given back is lent again, and to one borrower only", () => {
  const pool = new MemoryPool(1 << 20);
  const piece = pool.take(8192);
  pool.giveBack([piece.subarray(0, 10), piece.subarray(10)]);
  const again = [pool.take(8000), pool.take(8192)];
  expect(again.filter(({ buffer }) => buffer === piece.buffer)).toHaveLength(1);
});

test("memory of somebody else is not taken", () => {
  const pool = new MemoryPool(1 << 20);
  const own = Buffer.allocUnsafeSlow(8192);
  pool.giveBack([own, own.subarray(5)]);
  expect(pool.hasLent(own)).toBe(false);
  expect(pool.take(8192).buffer).not.toBe(own.buffer);
});

test("no more than its bound lies unused", () => {
  const pool = new MemoryPool(16_384);
  const pieces = Array.from({ length: 4 }, () => pool.take(8192));
  pool.giveBack(pieces);
  const kept = new Set(pieces.map(({ buffer }) => buffer));
  const again = Array.from({ length: 4 }, () => pool.take(8192));
  expect(again.filter(({ buffer }) => kept.has(buffer))).toHaveLength(2);
});

test("a piece has room for what was asked, and little more", () => {
  const pool = new MemoryPool(0);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1 << 22 }), (bytes) => {
      const { length, byteOffset } = pool.take(bytes);
      expect(byteOffset).toBe(0);
      expect(length).toBeGreaterThanOrEqual(bytes);
      expect(length).toBeLessThanOrEqual(Math.max(4096, bytes * 1.25 + 1));
    }),
    { numRuns: 50 },
  );
});
