import { BACKSLASH, backslashesBefore } from "./characters.ts";
import { isMarker } from "./spans.ts";

/** The literal or word that stands behind a key. */
export interface AssignedValue {
  start: number;
  end: number;
  /** The quotes around it with the backslashes before them; empty when there are none. */
  quote: string;
  /** Of a word, what stands before the first bracket. */
  text: string;
}

const QUOTES = "\"'`";
/** A literal that holds a space within this length can be told from one that does not; a longer one is taken for one that does not. */
const LOOK_MAX_LENGTH = 1024;

/** The value that begins at `from`, spaces before it aside. */
export function readValue(text: string, from: number): AssignedValue {
  let start = from;
  while (start < from + 8 && (text[start] === " " || text[start] === "\t")) start += 1;
  let quoteAt = start;
  while (quoteAt < start + 16 && text.charCodeAt(quoteAt) === BACKSLASH) quoteAt += 1;
  const quote = text[quoteAt];
  if (quote === undefined || !QUOTES.includes(quote)) return readWord(text, start);
  const end = endOfLiteral(text, quoteAt + 1, quote, quoteAt - start);
  return { start: quoteAt + 1, end, quote: text.slice(start, quoteAt + 1), text: text.slice(quoteAt + 1, end) };
}

/**
 * The end of a literal that was opened by `quote` behind `depth` backslashes: in JSON that is itself a string in JSON, quotes have one, in the
 * next layer three. A quote with fewer closes the layer around it, and so this one too. The same goes for a line that ends.
 */
function endOfLiteral(text: string, from: number, quote: string, depth: number): number {
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === "\n") return at;
    if (character !== quote) continue;
    const count = backslashesBefore(text, at);
    const before = Math.min(count, at - from);
    if (before < depth) return at - before;
    if (before % (2 * (depth + 1)) === depth) return at - depth;
  }
  return text.length;
}

/** Where a word ends at the latest. */
const HARD = 1;
/** Where it may end already: a password can hold these, and so can the code around one. */
const SOFT = 2;
const wordEnds = new Uint8Array(128);
for (const character of " \t\n\v\f\r\"'`,;&\\") wordEnds[character.charCodeAt(0)] = HARD;
for (const character of "()[]{}|<>") wordEnds[character.charCodeAt(0)] = SOFT;

function readWord(text: string, start: number): AssignedValue {
  const head = endOfWord(text, start, SOFT);
  // What closes the brackets around the word is not part of it, nor is what ends the sentence.
  const end = head - (/[.]{1,8}$/.exec(text.slice(Math.max(start, head - 8), head))?.[0].length ?? 0);
  return { start, end, quote: "", text: text.slice(start, end) };
}

function endOfWord(text: string, from: number, strictest: typeof HARD | typeof SOFT): number {
  let end = from;
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    const ends = code < 128 ? wordEnds[code]! : 0;
    if (ends === 0 || ends > strictest) continue;
    // A backslash that is itself escaped is part of the word; another one begins an escape.
    if (code !== BACKSLASH || text.charCodeAt(end + 1) !== BACKSLASH) break;
    end += 1;
  }
  return Math.min(end, text.length);
}

/**
 * Where a word that is a secret ends, brackets in it included and those around it not. In an address or a list of settings `&`, `;` and `,` end
 * it too; elsewhere only before a space.
 */
export function endOfSecretWord(text: string, value: AssignedValue, isListed: boolean): number {
  let end = endOfWord(text, value.end, HARD);
  if (!isListed) while (/^[,;&][^\s"'`\\]/.test(text.slice(end, end + 2))) end = endOfWord(text, end + 1, HARD);
  const closing = /[)\]}>.]{1,8}$/.exec(text.slice(Math.max(value.end, end - 8), end));
  return end - (closing?.[0].length ?? 0);
}

/** Whether `${…}`, `$(…)` or `{{…}}` begins here. */
export function isVariable(text: string, at: number): boolean {
  return /^(?:\$[{(]|\{\{)/.test(text.slice(at, at + 2));
}

/** Stands for a value instead of being one: empty, a variable, a type, a hint at what to put there, or what redaction left. */
export function isPlaceholder(value: string): boolean {
  if (value.length > 64) return isMarker(value);
  return value === "" || isMarker(value) || placeholder.test(value);
}

const placeholder =
  /^(?:[*.•…_-]{1,64}|x{3,64}|\$\{?\w{1,60}\}?|\$\([^)]*\)?|\{\{?[^{}]*\}\}?|<[^<>]*>|%\w{1,60}%|%[sdv]|(?:your|insert|enter)[-_ ].*|![01]|null|none|nil|undefined|true|false|any|function|symbol|bigint|str|string|text|int|integer|number|bool|boolean|object|array|unknown|required|optional|redacted|\[redacted\]|\[filtered\]|\[object object\])$/i;

/** Whether it looks made by chance: long, of one piece, with letters and digits. */
export function isRandom(value: string): boolean {
  if (value.length < 16 || value.length > LOOK_MAX_LENGTH) return value.length > LOOK_MAX_LENGTH && !hasSpace(value);
  return /^[\w.~+/=:%-]*$/.test(value) && /\d/.test(value) && /[A-Za-z]/.test(value);
}

export function hasSpace(value: string): boolean {
  return /\s/.test(value.slice(0, LOOK_MAX_LENGTH));
}
