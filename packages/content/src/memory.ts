/** What an encoder knows about an object it has written. */
export interface Remembered {
  /** The object's text in a tree. */
  readonly text: string;
  /** The text of a reference to it, once it has been written as a tree of its own. */
  ref: string | undefined;
  /** The same for the instance that this is the plain form of, by the codec that made it. */
  as: { readonly codec: string; readonly known: Remembered } | undefined;
  /** An instance, whose changes cannot be seen from outside: only good for its reference, when its plain form has been compared. */
  readonly isInstance: boolean;
  /** How many levels lie below it. */
  readonly height: number;
  readonly keys: readonly string[] | undefined;
  readonly values: readonly unknown[];
  /** What is known of those values that are objects, place by place; undefined where nothing is. */
  readonly inner: readonly (Remembered | undefined)[] | undefined;
  /** The encoding in which it was last found unchanged. */
  checkedIn: number;
}

/** Larger objects are looked through again each time, since remembering them would hold as much as they do. */
export const REMEMBERED_MAX_LENGTH = 64;

/** Longer texts are rare, and hashing them anew is no great matter beside holding them. */
const TEXT_REMEMBERED_MAX_LENGTH = 64 * 1024;

/** Characters after which the texts so far count as earlier ones, and those before them are let go. */
const TEXTS_MAX_LENGTH = 1024 * 1024;

/**
 * Remembers plain objects and arrays with their members, so that an object which has not changed is not written again.
 *
 * An object can change between two looks, so each is compared with what it held: member by member, by identity, and then the
 * members themselves. That costs a fraction of writing and hashing, and never gives a stale text. Only roots and objects
 * that were cut out as trees of their own can be looked up; what lies inside them hangs on their memory, since weak references are dear to
 * the garbage collector.
 */
export class Memory {
  #objects = new WeakMap<object, Remembered>();
  #texts = new Map<string, string>();
  #earlierTexts = new Map<string, string>();
  #textsLength = 0;

  /** What is known of an object, if that is still true. */
  recall(value: object, encoding: number): Remembered | undefined {
    const known = this.#objects.get(value);
    return known !== undefined && isUnchanged(value, known, encoding) ? known : undefined;
  }

  /** Makes an object one that can be looked up. */
  keep(value: object, known: Remembered): void {
    if (!known.isInstance) this.#objects.set(value, known);
  }

  /** The reference to a long text that has been cut out before: a tool's result comes as result, as message and in the next question. */
  refOfText(text: string): string | undefined {
    return this.#texts.get(text) ?? this.#earlierTexts.get(text);
  }

  keepText(text: string, ref: string): void {
    if (text.length > TEXT_REMEMBERED_MAX_LENGTH) return;
    if (this.#textsLength + text.length > TEXTS_MAX_LENGTH) {
      this.#earlierTexts = this.#texts;
      this.#texts = new Map();
      this.#textsLength = 0;
    }
    this.#texts.set(text, ref);
    this.#textsLength += text.length;
  }

  forget(): void {
    this.#objects = new WeakMap();
    this.#texts = new Map();
    this.#earlierTexts = new Map();
    this.#textsLength = 0;
  }
}

function isUnchanged(value: object, known: Remembered, encoding: number): boolean {
  if (known.isInstance) return false;
  if (known.checkedIn === encoding) return true;
  const { keys, values, inner } = known;
  if (!(keys === undefined ? hasElements(value, values) : hasMembers(value, keys, values))) return false;
  for (let at = 0; at < values.length; at += 1) {
    const member = values[at];
    if (typeof member !== "object" || member === null) continue;
    const below = inner?.[at];
    if (below === undefined || !isUnchanged(member, below, encoding)) return false;
  }
  known.checkedIn = encoding;
  return true;
}

function hasElements(value: object, elements: readonly unknown[]): boolean {
  if (!Array.isArray(value) || value.length !== elements.length) return false;
  for (let at = 0; at < elements.length; at += 1) if (!Object.is(value[at], elements[at])) return false;
  return true;
}

function hasMembers(value: object, keys: readonly string[], values: readonly unknown[]): boolean {
  if (Object.keys(value).length !== keys.length) return false;
  const members = value as Record<string, unknown>;
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at]!;
    if (!Object.is(members[key], values[at]) || (values[at] === undefined && !Object.hasOwn(value, key))) return false;
  }
  return true;
}
