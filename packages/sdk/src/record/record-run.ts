import type { RecordedSpan, Recorder } from "./recorder.ts";
import type { HeaderValue } from "./traceparent.ts";

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
  const span = recorder.beginRun({ ...options, name });
  let result: T;
  try {
    result = span.run(fn);
  } catch (error) {
    span.end({ error });
    throw error;
  }
  if (isPromiseLike(result)) return ended(result, span) as T;
  span.end({ output: result });
  return result;
}

async function ended(result: PromiseLike<unknown>, span: RecordedSpan): Promise<unknown> {
  try {
    const output = await result;
    span.end({ output });
    return output;
  } catch (error) {
    span.end({ error });
    throw error;
  }
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
