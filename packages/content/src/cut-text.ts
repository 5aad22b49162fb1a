import { hash } from "node:crypto";

import { CUT_MARGIN_LENGTH, LEAF_MAX_LENGTH, PIECE_MAX_LENGTH } from "./limits.ts";

/** Where a text may be cut at or before `end`: never inside a character. */
function cutEnd(text: string, end: number): number {
  const isInside = end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800;
  return isInside ? end - 1 : end;
}

/**
 * Takes secrets out of a text and shortens one that is too long, which then says so at its end.
 *
 * The note tells the length of the whole and names how it ends, so that two texts with the same beginning stay different. What is cut off is not
 * looked at beyond that: it may be a hundred megabytes.
 */
export function keptText(text: string, redact: (text: string) => string): string {
  if (text.length <= LEAF_MAX_LENGTH) return redact(text);
  const kept = redact(text.slice(0, LEAF_MAX_LENGTH + CUT_MARGIN_LENGTH));
  const end = cutEnd(kept, Math.max(0, Math.min(LEAF_MAX_LENGTH, kept.length - CUT_MARGIN_LENGTH)));
  const ending = hash("sha256", text.slice(-PIECE_MAX_LENGTH));
  return `${kept.slice(0, end)}\n[runreel: cut, ${end} of ${text.length} characters kept, sha256 of the end ${ending}]`;
}

/** A long text as pieces that are short enough for a blob. */
export function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (let start = 0; start < text.length;) {
    const end = cutEnd(text, Math.min(start + PIECE_MAX_LENGTH, text.length));
    pieces.push(text.slice(start, end));
    start = end;
  }
  return pieces;
}
