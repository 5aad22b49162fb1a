const immutables = new WeakSet<object>();

/**
 * Says of an object that neither it nor anything in it will ever change, so that it is written once and never looked through again.
 * Returns the object.
 */
export function immutable<T extends object>(value: T): T {
  immutables.add(value);
  return value;
}

export function isImmutable(value: object): boolean {
  return immutables.has(value);
}
