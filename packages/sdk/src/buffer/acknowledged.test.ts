// Proves that blobs are forgotten in time and in number.
import { expect, test } from "vitest";

import { Acknowledged } from "./acknowledged.ts";

test("a blob is known for 12 hours, however often it is asked for", () => {
  let nowMs = 0;
  const acknowledged = new Acknowledged(() => nowMs);
  acknowledged.add("a");
  nowMs = 12 * 3_600_000 - 1;
  expect(acknowledged.has("a")).toBe(true);
  nowMs += 1;
  expect(acknowledged.has("a")).toBe(false);
  expect(acknowledged.has("b")).toBe(false);
});

test("the 50,000 used last are known", () => {
  const acknowledged = new Acknowledged(() => 0);
  for (let index = 0; index < 50_000; index += 1) acknowledged.add(String(index));
  expect(acknowledged.has("0")).toBe(true);
  acknowledged.add("one more");
  expect(acknowledged.has("0")).toBe(true);
  expect(acknowledged.has("1")).toBe(false);
});
