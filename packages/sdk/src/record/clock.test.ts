// Proves that no two moments are the same and that a clock that was set is followed.
import { afterEach, expect, test, vi } from "vitest";

import { createClock, toHrTime } from "./clock.ts";

afterEach(() => {
  vi.useRealTimers();
});

const nanos = ([seconds, rest]: [number, number]): bigint => BigInt(seconds) * 1_000_000_000n + BigInt(rest);

test("every moment is later than the last, however fast they are asked for", () => {
  const now = createClock();
  let last = nanos(now());
  for (let index = 0; index < 10_000; index += 1) {
    const next = nanos(now());
    expect(next > last).toBe(true);
    last = next;
  }
});

test("a wall clock that was set is believed, forwards and backwards", () => {
  vi.useFakeTimers({ now: 1_000_000, toFake: ["Date"] });
  const now = createClock();
  expect(now()[0]).toBe(1_000);
  vi.setSystemTime(5_000_000);
  expect(now()[0]).toBe(5_000);
  vi.setSystemTime(2_000_000);
  expect(now()[0]).toBe(2_000);
});

test("milliseconds since the epoch become seconds and nanoseconds", () => {
  expect(toHrTime(1_500.25)).toEqual([1, 500_250_000]);
  expect(toHrTime(1_999.9999999)).toEqual([1, 999_999_000]);
});
