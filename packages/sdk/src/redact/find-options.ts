import { endOfSecretWord, hasSpace, isPlaceholder, isVariable, readValue } from "./assigned-value.ts";
import type { HiddenKeys } from "./hidden-keys.ts";
import type { Spans } from "./spans.ts";

const option = /--([A-Za-z][\w-]{1,40})[ \t]{1,4}/y;
const curlUser = /(?:-u|--user|--proxy-user)[ =]{1,2}["']?[\w.@-]{1,64}:([^\s"'`\\]{1,256})/y;

/** Finds what stands behind options of commands: `--password …`, `--api-key …`, and the user of `curl -u user:password`. */
export function findOptions(text: string, keys: HiddenKeys, spans: Spans): void {
  let next = 0;
  for (let at = text.indexOf("--"); at >= 0; at = text.indexOf("--", next)) {
    option.lastIndex = at;
    const name = option.exec(text)?.[1];
    next = name === undefined ? at + 2 : option.lastIndex;
    if (name !== undefined && keys.verdict(name) === "hidden") next = addOptionValue(text, next, spans);
  }
  for (let at = text.indexOf("curl "); at >= 0; at = text.indexOf("curl ", at + 5)) addCurlUser(text, at + 5, spans);
}

function addOptionValue(text: string, from: number, spans: Spans): number {
  const value = readValue(text, from);
  // A word of letters only is one of the sentence that tells of the option, and a text with spaces is none that a command gets.
  const isProse =
    value.quote === "" ? /^[A-Za-z]*[.,:]?$/.test(value.text) : hasSpace(value.text) || /^[,:;+\])}]/.test(value.text);
  if (isProse || isPlaceholder(value.text) || isVariable(text, value.start)) return from;
  const end = value.quote === "" ? endOfSecretWord(text, value, false) : value.end;
  spans.add(value.start, end, "secret");
  return end;
}

/** How far behind `curl` its options are looked for. */
const COMMAND_MAX_LENGTH = 512;

function addCurlUser(text: string, from: number, spans: Spans): void {
  const command = text.slice(from, from + COMMAND_MAX_LENGTH);
  for (const name of ["-u", "--user", "--proxy-user"]) {
    const at = command.indexOf(name);
    if (at < 0) continue;
    curlUser.lastIndex = from + at;
    const password = curlUser.exec(text)?.[1];
    if (password === undefined || isPlaceholder(password) || isVariable(password, 0)) continue;
    spans.add(curlUser.lastIndex - password.length, curlUser.lastIndex, "password");
  }
}
