import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readme, withFigures } from "./generate-figures.ts";

test("the figures of the README are those of the benchmarks; npm run generate writes them", () => {
  const text = readFileSync(readme, "utf8");
  expect(text).toBe(withFigures(text));
});
