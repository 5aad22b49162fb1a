// Proves that the committed pages are those of the collector's table of errors and of its configuration schema.
import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { referencePages } from "./generate-reference.ts";

test.each(referencePages().map(({ file, text }) => [file.pathname.split("/").at(-1), file, text] as const))(
  "docs/%s is what npm run generate writes",
  (_name, file, text) => {
    expect(readFileSync(file, "utf8")).toBe(text);
  },
);

test("the pages name what users meet", () => {
  const [errors, configuration] = referencePages().map(({ text }) => text);
  expect(errors).toContain("RUNREEL_DECODE_INVALID_PROTOBUF");
  expect(errors).toContain("RUNREEL_DATA_LOCKED");
  expect(configuration).toMatch(/\| `clickhouse\.url` +\| `CLICKHOUSE_URL` +\| none /);
});
