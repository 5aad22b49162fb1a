const SLOTS = 8192;
const LONGEST_BYTES = 64;

/**
 * Bytes to strings, for short texts that come again and again: attribute keys, models, tools, span names.
 *
 * A direct-mapped cache, so that neither its memory nor the cost of a look-up can grow: a text that falls on a taken slot takes it over.
 */
export class ShortStrings {
  readonly #bytes: (Uint8Array | undefined)[] = Array.from({ length: SLOTS }, () => undefined);
  readonly #texts: string[] = Array.from({ length: SLOTS }, () => "");

  /** The text of `length` bytes from `at`. Invalid UTF-8 becomes replacement characters. */
  read(source: Buffer, at: number, length: number): string {
    if (length === 0) return "";
    if (length > LONGEST_BYTES) return source.toString("utf8", at, at + length);
    const slot = slotOf(source, at, length);
    const known = this.#bytes[slot];
    if (known !== undefined && isEqual(known, source, at, length)) return this.#texts[slot]!;
    const text = source.toString("utf8", at, at + length);
    this.#bytes[slot] = Uint8Array.prototype.slice.call(source, at, at + length);
    this.#texts[slot] = text;
    return text;
  }
}

/** A few bytes tell most texts apart; the comparison afterwards decides. */
function slotOf(source: Uint8Array, at: number, length: number): number {
  const last = at + length - 1;
  let hash = length;
  hash = Math.imul(hash, 31) + source[at]!;
  hash = Math.imul(hash, 31) + source[at + (length >> 2)]!;
  hash = Math.imul(hash, 31) + source[at + (length >> 1)]!;
  hash = Math.imul(hash, 31) + source[at + length - (length >> 2) - 1]!;
  hash = Math.imul(hash, 31) + source[last - (length > 3 ? 2 : 0)]!;
  hash = Math.imul(hash, 31) + source[last - (length > 3 ? 1 : 0)]!;
  hash = Math.imul(hash, 31) + source[last]!;
  return (hash ^ (hash >>> 13)) & (SLOTS - 1);
}

function isEqual(known: Uint8Array, source: Uint8Array, at: number, length: number): boolean {
  if (known.length !== length) return false;
  for (let index = 0; index < length; index++) {
    if (known[index] !== source[at + index]) return false;
  }
  return true;
}
