// Proves that the committed constants are those of spec/semconv.yaml, as the formatter leaves them.
import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { generatedFile, generateAttributes } from "./generate-semconv.ts";

test("packages/semconv holds what npm run generate writes", () => {
  expect(readFileSync(generatedFile, "utf8")).toBe(generateAttributes());
});

test("every name is written once", () => {
  const names = [...generateAttributes().matchAll(/^export const (\w+)/gm)].map((match) => match[1]);
  expect(names).toContain("GEN_AI_USAGE_INPUT_TOKENS");
  expect(new Set(names).size).toBe(names.length);
});
