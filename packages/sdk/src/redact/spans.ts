import { BACKSLASH } from "./characters.ts";

/** What stands in a text where something was taken out. It names the kind and nothing else, so that equal texts stay equal. */
export function marker(kind: string): string {
  return `[redacted:${kind}]`;
}

/** Kinds of markers, and names of users' patterns. */
export const kindForm: RegExp = /^[a-z0-9_]{1,40}$/;

const wholeMarker = /^\[redacted:[a-z0-9_]{1,40}\]$/;

export function isMarker(text: string): boolean {
  return text.length < 64 && wholeMarker.test(text);
}

/** Whether `start` to `end` is part of a marker. */
export function isInMarker(text: string, start: number, end: number): boolean {
  const from = Math.max(0, start - 64);
  const before = text.slice(from, start + 1).lastIndexOf("[");
  anyMarker.lastIndex = from + before;
  return before >= 0 && anyMarker.test(text) && anyMarker.lastIndex >= end;
}

const anyMarker = /\[redacted:[a-z0-9_]{1,40}\]/y;

interface Span {
  start: number;
  end: number;
  replacement: string;
}

/** The places of one text that are to be taken out. */
export class Spans {
  #text = "";
  /** Most texts have none. */
  #spans: Span[] | undefined;

  /** Begins with a text. */
  begin(text: string): void {
    this.#text = text;
    this.#spans = undefined;
  }

  /** Takes out `start` to `end`. What is put there is `quote`, the marker, `quote`. */
  add(start: number, end: number, kind: string, quote = ""): void {
    const from = this.#behindEscape(start);
    if (from < end) (this.#spans ??= []).push({ start: from, end, replacement: quote + marker(kind) + quote });
  }

  get isEmpty(): boolean {
    return this.#spans === undefined;
  }

  /** The text without its spans, and how many places they were once those that touch are taken as one. */
  apply(): { text: string; count: number } {
    const spans = this.#spans ?? [];
    // Of spans that overlap the one that begins first speaks, of those that begin together the longest.
    if (spans.length > 1) spans.sort((a, b) => a.start - b.start || b.end - a.end);
    const parts: string[] = [];
    let done = 0;
    let count = 0;
    for (const { start, end, replacement } of spans) {
      if (start >= done) {
        parts.push(this.#text.slice(done, start), replacement);
        count += 1;
      }
      if (end > done) done = end;
    }
    parts.push(this.#text.slice(done));
    return { text: parts.join(""), count };
  }

  /** Half an escape would make a JSON text invalid: what may be the rest of one stays. It is never the secret part. */
  #behindEscape(start: number): number {
    if (this.#text.charCodeAt(start - 1) !== BACKSLASH) return start;
    const [escape] = escapeRest.exec(this.#text.slice(start, start + 5)) ?? [""];
    return start + escape.length;
  }
}

const escapeRest = /^(?:u[\da-fA-F]{4}|[bfnrt"\\/])/;
