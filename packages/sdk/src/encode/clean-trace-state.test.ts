import { createTraceState } from "@opentelemetry/api";
import * as fc from "fast-check";
import { expect, test } from "vitest";

import { createRedactor } from "../redact/create-redactor.ts";
import { parseRedactOptions } from "../redact/redact-options.ts";
import { cleanTraceState } from "./clean-trace-state.ts";

const redactor = createRedactor(parseRedactOptions({ custom: (text: string) => text.replaceAll("th:8", "x") }).rules);
const clean = (state: string): string => cleanTraceState(state, redactor);
const key = ["sk", "proj", "a1B2".repeat(12)].join("-");

test.each([
  ["ot=th:8", "ot=th:8"],
  ["ot=th:8;rv:0123456789abcd,congo=t61rcWkgMzE", "ot=th:8;rv:0123456789abcd,congo=t61rcWkgMzE"],
  [`congo=${key}`, "runreel-redacted=1"],
  [`dd=s:1;o:rum,congo=${key},ot=th:c,password=tulip-8841`, "dd=s:1;o:rum,ot=th:c,runreel-redacted=2"],
  [`ot=th:8;xy:${key}`, "runreel-redacted=1"],
])("%s", (state, expected) => {
  expect(clean(state)).toBe(expected);
});

test("what is left is a tracestate with the members that were clean, in their order", () => {
  const members = fc.uniqueArray(
    fc.tuple(fc.stringMatching(/^[a-z]{3,9}$/), fc.constantFrom("a", "rojo", key, `x${key}`)),
    { minLength: 1, maxLength: 8, selector: ([name]) => name },
  );
  fc.assert(
    fc.property(members, (given) => {
      const state = clean(given.map((member) => member.join("=")).join(","));
      expect(state).not.toContain(key);
      expect(createTraceState(state).serialize()).toBe(state);
      const kept = given.filter(([name, value]) => !value.includes(key) && !redactor.hidesKey(name));
      expect(state.startsWith(kept.map((member) => member.join("=")).join(","))).toBe(true);
      expect(createTraceState(state).get("runreel-redacted")).toBe(
        kept.length === given.length ? undefined : String(given.length - kept.length),
      );
    }),
  );
});
