import { NextIndex } from "./characters.ts";
import type { Spans } from "./spans.ts";

const BEGIN = "-----BEGIN";
const header = /-----BEGIN[ A-Z0-9%+_-]{0,40}PRIVATE(?: |%20|\+|_)KEY(?:(?: |%20|\+)BLOCK)?-----/y;
const footer = /-----END[ A-Z0-9%+_-]{0,40}PRIVATE(?: |%20|\+|_)KEY(?:(?: |%20|\+)BLOCK)?-----/y;
/** What stands between two lines of a key: white space, escapes of it, and in code the quotes and signs that join texts. */
const joint = /(?:\\{1,8}[nr]|%0[AaDd]|[\s"'`+,\\]){1,32}/y;
const line = /[A-Za-z0-9+/=%]+/y;
/** A line of a key has 64 characters, its last one may be shorter. */
const LINE_MIN_LENGTH = 16;

/** Finds private keys in PEM form, also as a line of JSON, in pieces joined by code, or cut off. */
export function findPrivateKeys(text: string, spans: Spans): void {
  let begin = text.indexOf(BEGIN);
  if (begin < 0) return;
  const ends = new NextIndex(text, "-----END");
  const quotes = new NextIndex(text, '"');
  while (begin >= 0) {
    header.lastIndex = begin;
    let next = begin + BEGIN.length;
    if (header.test(text)) {
      const body = header.lastIndex;
      const end = ends.from(body);
      const another = text.indexOf(BEGIN, body);
      footer.lastIndex = end;
      const isWhole = quotes.from(body) > end && (another < 0 || another > end) && footer.test(text);
      next = isWhole ? footer.lastIndex : addLines(text, body, spans);
      if (isWhole) spans.add(begin, next, "private_key");
    }
    begin = text.indexOf(BEGIN, next);
  }
}

/** A key that nothing closes is taken out line by line, so that what joins the lines stays as it is. */
function addLines(text: string, from: number, spans: Spans): number {
  let at = from;
  for (let isLast = false; !isLast;) {
    joint.lastIndex = at;
    if (!joint.test(text)) break;
    const start = joint.lastIndex;
    line.lastIndex = start;
    if (!line.test(text)) break;
    isLast = line.lastIndex - start < LINE_MIN_LENGTH;
    if (isLast && at === from) break;
    at = line.lastIndex;
    spans.add(start, at, "private_key");
  }
  return at;
}
