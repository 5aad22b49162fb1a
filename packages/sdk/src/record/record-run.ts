import { types } from "node:util";

import { ChunkRecord } from "./chunk-record.ts";
import { nameText } from "./name-text.ts";
import type { RecordedSpan, Recorder, RunRequest } from "./recorder.ts";
import type { HeaderValue } from "./traceparent.ts";
import { isAsyncGenerator, watchStream } from "./watch-stream.ts";

export interface RunOptions {
  /** What `traceContext()` gave in another process whose run this one belongs to, a W3C traceparent. One that cannot be read is ignored. */
  traceparent?: HeaderValue;
  /** The W3C tracestate that came with it, which says how that process samples. */
  tracestate?: HeaderValue;
  /** Sends the run whole, however runs are sampled. False unless given. */
  keep?: boolean;
  /** What joins several runs to one conversation; hosts say thread or session. */
  conversationId?: string;
  /** The run's name stands for the agent's unless given. */
  agent?: { name?: string; version?: string; description?: string; id?: string };
  /** What the run is about, shown at its top. */
  input?: unknown;
}

/** Records `fn` as a run; its result is the run's output. */
export function recordRun<T>(recorder: Recorder, name: string, fn: () => T, options: RunOptions): T {
  if (!recorder.enabled) return fn();
  const span = recorder.beginRun(requestOf(nameText(name), options));
  let result: T;
  try {
    result = span.run(fn);
  } catch (error) {
    span.end({ error });
    throw error;
  }
  if (types.isPromise(result) && result.constructor === Promise) return ended(result, span) as T;
  if (isAsyncGenerator(result)) {
    const record = new ChunkRecord(span, (chunks) => ({ output: chunks }));
    if (watchStream(result, span, record)) return result;
  }
  if (!isWatched(result, span)) span.end({ output: result });
  return result;
}

function requestOf(name: string, options: RunOptions): RunRequest {
  try {
    return { ...options, name };
  } catch {
    // A getter that throws: the run matters more than what is said of it.
    return { name };
  }
}

async function ended(result: Promise<unknown>, span: RecordedSpan): Promise<unknown> {
  try {
    const output = await result;
    span.end({ output });
    return output;
  } catch (error) {
    span.end({ error });
    throw error;
  }
}

/**
 * Ends the span when the host hears from a promise of a class of its own. It stays the very object that the host has made, and is asked
 * for nothing: some do their work only once they are asked, and some can do more than `then`.
 */
function isWatched(result: unknown, span: RecordedSpan): boolean {
  try {
    const { then } = (result ?? {}) as { then?: unknown };
    if (typeof then !== "function") return false;
    const watched = function (this: unknown, onFulfilled?: Settled | null, onRejected?: Settled | null): unknown {
      const fulfilled = (output: unknown): unknown => {
        span.end({ output });
        return typeof onFulfilled === "function" ? onFulfilled(output) : output;
      };
      const rejected = (error: unknown): unknown => {
        span.end({ error });
        if (typeof onRejected === "function") return onRejected(error);
        throw error;
      };
      return span.run((): unknown => Reflect.apply(then, this, [fulfilled, rejected]));
    };
    // oxlint-disable-next-line unicorn/no-thenable
    Object.defineProperty(result, "then", { value: watched, configurable: true, writable: true });
    return true;
  } catch {
    // Frozen, or it does not like to be asked.
    return false;
  }
}

type Settled = (value: unknown) => unknown;
