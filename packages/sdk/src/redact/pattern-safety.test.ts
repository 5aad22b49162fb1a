// Proves that what backtracks without end is refused, and that what people write is not.
import { expect, test } from "vitest";

import { whyUnsafe } from "./pattern-safety.ts";

const safe = [
  /ACME-\d{6}/,
  /\b\d{3}-\d{2}-\d{4}\b/,
  /(?:customer|client) id: \w+/i,
  /\w+@\w+\.\w+/,
  /"ssn"\s*:\s*"[^"]*"/,
  /(?:\d{4}[ -]?){3}\d{4}/,
  /secret.*/,
  /(?<=id: )\w+/,
  /(?:[a-z]+\.)+com/,
  /^x-internal-/,
  /[\p{Lu}]{2}\d{2}(?: ?[\dA-Z]{4}){3,7}/u,
  /\u{1F600}+|[\]\\a-z]{2,}|\x41?/u,
  /(?<year>\d{4})-(?<month>\d\d)/,
];
test.each(safe)("%s may be used", (pattern) => expect(whyUnsafe(pattern)).toBeUndefined());

const unsafe: [RegExp, string][] = [
  [/(a+)+$/, "a repeated group"],
  [/^(\w+\s?)*$/, "a repeated group"],
  [/(a|a)*b/, "a repeated group"],
  [/(a|ab)*c/, "a repeated group"],
  [/(?:a?){30}a{30}/, "a repeated group"],
  [/(.*)*x/, "a repeated group"],
  [/^(([a-z])+.)+[A-Z]([a-z])+$/, "a repeated group"],
  [/([a-zA-Z]+)*\d/, "a repeated group"],
  [/(?=(a+)+b)c/, "a repeated group"],
  [/\S+@\S+\.\S+/, "too many ways"],
  [/.*foo.*bar/, "too many ways"],
  [/\s*\s*\s*x/, "too many ways"],
  [/\s*\s*x/, "too many ways"],
  [/a{0,500}a{0,500}b/, "too many ways"],
  [/(?:x{0,9}x{0,9}){8}y/, "too many ways"],
  [/(\w)\1/, "refers back"],
  [/(?<a>\w)\k<a>/, "refers back"],
  [/[a&&b]/v, "flag v"],
];
test.each(unsafe)("%s is refused: %s", (pattern, reason) => expect(whyUnsafe(pattern)).toContain(reason));
