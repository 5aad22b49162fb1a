import { createHash } from "node:crypto";

import { createRedactor } from "../../packages/sdk/src/redact/create-redactor.ts";
import { parseRedactOptions } from "../../packages/sdk/src/redact/redact-options.ts";
import { tokenFormats } from "../../packages/sdk/src/redact/token-formats.ts";

/** One way to look through a text. What it returns keeps the engine from leaving it out. */
export type Design = (text: string) => unknown;

const { rules } = parseRedactOptions(undefined);
const { rules: allRules } = parseRedactOptions({ email: true, cardNumbers: true, patterns: [/\bACME-\d{6}\b/] });
const redactor = createRedactor(rules);
const allRedactor = createRedactor(allRules);

const prefixes = [...new Set(tokenFormats.map(({ prefix }) => prefix)), "AKIA", "ASIA", "AIza", "eyJ"];
const expressions = tokenFormats.map(
  ({ prefix, least, joined }) =>
    new RegExp(`\\b${prefix}${joined === true ? "[\\w-]" : "[A-Za-z0-9]"}{${least},}`, "g"),
);
const oneExpression = new RegExp(`(?:${prefixes.join("|")})`);
const assignment =
  /(?:password|passwd|secret|api[_-]?key|access[_-]?token|authorization|credentials)["']?\s{0,4}[:=]\s{0,4}["']?[^\s"']{4,}/gi;

/** Ours, what is asked of it besides, and the ways that were not taken. These look for keys of providers only, where their name says so. */
export const designs: Record<string, Design> = {
  "Runreel's redactor": (text) => redactor.text(text),
  "the same with e-mail, cards and a pattern": (text) => allRedactor.text(text),
  "not taken: an expression for each format": (text) => {
    let left = text;
    for (const expression of expressions) left = left.replace(expression, "[redacted]");
    return left;
  },
  "not taken: one expression of all prefixes": (text) => oneExpression.test(text),
  "not taken: a search for each prefix": (text) => prefixes.some((prefix) => text.includes(prefix)),
  "not taken: an expression for assignments": (text) => text.replace(assignment, "[redacted]"),
  "for comparison: SHA-256 of the text": (text) => createHash("sha256").update(text).digest("hex"),
};
