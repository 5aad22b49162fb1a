/**
 * Lets an error leave a hook as itself.
 *
 * The host wraps what a hook throws in a `MiddlewareError`, so that `error instanceof RateLimitError` and `error.status` of the user
 * (and of a retry outside of us) would fail because we watch. What bubbles up it leaves alone; so the error says that of itself, once,
 * to the host's first question, and no longer than two turns of the microtask queue: what asks later must not take it for a pause.
 */
export function asItself<Thrown>(error: Thrown): Thrown {
  if (typeof error !== "object" || error === null || "is_bubble_up" in error || !Object.isExtensible(error))
    return error;
  const forget = (): boolean => Reflect.deleteProperty(error, "is_bubble_up");
  Object.defineProperty(error, "is_bubble_up", { configurable: true, get: forget });
  // The first turn is the host's.
  queueMicrotask(() => queueMicrotask(forget));
  return error;
}

const own = new WeakSet<object>();

/** Marks an error that comes from us. What tools throw passes the host's tool wrappers untouched; only ours would be wrapped. */
export function ownError<Thrown>(error: Thrown): Thrown {
  if (typeof error === "object" && error !== null) own.add(error);
  return error;
}

export const isOwnError = (error: unknown): boolean => typeof error === "object" && error !== null && own.has(error);
