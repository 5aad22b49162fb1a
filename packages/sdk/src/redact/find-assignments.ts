import { endOfSecretWord, hasSpace, isPlaceholder, isRandom, isVariable, readValue } from "./assigned-value.ts";
import type { AssignedValue } from "./assigned-value.ts";
import { backslashesBefore, BACKSLASH, tokenCharacter } from "./characters.ts";
import { addUrlPassword } from "./find-url-passwords.ts";
import type { HiddenKeys } from "./hidden-keys.ts";
import type { Spans } from "./spans.ts";

const KEY_MAX_LENGTH = 64;
const SECRET = "secret";
const SPACE = 0x20;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const SLASH = 0x2f;

/**
 * Finds values behind keys that hide them (`password=…`, `"api_key": "…"`, `?token=…`, `Authorization: Bearer …`) and passwords in addresses.
 *
 * Looks at the `:` and `=` of a text, and from each back at the key. What is read of a value is either taken out and never read again, or bounded.
 */
export function findAssignments(text: string, keys: HiddenKeys, spans: Spans): void {
  let colon = text.indexOf(":");
  let equals = text.indexOf("=");
  while (colon >= 0 || equals >= 0) {
    const at = colon < 0 || (equals >= 0 && equals < colon) ? equals : colon;
    const next = inspect(text, at, keys, spans);
    if (colon >= 0 && colon < next) colon = text.indexOf(":", next);
    if (equals >= 0 && equals < next) equals = text.indexOf("=", next);
  }
}

/** A key, and the sign behind it. */
interface Assignment {
  key: string;
  keyStart: number;
  /** The quote behind the key with the backslashes before it; empty when there is none. */
  quote: string;
  /** Nothing stands between key, sign and value. */
  isTight: boolean;
}

/** Most signs are done with after three characters: each that is read here costs more than all the rest of a text without signs. */
function inspect(text: string, at: number, keys: HiddenKeys, spans: Spans): number {
  let keyEnd = at;
  let before = text.charCodeAt(at - 1);
  if (before === SPACE) {
    while (before === SPACE && at - keyEnd < 4) before = text.charCodeAt((keyEnd -= 1) - 1);
  } else if (before !== DOUBLE_QUOTE && text.charCodeAt(at + 1) === SLASH && text.startsWith("://", at)) {
    return addUrlPassword(text, at, spans);
  }
  const quoteEnd = keyEnd;
  if (before === DOUBLE_QUOTE || before === SINGLE_QUOTE) {
    keyEnd -= 1;
    before = text.charCodeAt(keyEnd - 1);
    if (before === BACKSLASH) {
      keyEnd -= backslashesBefore(text, keyEnd);
      before = text.charCodeAt(keyEnd - 1);
    }
  }
  if (!keys.mayEndWith(text.charCodeAt(keyEnd - 2), before)) return at + 1;
  const key = keyBefore(text, keyEnd);
  const verdict = key === "" ? "open" : keys.verdict(key);
  if (verdict === "open") return at + 1;
  let valueStart = at + 1;
  while (valueStart < at + 3 && /[=:>]/.test(text[valueStart] ?? "")) valueStart += 1;
  const isTight = keyEnd === at && text[valueStart] !== " ";
  const quote = text.slice(keyEnd, quoteEnd);
  const scheme = /authorization$/i.test(key) ? schemeAt(text, valueStart) : undefined;
  if (cookieKey.test(key) && quote === "" && text[at] === ":") return addHeader(text, valueStart, spans);
  const keyStart = keyEnd - key.length;
  const judged: Judged = { key, keyStart, quote, isTight, verdict, keys, hasScheme: scheme !== undefined };
  return addValue(text, scheme ?? valueStart, judged, spans);
}

function keyBefore(text: string, end: number): string {
  let start = end;
  while (start > 0 && end - start < KEY_MAX_LENGTH) {
    const code = text.charCodeAt(start - 1);
    if (tokenCharacter[code] === 0 && code !== 0x2e && code < 128) break;
    start -= 1;
  }
  // The letter of an escape is not the key's.
  if (text.charCodeAt(start - 1) === BACKSLASH && /[nrt]/.test(text[start] ?? "")) start += 1;
  return text.slice(start, end);
}

const schemeForm = /[ \t]{0,4}\\{0,15}["'`]?(?:Bearer|Basic|Token|Bot|ApiKey|Negotiate)[ \t]{1,4}/iy;

/** Behind `Bearer ` and its like, when a value begins so. */
function schemeAt(text: string, at: number): number | undefined {
  schemeForm.lastIndex = at;
  return schemeForm.test(text) ? schemeForm.lastIndex : undefined;
}

const environmentKey = /^[A-Z][A-Z\d_]*$/;
const cookieKey = /cookies?$/i;

interface Judged extends Assignment {
  verdict: "random" | "text" | "hidden";
  keys: HiddenKeys;
  hasScheme: boolean;
}

function addValue(text: string, from: number, key: Judged, spans: Spans): number {
  const value = readValue(text, from);
  if (value.quote === "") return addWord(text, value, key, spans);
  // A quote that closes what the key stands in, as in `["password:", "b"]`, opens no value: what may follow it does not begin one.
  if (value.quote !== key.quote && /^[\s,:;+\])}]/.test(value.text)) return from;
  // In forms and translations the text under `password` is “Password”.
  if (isPlaceholder(value.text) || value.text.toLowerCase() === key.key.toLowerCase()) return value.end;
  // A package of that name has a version; what a browser sends has a value.
  if (cookieKey.test(key.key) && !value.text.includes("=")) return from;
  const isHidden = key.verdict === "random" ? isRandom(value.text) : key.quote !== "" || !hasSpace(value.text);
  // In code, a text with spaces is for people: `password: "At least 8 characters"`. It may hold a secret all the same.
  if (!isHidden) return from;
  spans.add(value.start, value.end, SECRET);
  return value.end;
}

function addWord(text: string, value: AssignedValue, key: Judged, spans: Spans): number {
  const { start, text: word } = value;
  if (word === "" || isPlaceholder(word) || isVariable(text, start)) return start;
  // A number in JSON: a text has to stand there, or the JSON would be none.
  if (key.quote !== "" && !key.hasScheme) {
    if (key.verdict !== "hidden" || !/^-?[\d.eE+-]{1,40}$/.test(word)) return start;
    spans.add(start, start + word.length, SECRET, key.quote);
    return start + word.length;
  }
  if (!key.hasScheme && !isSecretWord(text, value, key)) return start;
  const isListed = key.isTight && (!environmentKey.test(key.key) || "?&;".includes(text[key.keyStart - 1] ?? " "));
  const end = endOfSecretWord(text, value, isListed);
  spans.add(start, end, SECRET);
  return end;
}

const reference = /^[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)*[!?]?$/;

function isSecretWord(text: string, value: AssignedValue, key: Judged): boolean {
  const word = value.text;
  const isReference = word.length < 128 && reference.test(word);
  // A call or an element is code, and so is a name that itself says what it holds: `password: hashedPassword`.
  if (isReference && /[([]/.test(text[value.start + word.length] ?? "")) return false;
  if (key.verdict === "random") return isRandom(word);
  if (isReference && (/\.[A-Za-z_$]/.test(word) || key.keys.verdict(word) !== "open")) return false;
  const hasDigit = /\d/.test(word);
  if (!key.isTight) return word.length >= 6 && (hasDigit || !isReference) && !/^[A-Za-z]+[.!?]?$|:$/.test(word);
  return hasDigit || !isReference || isSetting(text, key);
}

/** Whether a key without space before its value is one of an address, an option, or an environment, and not of a call in code. */
function isSetting(text: string, { key, keyStart }: Assignment): boolean {
  const before = text[keyStart - 1];
  return (
    keyStart === 0 ||
    before === undefined ||
    "?&;\n".includes(before) ||
    text.startsWith("; ", keyStart - 2) ||
    key.startsWith("--") ||
    environmentKey.test(key)
  );
}

/** A header's value goes to the end of its line. */
function addHeader(text: string, from: number, spans: Spans): number {
  let start = from;
  while (text[start] === " " && start < from + 4) start += 1;
  if (!/^[^=;\s"'`\\]{1,256}=/.test(text.slice(start, start + 260))) return from;
  let end = start;
  while (end < text.length && !/["'`\n\r\\]/.test(text[end]!)) end += 1;
  spans.add(start, end, SECRET);
  return end;
}

/** Finds `Bearer …` and `Basic …` where no key says what they are. In small letters they are words, but at the beginning of a value. */
export function findCredentials(text: string, spans: Spans): void {
  if (!text.includes(" ")) return;
  for (const word of ["Bearer ", "Basic "] as const) {
    for (let at = text.indexOf(word); at >= 0;)
      at = text.indexOf(word, addCredential(text, at + word.length, word, spans));
  }
  if (text.startsWith("bearer ")) addCredential(text, 7, "Bearer ", spans);
  if (text.startsWith("basic ")) addCredential(text, 6, "Basic ", spans);
}

function addCredential(text: string, from: number, word: "Bearer " | "Basic ", spans: Spans): number {
  credential.lastIndex = from;
  const value = credential.exec(text)?.[0] ?? "";
  if (word === "Bearer " ? isBearer(value) : isBasic(value)) spans.add(from, from + value.length, SECRET);
  return from + value.length;
}

const credential = /[\w.~+/=-]+/y;

function isBearer(value: string): boolean {
  return value.length >= 24 || (value.length >= 8 && /\d/.test(value));
}

/** Base64 of `user:password`, and nothing else. */
function isBasic(value: string): boolean {
  if (value.length < 8 || value.length > 4096 || !/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return false;
  const decoded = Buffer.from(value, "base64").toString("latin1");
  return /^[\x20-\x7e\x80-\xff]*$/.test(decoded) && decoded.includes(":");
}
