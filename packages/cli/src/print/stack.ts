import { fileURLToPath } from "node:url";

import { harmless } from "./text.ts";

/**
 * The frames of a stack that say something: the program's own first, those of Node left out, those of packages counted.
 *
 * With no limit all frames come as they are.
 */
export function stackLines(stack: string | null, framesMax: number): string[] {
  if (!stack) return [];
  const frames = harmless(stack)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at "))
    .map(readable);
  if (framesMax === Number.POSITIVE_INFINITY) return frames;
  const own = frames.filter((frame) => !/node_modules|node:|<anonymous>/.test(frame));
  const shown = (own.length > 0 ? own : frames).slice(0, framesMax);
  const left = frames.length - shown.length;
  return left > 0 ? [...shown, `… ${left} more frames (--full)`] : shown;
}

/** Paths instead of file URLs, relative to where the command runs when they lie below it. */
function readable(frame: string): string {
  return frame.replaceAll(/file:\/\/[^\s)]+/g, (location) => {
    const [, url, position = ""] = /^(.*?)((?::\d+)*)$/.exec(location) ?? [location, location];
    try {
      const path = fileURLToPath(url ?? location);
      const here = `${process.cwd()}/`;
      return `${path.startsWith(here) ? path.slice(here.length) : path}${position}`;
    } catch {
      return location;
    }
  });
}
