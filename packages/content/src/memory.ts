/** What an encoder knows about an object it has written. */
export interface Remembered {
  /** The object's text in a tree. */
  readonly text: string;
  /** The text of a reference to it, once it has been written as a tree of its own. */
  ref: string | undefined;
  /** How many levels lie below it. */
  readonly height: number;
  readonly keys: readonly string[] | undefined;
  readonly values: readonly unknown[];
  /** The encoding in which it was last found unchanged. */
  checkedIn: number;
}

/** Larger objects are looked through again each time, since remembering them would hold as much as they do. */
const REMEMBERED_MAX_LENGTH = 64;

/**
 * Remembers plain objects and arrays with their members, so that an object which has not changed is not written again.
 *
 * An object can change between two looks, so each is compared with what it held: member by member, by identity, and then the
 * members themselves. That costs a fraction of writing and hashing, and never gives a stale text.
 */
export class Memory {
  #objects = new WeakMap<object, Remembered>();

  /** What is known of an object, if that is still true. */
  recall(value: object, encoding: number): Remembered | undefined {
    const known = this.#objects.get(value);
    return known !== undefined && this.#isUnchanged(value, known, encoding) ? known : undefined;
  }

  remember(value: object, keys: readonly string[] | undefined, values: readonly unknown[], known: Written): void {
    if (values.length > REMEMBERED_MAX_LENGTH) return;
    this.#objects.set(value, { ...known, keys, values: [...values], ref: undefined });
  }

  forget(): void {
    this.#objects = new WeakMap();
  }

  #isUnchanged(value: object, known: Remembered, encoding: number): boolean {
    if (known.checkedIn === encoding) return true;
    const { keys, values } = known;
    const isSame = keys === undefined ? hasElements(value, values) : hasMembers(value, keys, values);
    if (!isSame) return false;
    for (const member of values) {
      if (typeof member === "object" && member !== null && this.recall(member, encoding) === undefined) return false;
    }
    known.checkedIn = encoding;
    return true;
  }
}

type Written = Pick<Remembered, "text" | "height" | "checkedIn">;

function hasElements(value: object, elements: readonly unknown[]): boolean {
  if (!Array.isArray(value) || value.length !== elements.length) return false;
  return elements.every((element, index) => Object.is(value[index], element));
}

function hasMembers(value: object, keys: readonly string[], values: readonly unknown[]): boolean {
  const present = Object.keys(value);
  if (present.length !== keys.length) return false;
  const members = value as Record<string, unknown>;
  return keys.every((key, index) => present[index] === key && Object.is(members[key], values[index]));
}
