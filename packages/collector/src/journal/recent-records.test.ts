// Proves that memory is used again as soon as nobody can be reading it, and never before.
import { expect, test } from "vitest";
import type { JournalRecord } from "../model/journal.ts";
import { recordMemory } from "../model/spans-record.ts";
import { createRecentRecords } from "./recent-records.ts";

const BYTES = 8192;

const record = (offset: bigint): JournalRecord => ({
  offset,
  appendedAt: 0,
  kind: "spans",
  body: recordMemory.take(BYTES),
});
const isInUse = ({ body }: JournalRecord): boolean => recordMemory.hasLent(body);

test("what a reader has in hand stays as it is until it is let go", () => {
  const recent = createRecentRecords(1 << 20);
  const [a, b, c] = [record(1n), record(2n), record(3n)];
  recent.push([a, b]);
  recent.push([c]);
  expect(recent.from(2n)).toEqual([b]);
  recent.letGo(2n);
  expect([a, b, c].map(isInUse)).toEqual([true, true, true]);
  recent.letGo(3n);
  expect([a, b, c].map(isInUse)).toEqual([false, false, true]);
  expect(recent.from(2n)).toBeNull();
  expect(recent.peek(3n)).toEqual([c]);
});

test("what falls out is used again at once, unless it is in somebody's hands", () => {
  const recent = createRecentRecords(BYTES * 2);
  const [a, b, c, d] = [record(1n), record(2n), record(3n), record(4n)];
  recent.push([a]);
  recent.push([b]);
  expect(recent.from(2n)).toEqual([b]);
  recent.push([c]);
  recent.push([d]);
  expect(recent.peek(1n)).toBeNull();
  expect([a, b, c, d].map(isInUse)).toEqual([false, true, true, true]);
  recent.letGo(3n);
  expect([b, c, d].map(isInUse)).toEqual([false, true, true]);
});

test("what was read from the disk is let go like the rest", () => {
  const recent = createRecentRecords(BYTES);
  const memory = [recordMemory.take(BYTES), recordMemory.take(BYTES)] as const;
  recent.handOut(5n, [memory[0]]);
  recent.handOut(9n, [memory[1]]);
  recent.letGo(6n);
  expect(memory.map((piece) => recordMemory.hasLent(piece))).toEqual([false, true]);
});
