import { stripVTControlCharacters } from "node:util";

import truncatedWidth from "fast-string-truncated-width";
import { wrapAnsi } from "fast-wrap-ansi";

/** Columns that a text takes; colours take none, wide characters two. */
export const widthOf = (text: string): number => truncatedWidth(text).width;

/**
 * A recorded text made harmless for a terminal: no escape sequences and no control characters but the end of a line.
 *
 * What an agent has read may try to move the cursor or to pass for output of ours.
 */
export function harmless(text: string): string {
  return (
    stripVTControlCharacters(text)
      .replaceAll("\r\n", "\n")
      .replaceAll("\t", "  ")
      // oxlint-disable-next-line no-control-regex -- removing them is the point
      .replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "")
  );
}

/** The text on one line: what was broken over lines is joined with spaces. */
export const oneLine = (text: string): string => harmless(text).replaceAll(/\s+/g, " ").trim();

/** Cuts a text to a width; the last column is then an ellipsis. */
export function fit(text: string, width: number): string {
  if (width <= 0) return "";
  if (widthOf(text) <= width) return text;
  const { index } = truncatedWidth(text, { limit: width - 1 });
  let kept = text.slice(0, index);
  // A cut through a joined character can make its parts wider than the whole was.
  while (widthOf(kept) >= width) kept = kept.slice(0, -1);
  return `${kept}…`;
}

/** Fills up with spaces from the left; never cuts. */
export const padStart = (text: string, width: number): string => " ".repeat(Math.max(0, width - widthOf(text))) + text;

/** Breaks a text into lines of a width, keeping its own line breaks. With `maxLines` the last one kept ends in an ellipsis. */
export function wrap(text: string, width: number, maxLines: number = Number.POSITIVE_INFINITY): string[] {
  // Enough for the lines that are kept: a result of megabytes is not wrapped for two of them.
  const bounded = maxLines === Number.POSITIVE_INFINITY ? text : text.slice(0, (width + 1) * (maxLines + 1) * 4);
  const lines = harmless(bounded)
    .split("\n")
    .flatMap((line) =>
      wrapAnsi(line, width, { hard: true, trim: false })
        .split("\n")
        .map((part, at) => fit((at === 0 ? part : part.trimStart()).trimEnd(), width)),
    );
  if (lines.length <= maxLines) return lines;
  const kept = lines.slice(0, maxLines);
  kept[maxLines - 1] = fit(`${kept[maxLines - 1] ?? ""} …`, width);
  return kept;
}
