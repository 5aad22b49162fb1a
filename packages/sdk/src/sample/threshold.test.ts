import * as fc from "fast-check";
import { expect, test } from "vitest";

import { formatOtelMember, isReached, parseOtelMember, randomnessOf, thresholdOf } from "./threshold.ts";

// Thresholds of OpenTelemetry's specification of probability sampling: its table with a precision of four digits.
test.each([
  [1, "0"],
  [1 / 2, "8"],
  [1 / 3, "aaab"],
  [1 / 4, "c"],
  [1 / 5, "cccd"],
  [1 / 8, "e"],
  [1 / 10, "e666"],
  [1 / 16, "f"],
  [1 / 100, "fd70a"],
  [1 / 1_000, "ffbe77"],
  [1 / 10_000, "fff9724"],
  [1 / 100_000, "ffff583a"],
  [1 / 1_000_000, "ffffef39"],
  [2 / 3, "5555"],
  [15 / 16, "1"],
])("the threshold of %d is %s", (probability, threshold) => {
  expect(thresholdOf(probability)).toBe(threshold);
});

test.each([
  ["00000000000000000000000000000000", "0", true],
  ["0123456789abcdef12c0000000000000", "c", true],
  ["0123456789abcdef12bfffffffffffff", "c", false],
  ["fffffffffffffffffffd70a000000000", "fd70a", true],
  ["fffffffffffffffffffd709fffffffff", "fd70a", false],
])("of trace %s the last 56 bits are held against %s", (traceId, threshold, isKept) => {
  expect(isReached(threshold, randomnessOf(traceId, undefined))).toBe(isKept);
  expect(isReached(threshold, randomnessOf("0".repeat(32), traceId.slice(18)))).toBe(isKept);
});

test("the threshold has the probability, within its precision", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 1, noNaN: true }), (probability) => {
      const threshold = BigInt(`0x${thresholdOf(probability).padEnd(14, "0")}`);
      const actual = Number(2n ** 56n - threshold) / 2 ** 56;
      expect(Math.abs(actual - probability)).toBeLessThan(probability * 0.001 + 2 ** -17);
    }),
  );
});

test("what else a member says survives", () => {
  const member = parseOtelMember("th:c;rv:00112233445566;p:8");
  expect(member).toEqual({ threshold: "c", randomness: "00112233445566", others: ["p:8"] });
  expect(formatOtelMember(member)).toBe("th:c;rv:00112233445566;p:8");
  expect(formatOtelMember({ ...member, threshold: undefined })).toBe("rv:00112233445566;p:8");
  expect(parseOtelMember("th:xyz;rv:12;;")).toEqual({ threshold: undefined, randomness: undefined, others: [] });
  expect(formatOtelMember(parseOtelMember(undefined))).toBe("");
});
