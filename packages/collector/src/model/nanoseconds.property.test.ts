import * as fc from "fast-check";
import { expect, test } from "vitest";
import { nanosecondsOf, secondsOf } from "./nanoseconds.ts";

// Two halves give the same as 64-bit arithmetic, also in the last nanosecond of a day, where a double would say the next one.

const SECOND = 1_000_000_000n;

test("seconds are exact next to every border", () => {
  const seconds = fc.bigInt({ min: 0n, max: 2n ** 63n / SECOND - 1n });
  const offset = fc.constantFrom(0n, 1n, 500n, SECOND - 1n, SECOND - 500n);
  fc.assert(
    fc.property(seconds, offset, (whole, rest) => {
      const nanoseconds = whole * SECOND + rest;
      const low = Number(nanoseconds & 0xffffffffn);
      const high = Number(nanoseconds >> 32n);
      expect(secondsOf(low, high)).toBe(Number(whole));
      expect(nanosecondsOf(low, high)).toBe(nanoseconds);
    }),
    { numRuns: 500 },
  );
});
