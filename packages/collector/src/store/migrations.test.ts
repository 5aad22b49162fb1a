import { readdirSync } from "node:fs";
import { expect, test } from "vitest";

test("every migration has a number of its own: a database that has seen a number skips all that bear it", () => {
  const numbers = readdirSync(new URL("./sql/", import.meta.url)).map((file) => file.slice(0, 3));
  expect(numbers.toSorted()).toEqual(numbers.map((_, at) => String(at + 1).padStart(3, "0")));
});
