// What versions of the host do, by their number.
import { expect, test } from "vitest";

import { traitsOf } from "./host-version.ts";

test.each([
  ["1.3.5", { marksErrors: false, handlesInvocationErrors: false }],
  ["1.5.2", { marksErrors: false, handlesInvocationErrors: false }],
  ["1.5.3", { marksErrors: false, handlesInvocationErrors: true }],
  ["1.5.14", { marksErrors: true, handlesInvocationErrors: true }],
  ["1.5.14-dev.1", { marksErrors: true, handlesInvocationErrors: true }],
  ["1.6.0", { marksErrors: true, handlesInvocationErrors: true }],
  ["2.0.0", { marksErrors: true, handlesInvocationErrors: true }],
])("langchain %s", (version, traits) => {
  expect(traitsOf(version)).toEqual(traits);
});
