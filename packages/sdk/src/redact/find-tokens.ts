import { HEX, isAlphanumeric, isDigit, isWordStart, JOINER, LETTER, NextIndex, tokenCharacter } from "./characters.ts";
import type { Spans } from "./spans.ts";
import { tokenFormats } from "./token-formats.ts";
import type { TokenFormat } from "./token-formats.ts";

/** The shortest key of all that are told by their form: an AWS access key. */
const LEAST_LENGTH = 20;
/** Between a bot's number and its secret. */
const TELEGRAM_START = ":AA";

/**
 * Finds the keys of providers by their form, wherever they stand.
 *
 * Each is a run of at least 20 letters, digits, `-` and `_`, and prose has few of these. So only every twentieth character is looked at until
 * one is in a run: nothing that matters fits between two looks. Every run is read once.
 */
export function findTokens(text: string, spans: Spans): void {
  if (!mayHoldToken(text)) return;
  const { length } = text;
  let known: KnownPlaces | undefined;
  let probe = LEAST_LENGTH - 1;
  while (probe < length) {
    let seen = tokenCharacter[text.charCodeAt(probe)]!;
    if (seen === 0) {
      probe += LEAST_LENGTH;
      continue;
    }
    let start = probe;
    for (; start > 0; start -= 1) {
      const kind = tokenCharacter[text.charCodeAt(start - 1)]!;
      if (kind === 0) break;
      seen |= kind;
    }
    let end = probe + 1;
    for (; end < length; end += 1) {
      const kind = tokenCharacter[text.charCodeAt(end)]!;
      if (kind === 0) break;
      seen |= kind;
    }
    // Hashes and UUIDs are long too, and hold no letter that a prefix has.
    if (end - start >= LEAST_LENGTH && (seen & LETTER) !== 0) {
      known ??= new KnownPlaces(text);
      end = inspectRun(text, { start, end, isJoined: (seen & JOINER) !== 0 }, known, spans);
    }
    probe = end + LEAST_LENGTH;
  }
}

/** One of these stands in every token but Twilio's. An image in base64 has none, and is long. */
const marks: readonly string[] = ["-", "_", ".", "AKIA", "ASIA", "AIza", TELEGRAM_START];

function mayHoldToken(text: string): boolean {
  for (const mark of marks) if (text.includes(mark)) return true;
  for (let at = text.indexOf("SK"); at >= 0; at = text.indexOf("SK", at + 1))
    if (isTwilio(text, at, text.length)) return true;
  return false;
}

/** Letters, digits, `-` and `_` in a row, with something else before and behind. */
interface Run {
  start: number;
  end: number;
  isJoined: boolean;
}

/** Where beginnings that hold no `-` or `_` come next. */
class KnownPlaces {
  readonly akia: NextIndex;
  readonly asia: NextIndex;
  readonly aiza: NextIndex;
  readonly jwt: NextIndex;
  readonly twilio: NextIndex;

  constructor(text: string) {
    this.akia = new NextIndex(text, "AKIA");
    this.asia = new NextIndex(text, "ASIA");
    this.aiza = new NextIndex(text, "AIza");
    this.jwt = new NextIndex(text, "eyJ");
    this.twilio = new NextIndex(text, "SK");
  }
}

/**
 * Adds the secrets in a run; gives the place from which to go on. From where one begins the run goes away whole: nobody knows where it ends.
 * What stands before it in the run is looked through for the next kind.
 */
function inspectRun(text: string, run: Run, known: KnownPlaces, spans: Spans): number {
  const { start } = run;
  let end = run.end;
  const take = (from: number, kind: string): void => {
    spans.add(from, run.end, kind);
    end = from;
  };
  let next = run.end;
  if (text[end] === ".") {
    const jwt = known.jwt.from(start);
    const jwtEnd = jwt + 16 <= end ? endOfJwt(text, end) : 0;
    if (jwtEnd > 0) {
      spans.add(jwt, jwtEnd, "jwt");
      end = jwt;
      next = jwtEnd;
    }
  }
  if (run.isJoined) {
    const prefixed = findPrefix(text, start, end);
    if (prefixed !== undefined) take(prefixed.from, prefixed.kind);
  }
  for (const places of [known.akia, known.asia]) {
    const at = places.from(start);
    if (at + LEAST_LENGTH > end || !isCapitals(text, at, at + LEAST_LENGTH)) continue;
    if (end === run.end) addSecretBeside(text, end, spans);
    take(at, "aws_access_key");
  }
  const aiza = known.aiza.from(start);
  if (aiza + 39 <= end && isGoogleStart(text, start, aiza)) take(aiza, "google_key");
  const twilio = known.twilio.from(start);
  if (isTwilio(text, twilio, end)) take(twilio, "twilio_key");
  return addByNeighbour(text, { start, end, next }, spans);
}

/** The formats by the letter or digit before the first joiner of their prefix. */
const formatsByLetter: TokenFormat[][] = [];
const headLengths = new Map<TokenFormat, number>();
for (const format of tokenFormats) {
  const head = format.prefix.search(/[-_]/);
  headLengths.set(format, head);
  (formatsByLetter[format.prefix.charCodeAt(head - 1)] ??= []).push(format);
}

function findPrefix(text: string, start: number, end: number): { from: number; kind: string } | undefined {
  for (let at = start + 1; at < end; at += 1) {
    if (tokenCharacter[text.charCodeAt(at)] !== JOINER) continue;
    for (const format of formatsByLetter[text.charCodeAt(at - 1)] ?? []) {
      const from = at - headLengths.get(format)!;
      if (from >= start && fits(text, from, end, format)) return { from, kind: format.kind };
    }
  }
  return undefined;
}

function fits(text: string, from: number, end: number, format: TokenFormat): boolean {
  const body = from + format.prefix.length;
  if (end - body < format.least || !text.startsWith(format.prefix, from)) return false;
  if (format.joined !== true) {
    for (let at = body; at < body + format.least; at += 1) {
      if (!isAlphanumeric(text.charCodeAt(at))) return false;
    }
  }
  if (format.mixed === true && !isMixed(text.slice(body, body + 128))) return false;
  return format.word !== true || isWordStart(text, from);
}

function isMixed(text: string): boolean {
  return /\d/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text);
}

function isCapitals(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (!isDigit(code) && (code < 0x41 || code > 0x5a)) return false;
  }
  return true;
}

/** `SK` and 32 hex digits at the beginning of a word. */
function isTwilio(text: string, at: number, end: number): boolean {
  if (at + 34 > end || !isWordStart(text, at)) return false;
  for (let digit = at + 2; digit < at + 34; digit += 1)
    if (tokenCharacter[text.charCodeAt(digit)] !== HEX) return false;
  return true;
}

/** An AWS secret is forty characters without a sign of their own; beside the id that it belongs to, they are one. */
const secretBeside = /[\s,;:|"'\\]{1,12}([A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])/y;

function addSecretBeside(text: string, from: number, spans: Spans): void {
  secretBeside.lastIndex = from;
  if (secretBeside.test(text)) spans.add(secretBeside.lastIndex - 40, secretBeside.lastIndex, "aws_secret_key");
}

/** In a megabyte of base64 the four letters come about by chance, and seldom at the beginning of a run. */
function isGoogleStart(text: string, start: number, at: number): boolean {
  const before = text[start - 1];
  return isWordStart(text, at) || (at - start <= 16 && before !== "+" && before !== "/");
}

/** A signed token has three parts, an encrypted one five; the last may be empty. 0 when there are fewer. */
function endOfJwt(text: string, firstDot: number): number {
  let dot = firstDot;
  for (let parts = 1; parts < 5; parts += 1) {
    const end = endOfPart(text, dot + 1);
    const isEmpty = end === dot + 1;
    if (text[end] !== "." || parts === 4) {
      // Two parts are one that was cut off if the second is JSON too, or else a name with a dot in it.
      return parts > 1 || text.startsWith("eyJ", dot + 1) ? end - (isEmpty && parts > 2 ? 1 : 0) : 0;
    }
    if (parts === 1 && (isEmpty ? endOfPart(text, end + 1) === end + 1 : end - dot < 9)) return 0;
    dot = end;
  }
  return dot;
}

function endOfPart(text: string, from: number): number {
  let end = from;
  while (end < text.length && tokenCharacter[text.charCodeAt(end)] !== 0) end += 1;
  return end;
}

/** What a run is can also stand before it: `SG.`, or a bot's number and a colon. */
function addByNeighbour(text: string, run: { start: number; end: number; next: number }, spans: Spans): number {
  const { start, end, next } = run;
  const length = end - start;
  for (const { kind, form, least, most } of neighbours[text[start - 1] ?? ""] ?? []) {
    if (length < least || length > most || (kind === "telegram_token" && !text.startsWith(TELEGRAM_START, start - 1))) {
      continue;
    }
    const match = form.exec(text.slice(Math.max(0, start - 16), start));
    if (match === null) continue;
    // SendGrid's has two parts.
    const rest = kind === "sendgrid_key" && end === next && text[end] === "." ? endOfPart(text, end + 1) : next;
    spans.add(start - (match[1]?.length ?? 0), rest, kind);
    return rest;
  }
  return next;
}

interface Neighbour {
  kind: string;
  /** Fits the end of what stands before the run; the group is taken out with it. */
  form: RegExp;
  least: number;
  most: number;
}

/** What may stand before a run, by its last character. */
const neighbours: Record<string, readonly Neighbour[]> = {
  ".": [
    { kind: "sendgrid_key", form: /(SG\.)$/, least: 20, most: Infinity },
    { kind: "google_token", form: /(ya29\.)$/, least: 20, most: Infinity },
    { kind: "vault_token", form: /(hv[sbr]\.)$/, least: 20, most: Infinity },
    { kind: "doppler_token", form: /(dp\.[a-z]{2,5}\.)$/, least: 40, most: Infinity },
    { kind: "dynatrace_token", form: /(dt0c01\.)$/, least: 20, most: Infinity },
  ],
  ":": [{ kind: "telegram_token", form: /(?:^|\D)(\d{8,10}:)$/, least: 35, most: 35 }],
};
