/** Digits and `a` to `f`, small: hashes and UUIDs have no others. */
export const HEX = 1;
/** The other letters. */
export const LETTER = 2;
/** `-` and `_`, which join the parts of a token. */
export const JOINER = 4;

/** What a UTF-16 unit is in a token: `HEX`, `LETTER`, `JOINER`, or 0. One look-up, whatever the unit. */
export const tokenCharacter: Uint8Array = new Uint8Array(0x10000);
for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZghijklmnopqrstuvwxyz")
  tokenCharacter[character.charCodeAt(0)] = LETTER;
for (const character of "abcdef0123456789") tokenCharacter[character.charCodeAt(0)] = HEX;
for (const character of "-_") tokenCharacter[character.charCodeAt(0)] = JOINER;

/** Letters and digits of ASCII. */
export function isAlphanumeric(code: number): boolean {
  return (tokenCharacter[code]! & (HEX | LETTER)) !== 0;
}

export const BACKSLASH = 0x5c;

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Whether a text could be cut before `index` without cutting a word: escapes of JSON, URLs and terminals end words too. */
export function isWordStart(text: string, index: number): boolean {
  if (index === 0 || !isAlphanumeric(text.charCodeAt(index - 1))) return true;
  return escapeBefore.test(text.slice(Math.max(0, index - 9), index));
}

const escapeBefore = /\\[nrtbf]$|\\u[\da-fA-F]{4}$|%[\da-fA-F]{2}$|\[[\d;]{0,7}m$/;

/** How many backslashes stand before `index`; counts no further than 64. */
export function backslashesBefore(text: string, index: number): number {
  let count = 0;
  while (count < 64 && text.charCodeAt(index - 1 - count) === BACKSLASH) count += 1;
  return count;
}

/** Where a fixed text comes next. Asked for ever larger places it reads a text once, however often it is asked. */
export class NextIndex {
  readonly #text: string;
  readonly #searched: string;
  #index = -2;

  constructor(text: string, searched: string) {
    this.#text = text;
    this.#searched = searched;
  }

  /** The first index at or behind `from`; the text's length when there is none. */
  from(from: number): number {
    if (this.#index < from) {
      const index = this.#text.indexOf(this.#searched, from);
      this.#index = index < 0 ? this.#text.length : index;
    }
    return this.#index;
  }
}
