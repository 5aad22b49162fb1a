import { expect, test } from "vitest";

import { noTokens } from "./failed-run.fixture.ts";
import { count, counted, duration, inputTokens, money, tokensInWords } from "./quantity.ts";

test.each([
  [0, "0.0 ms"],
  [0.42, "0.4 ms"],
  [999.4, "999 ms"],
  [999.6, "1.00 s"],
  [9_994, "9.99 s"],
  [12_345, "12.3 s"],
  [125_000, "2 m 5 s"],
  [11_520_000, "3 h 12 m"],
  [null, "–"],
])("%s ms is %s", (milliseconds, text) => expect(duration(milliseconds)).toBe(text));

test.each([
  ["0", "$0"],
  ["0.000389250000", "$0.00039"],
  ["0.0012145", "$0.0012"],
  ["0.000000000012", "$0.000000000012"],
  ["0.019", "$0.02"],
  ["12.5", "$12.50"],
  ["1234.567", "$1,234.57"],
  ["0.999", "$1.00"],
  [null, "–"],
])("%s USD is %s", (usd, text) => expect(money(usd)).toBe(text));

test("Numbers that nobody reported are not zero", () => {
  expect(count(null)).toBe("–");
  expect(inputTokens(noTokens)).toBeNull();
  expect(tokensInWords(noTokens)).toBe("– in · – out");
});

test("Input is the sum of its disjoint parts", () => {
  const tokens = { input: 2180, cacheRead: 1024, cacheWrite: null, output: 312, reasoning: 180 };
  expect(tokensInWords(tokens)).toBe("3,204 in (1,024 cached) · 312 out (180 reasoning)");
  expect(counted(1, "step")).toBe("1 step");
});
