/** A value for reading, and whether anything of it was left out. */
export interface Shortened {
  value: unknown;
  truncated: boolean;
}

/** Lengths that texts are cut to, one after the other, until the whole is small enough. */
const TEXT_LENGTHS = [16_384, 4096, 1024, 256, 64];
const ELEMENTS_KEPT = 20;

/** Cuts a JSON value to about `maxBytes` of JSON text: long texts first, then the middle of long arrays, then everything. Keeps the shape as far as it can. */
export function shorten(value: unknown, maxBytes: number): Shortened {
  if (fits(value, maxBytes)) return { value, truncated: false };
  for (const length of TEXT_LENGTHS) {
    const cut = cutTexts(value, length);
    if (fits(cut, maxBytes)) return { value: cut, truncated: true };
  }
  const cut = cutArrays(cutTexts(value, TEXT_LENGTHS.at(-1)!));
  return { value: fits(cut, maxBytes) ? cut : null, truncated: true };
}

function fits(value: unknown, maxBytes: number): boolean {
  return value === undefined || Buffer.byteLength(JSON.stringify(value)) <= maxBytes;
}

function cutTexts(value: unknown, length: number): unknown {
  if (typeof value === "string") {
    return value.length > length ? `${value.slice(0, length)}… (${value.length - length} more characters)` : value;
  }
  return mapMembers(value, (member) => cutTexts(member, length));
}

function cutArrays(value: unknown): unknown {
  if (Array.isArray(value) && value.length > 2 * ELEMENTS_KEPT) {
    return [...value.slice(0, ELEMENTS_KEPT), ...value.slice(-ELEMENTS_KEPT)].map(cutArrays);
  }
  return mapMembers(value, cutArrays);
}

function mapMembers(value: unknown, map: (member: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(map);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, map(member)]));
}
