import { diffLines } from "diff";

import type { Sheet } from "./terminal.ts";
import { wrap } from "./text.ts";
import { inLines } from "./value.ts";

const linesMax = 16;

/** What changed between two values, as lines that went and lines that came. */
export function changedLines(before: unknown, after: unknown, { style, width }: Sheet): string[] {
  const text = (value: unknown): string => (value === null || value === undefined ? "" : `${inLines(parsed(value))}\n`);
  const lines = diffLines(text(before), text(after))
    .filter(({ added, removed }) => added || removed)
    .flatMap(({ value, added }) =>
      wrap(value.trimEnd(), width - 14).map((line) =>
        added ? style.green(`          + ${line}`) : style.red(`          - ${line}`),
      ),
    );
  const left = lines.length - linesMax;
  return left > 0 ? [...lines.slice(0, linesMax), style.dim(`          … ${left} more lines`)] : lines;
}

/** A result that is JSON in a text is compared member by member. */
function parsed(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
