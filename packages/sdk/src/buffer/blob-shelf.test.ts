import { expect, test } from "vitest";

import { BlobShelf } from "./blob-shelf.ts";

const bytes = new Uint8Array(10);

function acknowledged(shelf: BlobShelf, hash: string): void {
  shelf.add(hash, bytes);
  const blob = shelf.first!;
  shelf.take();
  shelf.store.release(blob.piece!);
  shelf.acknowledge(blob);
}

test("a blob is known while it waits, is under way, and for twelve hours after it was acknowledged", () => {
  let nowMs = 0;
  const shelf = new BlobShelf(() => nowMs);
  expect(shelf.has("a")).toBe(false);
  shelf.add("a", bytes);
  expect(shelf.has("a")).toBe(true);
  const blob = shelf.first!;
  shelf.take();
  expect(shelf.has("a")).toBe(true);
  shelf.acknowledge(blob);
  nowMs = 12 * 60 * 60 * 1000 - 1;
  expect(shelf.has("a")).toBe(true);
  nowMs += 1;
  expect(shelf.has("a")).toBe(false);
});

test("what was dropped or lost is new again", () => {
  const shelf = new BlobShelf();
  shelf.add("a", bytes);
  shelf.add("b", bytes);
  shelf.drop();
  expect([shelf.has("a"), shelf.has("b"), shelf.size]).toEqual([false, true, 1]);
  const blob = shelf.first!;
  shelf.take();
  shelf.lose(blob);
  expect(shelf.has("b")).toBe(false);
});

test("what was acknowledged is new again once its store is gone, and what waits still waits", () => {
  const shelf = new BlobShelf();
  acknowledged(shelf, "a");
  shelf.add("b", bytes);
  shelf.forgetAcknowledged();
  expect([shelf.has("a"), shelf.has("b"), shelf.size]).toEqual([false, true, 1]);
});

test("of many, those that were used longest ago are forgotten, and none that waits", () => {
  const shelf = new BlobShelf();
  acknowledged(shelf, "old");
  acknowledged(shelf, "used");
  for (let index = 0; index < 12_000; index += 1) acknowledged(shelf, `first ${index}`);
  expect(shelf.has("used")).toBe(true);
  shelf.add("waits", bytes);
  for (let index = 0; index < 12_000; index += 1) acknowledged(shelf, `second ${index}`);
  expect([shelf.has("old"), shelf.has("used"), shelf.has("waits")]).toEqual([false, true, true]);
});

test("of blobs that the collector lacks, those that it had acknowledged are new again, and what is under way is not", () => {
  const shelf = new BlobShelf();
  acknowledged(shelf, "a");
  acknowledged(shelf, "b");
  shelf.add("c", bytes);
  expect(shelf.forgetThese(["a", "c", "never seen"])).toBe(1);
  expect(["a", "b", "c"].map((hash) => shelf.has(hash))).toEqual([false, true, true]);
  expect(shelf.forgetThese(["a"])).toBe(0);
});
