import { isImmutable, keepKnown, knownOf } from "./immutable.ts";
import { instanceText } from "./tree-text.ts";

/** What an object held when it was written, to tell whether it has changed since. */
interface Members {
  /** Undefined for an array. */
  readonly keys: readonly string[] | undefined;
  readonly values: readonly unknown[];
  /** What those values held that are objects, place by place. */
  readonly inner: readonly (Members | undefined)[] | undefined;
  /** How many levels lie below. */
  readonly height: number;
  /** The encoding in which it was last found unchanged. */
  checkedIn: number;
}

/** What an encoder knows about an object it has written. */
export interface Remembered {
  /** The object's text in a tree. */
  readonly text: string;
  /** The text of a reference to it, once it has been written as a tree of its own. */
  ref: string | undefined;
  /** How many levels lie below. */
  readonly height: number;
  /** Undefined for an object that never changes. */
  readonly members: Members | undefined;
}

/** An instance of a class, written as what its codec made of it. */
interface Instance {
  readonly codec: string;
  /** What its codec made of it: the same as long as the instance has not changed. */
  readonly encoded: Remembered;
  readonly text: string;
  ref: string | undefined;
}

/** The same of an object that never changes, with whose memory it is. */
interface RememberedForGood extends Remembered {
  readonly era: object;
}

/** A whole group of a long list whose elements never change. */
interface Group {
  readonly elements: readonly unknown[];
  readonly hash: string;
  readonly height: number;
}

/** Larger objects are looked through again each time, since remembering them would hold as much as they do. */
const REMEMBERED_MAX_LENGTH = 64;

/**
 * Remembers plain objects and arrays with their members, so that an object which has not changed is not written again.
 *
 * An object can change between two looks, so each is compared with what it held: member by member, by identity, and then the
 * members themselves. That costs a fraction of writing and hashing, and gives no stale text of plain data; a getter that answers once one thing
 * and ever after another is beyond it. Only what was cut out as a tree of its own can be looked up, and only then is it looked through: most
 * objects never come again, and what is kept of them is garbage.
 */
export class Memory {
  #objects = new WeakMap<object, Remembered>();
  /** What was kept of objects that never change counts as long as this is the same. */
  #era: object = {};
  /** The texts of keys, by the keys. */
  readonly keys: Map<string, string> = new Map();
  #instances = new WeakMap<object, Instance>();
  /** By their first elements. */
  #groups = new WeakMap<object, Group>();

  /** What is known of an object, if that is still true. */
  recall(value: object, encoding: number): Remembered | undefined {
    const known = this.#known(value);
    if (known === undefined || known.members === undefined) return known;
    return isUnchanged(value, known.members, encoding) ? known : undefined;
  }

  #known(value: object): Remembered | undefined {
    if (!isImmutable(value)) return this.#objects.get(value);
    const known = knownOf(value) as RememberedForGood | undefined;
    return known?.era === this.#era ? known : undefined;
  }

  /** Makes an object that never changes one that can be looked up. */
  keepImmutable(value: object, text: string, height: number): void {
    keepKnown(value, { era: this.#era, text, ref: undefined, height, members: undefined } satisfies RememberedForGood);
  }

  /** The group of a long list that begins at `start`, if its elements are those of a group that was kept. */
  recallGroup(list: readonly unknown[], start: number, length: number): Group | undefined {
    const first = list[start];
    if (typeof first !== "object" || first === null) return undefined;
    const known = this.#groups.get(first);
    if (known === undefined || start + length > list.length) return undefined;
    for (let at = 0; at < length; at += 1) if (known.elements[at] !== list[start + at]) return undefined;
    return known;
  }

  /** Keeps a group if all its elements never change. */
  keepGroup(elements: readonly unknown[], hash: string): void {
    let height = 0;
    for (const element of elements) {
      const known = typeof element === "object" && element !== null ? this.#known(element) : undefined;
      if (known === undefined || known.members !== undefined) return;
      height = Math.max(height, known.height);
    }
    this.#groups.set(elements[0] as object, { elements, hash, height });
  }

  /** Makes an object one that can be looked up. It must be plain data all the way down, written as `text` in this encoding. */
  keep(value: object, text: string, encoding: number): Remembered | undefined {
    const before = this.#known(value);
    const isKnown = before !== undefined && (before.members === undefined || before.members.checkedIn === encoding);
    if (isKnown && before.text === text) return before;
    try {
      const members = this.#membersOf(value, encoding);
      if (members === undefined) return undefined;
      const known = { text, ref: undefined, height: members.height, members };
      this.#objects.set(value, known);
      return known;
    } catch {
      // A getter or a proxy that does not like to be read twice.
      return undefined;
    }
  }

  /** Makes an instance one that can be looked up by its text. */
  keepInstance(instance: object, encoded: Remembered, codec: string): Instance {
    const before = this.#instances.get(instance);
    if (before?.encoded === encoded && before.codec === codec) return before;
    const known = { codec, encoded, text: instanceText(codec, encoded.text), ref: undefined };
    this.#instances.set(instance, known);
    return known;
  }

  /** The instance that is written as `text` now, if it was kept as that. */
  recallInstance(instance: object, text: string): Instance | undefined {
    const known = this.#instances.get(instance);
    return known?.text === text ? known : undefined;
  }

  forget(): void {
    this.#objects = new WeakMap();
    this.#instances = new WeakMap();
    this.#era = {};
    this.#groups = new WeakMap();
  }

  #membersOf(value: object, checkedIn: number): Members | undefined {
    const keys = Array.isArray(value) ? undefined : Object.keys(value);
    const length = keys?.length ?? (value as unknown[]).length;
    if (length > REMEMBERED_MAX_LENGTH) return undefined;
    const values = keys === undefined ? (value as unknown[]).slice() : keys.map((key) => (value as Fields)[key]);
    let inner: (Members | undefined)[] | undefined;
    let height = 0;
    for (let at = 0; at < length; at += 1) {
      const member = values[at];
      if (typeof member !== "object" || member === null) continue;
      // What was cut out of this object is known already, so that no branch is walked twice.
      const known = this.#known(member)?.members;
      const below = known?.checkedIn === checkedIn ? known : this.#membersOf(member, checkedIn);
      if (below === undefined) return undefined;
      (inner ??= [])[at] = below;
      height = Math.max(height, below.height + 1);
    }
    return { keys, values, inner, height, checkedIn };
  }
}

type Fields = Record<string, unknown>;

function isUnchanged(value: object, known: Members, encoding: number): boolean {
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
  const members = value as Fields;
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at]!;
    if (!Object.is(members[key], values[at]) || (values[at] === undefined && !Object.hasOwn(value, key))) return false;
  }
  return true;
}
