// Where an agent stands, from the names that the host gives to graphs inside graphs.
import { expect, test } from "vitest";

import { namespaceAbove, namespaceOf, nodeOf } from "./namespace.ts";

test.each([
  ["model_request:1", "", undefined, undefined],
  ["one:1|tools:2", "one:1", "", "one"],
  ["ask:1|1|tools:2", "ask:1|1", "", "ask"],
  ["team:1|one:2|tools:3", "team:1|one:2", "team:1", "one"],
  ["team:1|ask:2|12|tools:3", "team:1|ask:2|12", "team:1", "ask"],
])("%s", (checkpoint_ns, own, above, node) => {
  const namespace = namespaceOf({ configurable: { checkpoint_ns } });
  expect([namespace, namespaceAbove(namespace), nodeOf(namespace)]).toEqual([own, above, node]);
});

test("outside of any graph there is none", () => {
  expect(namespaceOf({})).toBe("");
});
