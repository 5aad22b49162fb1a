import { types } from "node:util";

import type { RecordedSpan } from "./recorder.ts";

/** Hears what comes out of a stream that the host reads. */
export interface StreamListener {
  chunk(value: unknown): void;
  /** It is read to its end, given up, or broken. */
  end(failure?: { error: unknown }): void;
}

/**
 * Listens to an answer that the host reads piece by piece. It stays the very object that it is; what it gives is unchanged, at the moment at
 * which the host asks for it. False for what cannot be listened to without taking it from the host.
 */
export function watchStream(value: unknown, span: RecordedSpan, listener: StreamListener): boolean {
  try {
    if (typeof value !== "object" || value === null || !(Symbol.asyncIterator in value)) return false;
    // Streams of Node and of the web have more ways to be read than this one.
    if ("pipe" in value || value instanceof ReadableStream) return false;
    if (types.isGeneratorObject(value))
      return watchIterator(value as unknown as AsyncIterator<unknown>, span, listener);
    if (listensTo(value, listener)) return true;
    // The clients of OpenAI and Anthropic make every way of reading of `iterator()`.
    const key = "iterator" in value && typeof value.iterator === "function" ? "iterator" : Symbol.asyncIterator;
    const iterate = (value as Record<PropertyKey, unknown>)[key];
    if (typeof iterate !== "function") return false;
    const watched = function (this: unknown, ...given: unknown[]): unknown {
      const iterator: unknown = Reflect.apply(iterate, this, given);
      watchIterator(iterator as AsyncIterator<unknown>, span, listener);
      return iterator;
    };
    Object.defineProperty(value, key, { value: watched, configurable: true, writable: true });
    return true;
  } catch {
    return false;
  }
}

/** A stream whose work is done only while it is read: what it records then belongs to its span. */
export function isAsyncGenerator(value: unknown): boolean {
  return types.isGeneratorObject(value) && Symbol.asyncIterator in value;
}

type Method = (...given: unknown[]) => unknown;

function watchIterator(iterator: AsyncIterator<unknown>, span: RecordedSpan, listener: StreamListener): boolean {
  const hear = (result: unknown): unknown => {
    const { done, value } = (result ?? {}) as IteratorResult<unknown>;
    if (done === true) listener.end();
    else listener.chunk(value);
    return result;
  };
  const fail = (error: unknown): never => {
    listener.end({ error });
    throw error;
  };
  const methods = iterator as unknown as Record<string, Method | undefined>;
  for (const name of ["next", "return", "throw"]) {
    const method = methods[name];
    if (typeof method !== "function") continue;
    const watched: Method = (...given) => {
      const result = span.run(() => Reflect.apply(method, iterator, given));
      return types.isPromise(result) ? result.then(hear, fail) : result;
    };
    Object.defineProperty(iterator, name, { value: watched, configurable: true, writable: true });
  }
  return true;
}

/** The helpers of those clients (`messages.stream()`, `completions.stream()`) tell their chunks by events, however they are read. */
function listensTo(value: object, listener: StreamListener): boolean {
  const { on } = value as { on?: unknown };
  if (typeof on !== "function") return false;
  const chunk = (event: unknown): void => listener.chunk(event);
  for (const event of ["streamEvent", "chunk", "event"]) Reflect.apply(on, value, [event, chunk]);
  Reflect.apply(on, value, ["end", () => listener.end()]);
  return true;
}
