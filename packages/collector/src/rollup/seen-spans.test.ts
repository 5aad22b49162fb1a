import { expect, test } from "vitest";
import { SeenSpans } from "./seen-spans.ts";

// What came before is known for as long as promised, and memory does not grow.

const key = (number: number): { low: number; high: number } => ({
  low: Math.imul(number, 0x9e3779b1) >>> 0,
  high: Math.imul(number + 1, 0x85ebca6b) >>> 0,
});

test("a span is new once", () => {
  const seen = new SeenSpans(1024);
  expect([seen.add(key(1)), seen.add(key(2)), seen.add(key(1)), seen.add(key(2))]).toEqual([false, false, true, true]);
});

test("the last half is always known, and what is long gone is forgotten", () => {
  const seen = new SeenSpans(1024);
  let unknown = 0;
  for (let number = 0; number < 20_000; number++) {
    if (seen.add(key(number))) unknown++;
    if (number >= 500 && !seen.add(key(number - 500))) unknown++;
  }
  expect(unknown).toBe(0);
  expect(seen.add(key(3))).toBe(false);
});

test("keys that fall on one another's place are kept apart", () => {
  const seen = new SeenSpans(64);
  const alike = Array.from({ length: 20 }, (_, index) => ({ low: 1, high: index * 0x1000000 }));
  expect(alike.filter((each) => seen.add(each)).length).toBe(0);
  expect(alike.filter((each) => seen.add(each)).length).toBe(20);
});
