import { isInMarker } from "./spans.ts";
import type { Spans } from "./spans.ts";

/** An expression of the user's, with the flags `g` and without `y`. */
export interface UserPattern {
  name: string;
  pattern: RegExp;
}

/** What an expression sees of a text at once: what it may do per character of it is bounded by this. */
const PATTERN_WINDOW_LENGTH = 1024;
/** What two pieces of a long text share: a match of up to this length is found wherever it stands. */
const PATTERN_OVERLAP_LENGTH = 256;

/** Finds what the user's own expressions match. A long text is shown to them in pieces that overlap. */
export function findUserPatterns(text: string, patterns: readonly UserPattern[], spans: Spans): void {
  const step = PATTERN_WINDOW_LENGTH - PATTERN_OVERLAP_LENGTH;
  for (let from = 0; from === 0 || from + PATTERN_OVERLAP_LENGTH < text.length; from += step) {
    const piece = text.length <= PATTERN_WINDOW_LENGTH ? text : text.slice(from, from + PATTERN_WINDOW_LENGTH);
    for (const { name, pattern } of patterns) {
      pattern.lastIndex = 0;
      for (let match = pattern.exec(piece); match !== null; match = pattern.exec(piece)) {
        const [start, end] = [from + match.index, from + match.index + match[0].length];
        // A match of nothing, which an expression can have in some texts, would be found for ever.
        if (start === end) pattern.lastIndex += 1;
        // What redaction put there is no find: redacting twice changes nothing.
        else if (!isInMarker(text, start, end)) spans.add(start, end, name);
      }
    }
    if (piece === text) return;
  }
}
