// Proves that a value which is too long for an attribute stays JSON, and says where it was cut.
import * as fc from "fast-check";
import { expect, test } from "vitest";

import { shortenJson } from "./shorten-json.ts";

test("whatever the value, what is left is JSON and fits", () => {
  const text = fc.oneof(fc.string({ maxLength: 1_000, unit: "grapheme" }), fc.string());
  const message = fc.record({ role: fc.string(), parts: fc.array(fc.record({ type: fc.string(), content: text })) });
  const value = fc.oneof(fc.array(message, { minLength: 1 }), fc.array(fc.integer(), { minLength: 1 }), fc.jsonValue());
  fc.assert(
    fc.property(value, fc.integer({ min: 600, max: 4_000 }), (given, maxLength) => {
      const short = shortenJson(JSON.stringify(given), maxLength);
      expect(short.length).toBeLessThanOrEqual(maxLength);
      expect(JSON.parse(short)).toBeDefined();
    }),
    { numRuns: 60 },
  );
});

test("long texts are cut first, then the oldest messages go", () => {
  const message = (content: string) => ({ role: "user", parts: [{ type: "text", content }] });
  const long = JSON.parse(
    shortenJson(JSON.stringify([message("x".repeat(90_000)), message("kept")]), 80_000),
  ) as unknown;
  expect(long).toEqual([
    message(`${"x".repeat(65_536)} [runreel: cut, 65536 of 90000 characters kept]`),
    message("kept"),
  ]);
  const many = Array.from({ length: 1_000 }, (_, at) => message(`number ${at}`));
  const short = JSON.parse(shortenJson(JSON.stringify(many), 2_000)) as ReturnType<typeof message>[];
  expect(short.at(-1)).toEqual(message("number 999"));
  expect(short[0]!.parts[0]!.content).toBe(`[runreel: cut, the first ${1_001 - short.length} are left out]`);
});
