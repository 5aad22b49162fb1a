import { BACKSLASH, backslashesBefore } from "./characters.ts";
import { isMarker } from "./spans.ts";

/** The literal or word that stands behind a key. */
export interface AssignedValue {
  start: number;
  end: number;
  /** The quotes around it with the backslashes before them; empty when there are none. */
  quote: string;
  /** What of a word is certainly the value; more may follow up to `end`. The whole of a quoted one. */
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
const hardEnd = /[\s"'`,;&\\]/;
/** Where it may end already: a password can hold these, and so can the code around one. */
const softEnd = /[()[\]{}|<>]/;

function readWord(text: string, start: number): AssignedValue {
  let end = start;
  let head = -1;
  for (; end < text.length; end += 1) {
    const character = text[end]!;
    if (character === "\\" && text[end + 1] === "\\") {
      end += 1;
      continue;
    }
    if (hardEnd.test(character)) break;
    if (head < 0 && softEnd.test(character)) head = end;
  }
  const word = text.slice(start, end);
  // What closes the brackets around the word is not part of it.
  const trimmed = isMarker(word) ? end : start + word.replace(/[)\]}>.]{1,8}$/, "").length;
  return { start, end: trimmed, quote: "", text: text.slice(start, head < 0 ? trimmed : Math.min(head, trimmed)) };
}

/** Stands for a value instead of being one: empty, a variable, a type, a hint at what to put there, or what redaction left. */
export function isPlaceholder(value: string): boolean {
  if (value.length > 64) return isMarker(value);
  return value === "" || isMarker(value) || placeholder.test(value);
}

const placeholder =
  /^(?:[*.•…_-]{1,64}|x{3,64}|\$\{?\w{1,60}\}?|\$\([^)]*\)?|\{\{?[^{}]*\}\}?|<[^<>]*>|%\w{1,60}%|%[sdv]|(?:your|insert|enter)[-_ ].*|null|none|nil|undefined|true|false|any|str|string|text|int|integer|number|bool|boolean|object|array|unknown|required|optional|redacted|\[redacted\]|\[filtered\]|\[object object\])$/i;

/** Whether it looks made by chance: long, of one piece, with letters and digits. */
export function isRandom(value: string): boolean {
  if (value.length < 16 || value.length > LOOK_MAX_LENGTH) return value.length > LOOK_MAX_LENGTH && !hasSpace(value);
  return /^[\w.~+/=:%-]*$/.test(value) && /\d/.test(value) && /[A-Za-z]/.test(value);
}

export function hasSpace(value: string): boolean {
  return /\s/.test(value.slice(0, LOOK_MAX_LENGTH));
}
