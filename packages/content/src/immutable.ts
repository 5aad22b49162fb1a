/** Gives back what it is asked to make, so that fields of a class below are put on it. */
// oxlint-disable-next-line no-extraneous-class -- it is there to be extended
class Itself {
  constructor(value: object) {
    // oxlint-disable-next-line no-constructor-return -- this is what it is for
    return value;
  }
}

/**
 * Marks an object, and keeps on the object itself what is known of it, where nobody else sees it. A map beside would say the same, but weak
 * entries are what a garbage collector is slowest with, and there is one for each message of each conversation.
 */
class Marked extends Itself {
  #known: unknown = undefined;

  static has(value: object): boolean {
    return #known in value;
  }

  static get(value: object): unknown {
    return #known in value ? value.#known : undefined;
  }

  static set(value: object, known: unknown): void {
    if (#known in value) value.#known = known;
  }
}

/**
 * Says of an object that neither it nor anything in it will ever change, so that it is written once and never looked through again.
 * Returns the object.
 */
export function immutable<T extends object>(value: T): T {
  if (!Marked.has(value)) void new Marked(value);
  return value;
}

export function isImmutable(value: object): boolean {
  return Marked.has(value);
}

/** What was last kept of an object that never changes. */
export function knownOf(value: object): unknown {
  return Marked.get(value);
}

/** Keeps what is known of an object that never changes. */
export function keepKnown(value: object, known: unknown): void {
  Marked.set(value, known);
}
