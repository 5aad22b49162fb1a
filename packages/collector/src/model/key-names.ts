const KEYS_MAX = 2048;
const SLOTS = 8192;
const LONGEST_BYTES = 96;

/**
 * Attribute keys as small numbers. A request names some dozen keys thousands of times: as numbers they are compared and looked up without touching
 * their bytes again, which by then have left the processor's caches.
 *
 * A number stands for its key as long as the process lives. Bounded: beyond so many keys, and for long ones, the number is 0, which says nothing.
 */
export class KeyNames {
  #count = 0;
  readonly #slots: Uint16Array = new Uint16Array(SLOTS);
  /** Of each number: where its bytes stand in `#bytes`, and its text. */
  readonly #at: Uint32Array = new Uint32Array(KEYS_MAX + 2);
  readonly #names: string[] = [""];
  /** The key that came after this one last time: spans of a kind have their keys in the same order. */
  readonly #next: Uint16Array = new Uint16Array(KEYS_MAX + 1);
  #bytes: Buffer = Buffer.alloc(16_384);
  #last = 0;

  /** The number of the key of `length` bytes from `at`; 0 for none. */
  idOf(source: Uint8Array, at: number, length: number): number {
    const guess = this.#next[this.#last]!;
    const id = guess !== 0 && this.#is(guess, source, at, length) ? guess : this.#find(source, at, length);
    this.#next[this.#last] = id;
    this.#last = id;
    return id;
  }

  /** The number of a key by its text. */
  idOfName(name: string): number {
    const bytes = Buffer.from(name);
    return this.#find(bytes, 0, bytes.length);
  }

  nameOf(id: number): string {
    return this.#names[id]!;
  }

  #find(source: Uint8Array, at: number, length: number): number {
    if (length === 0 || length > LONGEST_BYTES) return 0;
    let slot = hashOf(source, at, length) & (SLOTS - 1);
    for (let id = this.#slots[slot]!; id !== 0; id = this.#slots[slot]!) {
      if (this.#is(id, source, at, length)) return id;
      slot = (slot + 1) & (SLOTS - 1);
    }
    if (this.#count === KEYS_MAX) return 0;
    const id = ++this.#count;
    this.#slots[slot] = id;
    this.#keep(id, source, at, length);
    return id;
  }

  #keep(id: number, source: Uint8Array, at: number, length: number): void {
    const from = this.#at[id]!;
    if (from + length > this.#bytes.length)
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length)]);
    this.#bytes.set(source.subarray(at, at + length), from);
    this.#at[id + 1] = from + length;
    this.#names.push(this.#bytes.toString("utf8", from, from + length));
  }

  #is(id: number, source: Uint8Array, at: number, length: number): boolean {
    const bytes = this.#bytes;
    const from = this.#at[id]!;
    if (this.#at[id + 1]! - from !== length) return false;
    for (let index = 0; index < length; index++) if (bytes[from + index] !== source[at + index]) return false;
    return true;
  }
}

/** How many numbers there are, 0 among them. */
export const KEY_IDS: number = KEYS_MAX + 1;

export const keyNames: KeyNames = new KeyNames();

function hashOf(source: Uint8Array, at: number, length: number): number {
  let hash = length;
  for (let index = at; index < at + length; index++) hash = Math.imul(hash, 31) + source[index]!;
  return hash ^ (hash >>> 13);
}
