// Proves what start({ redact }) takes, that all faults are told at once, and that no fault tells a secret or opens the door.
import { expect, test } from "vitest";

import { parseRedactOptions } from "./redact-options.ts";

test("nothing, true and an empty object mean the defaults", () => {
  for (const given of [undefined, true, {}]) {
    expect(parseRedactOptions(given)).toEqual({
      rules: {
        defaults: true,
        keys: [],
        keepKeys: [],
        patterns: [],
        email: false,
        cardNumbers: false,
        custom: undefined,
      },
      faults: [],
    });
  }
  expect(parseRedactOptions(false)).toEqual({ rules: false, faults: [] });
});

test("expressions are taken without the place that they remember", () => {
  const sticky = /C-\d+/gy;
  sticky.lastIndex = 5;
  const { rules } = parseRedactOptions({ keys: [/^x-/giu], patterns: [sticky, { name: "order", pattern: /O-\d+/i }] });
  expect(rules).toMatchObject({
    keys: [/^x-/iu],
    patterns: [
      { name: "pattern", pattern: /C-\d+/g },
      { name: "order", pattern: /O-\d+/gi },
    ],
  });
});

test("all faults are told at once, and the defaults stay on", () => {
  const { rules, faults } = parseRedactOptions({
    defaults: "no",
    keys: ["", 7, /(a+)+$/],
    keepKeys: "secret",
    patterns: [/x*/, /(\w)\1/, { name: "Not This", pattern: /x/ }, "hunter2", { name: "none" }, null],
    email: 1,
    custom: "hunter2",
    mask: true,
  });
  expect(faults.map((fault) => fault.split(" ")[0])).toEqual([
    "redact.mask",
    "redact.defaults",
    "redact.keys[0]",
    "redact.keys[1]",
    "redact.keys[2]",
    "redact.keepKeys",
    "redact.patterns[0]",
    "redact.patterns[1]",
    "redact.patterns[2].name",
    "redact.patterns[3]",
    "redact.patterns[4]",
    "redact.patterns[5]",
    "redact.email",
    "redact.custom",
  ]);
  expect(faults.join("\n")).not.toContain("hunter2");
  expect(rules).toMatchObject({ defaults: true, keys: [], keepKeys: [], patterns: [], custom: undefined });
  expect(parseRedactOptions("hunter2").faults).toEqual([
    "redact should be true, false or an object, found a value of type string",
  ]);
});
