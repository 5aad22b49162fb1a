// Proves that what is kept is bounded, comes back, and is not freed under somebody's hands.
import { expect, test } from "vitest";
import { DecodedBatches } from "./decoded-batches.ts";
import type { SpanBatch } from "./span-batch.ts";

const batchOf = (batches: DecodedBatches, bytes: Uint8Array): SpanBatch => {
  const batch = batches.take();
  batch.reset(bytes);
  return batch;
};

test("no more than some requests, and no more than some bytes, are kept", () => {
  const batches = new DecodedBatches();
  const kept = Array.from({ length: 2000 }, () => batchOf(batches, new Uint8Array(10))).filter((b) => batches.keep(b));
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length).toBeLessThan(2000);
  expect(batches.keep(batchOf(batches, new Uint8Array(10)))).toBe(false);
  batches.giveBack(kept[0]!);
  expect(batches.keep(batchOf(batches, new Uint8Array(10)))).toBe(true);
  expect(batches.forget(kept[1]!)).toBe(true);
  expect(batches.keep(batchOf(batches, new Uint8Array(10)))).toBe(true);
  expect(batches.keep(batchOf(batches, new Uint8Array(10)))).toBe(false);

  const others = new DecodedBatches();
  expect(others.keep(batchOf(others, new Uint8Array(1 << 27)))).toBe(false);
});

test("inflated bytes are freed with their batch, those of the record are not", () => {
  const batches = new DecodedBatches();
  const inflated = Buffer.allocUnsafeSlow(100_000);
  const apart = batchOf(batches, inflated);
  expect(batches.keep(apart)).toBe(true);
  batches.giveBack(apart, new Uint8Array(10));
  expect(inflated.length).toBe(0);

  const record = Buffer.allocUnsafeSlow(100_000);
  const within = batchOf(batches, record.subarray(0, 90_000));
  expect(batches.keep(within)).toBe(true);
  batches.giveBack(within, record);
  expect(record.length).toBe(100_000);
});
