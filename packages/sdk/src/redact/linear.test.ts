// Proves that no text makes redaction slow: work that grew with the square of these texts would take minutes where this takes a moment.
import { expect, test } from "vitest";

import { createRedactor } from "./create-redactor.ts";
import type { Redactor } from "./create-redactor.ts";
import { parseRedactOptions } from "./redact-options.ts";
import type { RedactOptions } from "./redact-options.ts";

const LENGTH = 100_000;

/** Each repeats what makes one of the finders start and not come to an end. */
const worst: Record<string, string> = {
  "a run without end": "a",
  "joiners without end": "k-",
  "a prefix again and again": "sk-",
  "prefixes that share letters": "sk-ant-sk-proj-gh_",
  "capitals of AWS": "AKIA",
  "capitals of AWS in runs": "AKIAAKIAAKIAAKIAAKIAAKIa ",
  "letters of Google": "AIzaAIzaAIzaAIzaAIzaAIza ",
  "beginnings of JWTs": "eyJ",
  "beginnings of JWTs in parts": "eyJeyJeyJeyJeyJeyJeyJ.",
  "parts that are no JWT": "abcdefghijklmnopqrstuvwxyz.",
  "parts behind dots": "SG.abcdefghijklmnopqrstuvwxyz",
  "begins of private keys": "-----BEGIN RSA PRIVATE KEY-----",
  "begins of private keys with lines": "-----BEGIN RSA PRIVATE KEY-----\n+++++++++++++++\n",
  "begins that are no private keys": "-----BEGIN ",
  "dashes without end": "-",
  "a key without a value": "password=",
  "a key in brackets": "secret:(",
  "a key that says little": "token=",
  "a key in quotes": '"password":',
  "a key and a quote": "secret=\"a secret='b secret=`c ",
  "a key and an escaped quote": 'secret=\\"a secret=\\\\\\"b ',
  "a number under a key": '"password":1',
  "a word under a key": '"secret":password:',
  "a header of cookies": "cookie:",
  "a header of cookies with a name": "cookie: a",
  "colons without end": ":",
  "signs without end": "=",
  "keys of letters only": "password",
  "backslashes without end": "\\",
  "backslashes and quotes": '\\"',
  "quotes under a key": 'password="\\',
  "addresses without an end": "a://b:c",
  "addresses without a host": "://u:p/",
  "at signs without end": "@",
  "almost e-mail addresses": "a@a.",
  "labels without end": "a.a@a-a.",
  "digits without end": "4",
  "digits in groups": "4111 ",
  "words for credentials": "Bearer ",
  "words for credentials with values": "Basic abcdefgh",
  "options without end": "--password ",
  "options and values": "--password a1,b;",
  "commands without end": "curl -u a:b",
  markers: "[redacted:secret]",
  "markers and letters": "[redacted:secret] x1 ",
  "spaces without end": " ",
  "lines without end": "\n",
};

function redactorWith(options: RedactOptions): Redactor {
  const { rules, faults } = parseRedactOptions(options);
  expect(faults).toEqual([]);
  return createRedactor(rules);
}

const ends = ["", "!", '"', "\n", " x"];

test.each(Object.entries(worst))("%s", (_, piece) => {
  const redactor = redactorWith({ email: true, cardNumbers: true, keys: [/^x-[a-z]+$/] });
  for (const end of ends) {
    const text = piece.repeat(Math.ceil(LENGTH / piece.length)) + end;
    expect(redactor.text(text).length).toBeLessThanOrEqual(text.length * 20);
  }
});

/** A pattern of the user's takes a number of steps for each character that is bounded and not small. */
test.each(Object.entries(worst))("with patterns of a user: %s", (_, piece) => {
  const redactor = redactorWith({ patterns: [/\w+@\w+\.\w+/, /[a-z]\d/, /"[^"]*"/, /.*foo/] });
  const text = piece.repeat(Math.ceil(LENGTH / 10 / piece.length));
  expect(redactor.text(text).length).toBeLessThanOrEqual(text.length * 20);
});
