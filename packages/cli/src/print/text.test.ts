import { assert, integer, property, string } from "fast-check";
import { expect, test } from "vitest";

import { createSheet } from "./terminal.ts";
import { fit, harmless, oneLine, widthOf, wrap } from "./text.ts";

test("Recorded text cannot steer the terminal", () => {
  expect(harmless("a\u001b[31mred\u001b[0m\u0007\r\nb\u202Ec")).toBe("ared\nbc");
  expect(oneLine("  two\n\n lines\t")).toBe("two lines");
});

test("A text that is fitted or wrapped never takes more columns than it may", () => {
  assert(
    property(string({ unit: "grapheme", maxLength: 200 }), integer({ min: 4, max: 60 }), (text, width) => {
      expect(widthOf(fit(oneLine(text), width))).toBeLessThanOrEqual(width);
      for (const line of wrap(text, width, 3)) expect(widthOf(line)).toBeLessThanOrEqual(width);
    }),
    { numRuns: 200 },
  );
});

test("What is cut ends in an ellipsis, what fits stays as it is", () => {
  expect(fit("tickets for Bergen", 10)).toBe("tickets f…");
  expect(fit("tickets", 10)).toBe("tickets");
  expect(wrap("one two three four", 7, 2)).toEqual(["one two", "three …"]);
});

test("Colour only for terminals, and never against NO_COLOR", () => {
  const terminal = { isTTY: true, columns: 300 };
  expect(createSheet(terminal, {}).style.red("x")).not.toBe("x");
  expect(createSheet(terminal, { NO_COLOR: "1" }).style.red("x")).toBe("x");
  expect(createSheet({}, {}).style.red("x")).toBe("x");
  expect(createSheet(terminal, {}).width).toBe(140);
  expect(createSheet({}, {}).width).toBe(100);
});
