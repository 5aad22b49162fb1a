import { hash } from "node:crypto";

const NOTE_MAX_BYTES = 160;

/**
 * Shortens a text that is larger than a blob may be, and says so at its end.
 *
 * The note has the hash of the whole, so that two texts with the same beginning stay different.
 */
export function cutText(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text;
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxBytes) return text;
  // A character that is cut in two by the limit would decode to U+FFFD: go back to where one begins.
  const whole = Buffer.from(text);
  let end = maxBytes - NOTE_MAX_BYTES;
  while (end > 0 && (whole[end]! & 0xc0) === 0x80) end -= 1;
  const note = `\n[runreel: cut, ${end} of ${bytes} bytes kept, sha256 ${hash("sha256", whole)}]`;
  return whole.toString("utf8", 0, end) + note;
}
