import type { ReadableSpan, SpanProcessor } from "@opentelemetry/sdk-trace";

import type { Ledger } from "../status.ts";

/** Where spans wait. */
export interface SpanSink {
  /** Whether the span is to be announced. */
  opened(span: ReadableSpan): boolean;
  ended(span: ReadableSpan): void;
  readonly bytes: number;
}

/** Who takes them away. */
export interface Waker {
  wake(delayMs?: number): void;
}

/** So many bytes are worth a request of their own. */
const WORTH_SENDING_BYTES = 1024 * 1024;

/** A root shows at once, but the runs that start in the same moment share a request. */
const ROOT_DELAY_MS = 20;

/** Hands the spans of the private provider on as they begin and end, and wakes the exporter. */
export class BufferingProcessor implements SpanProcessor {
  readonly #buffer: SpanSink;
  readonly #exporter: Waker;
  readonly #ledger: Pick<Ledger, "openRuns">;

  constructor(buffer: SpanSink, exporter: Waker, ledger: Pick<Ledger, "openRuns">) {
    this.#buffer = buffer;
    this.#exporter = exporter;
    this.#ledger = ledger;
  }

  onStart(span: ReadableSpan): void {
    if (isRoot(span)) this.#ledger.openRuns += 1;
    if (this.#buffer.opened(span)) this.#exporter.wake(isRoot(span) ? ROOT_DELAY_MS : undefined);
  }

  onEnd(span: ReadableSpan): void {
    if (isRoot(span)) this.#ledger.openRuns -= 1;
    this.#buffer.ended(span);
    this.#exporter.wake(this.#buffer.bytes >= WORTH_SENDING_BYTES ? 0 : undefined);
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/** Whether a span is the topmost of its run in this process. */
function isRoot({ parentSpanContext }: ReadableSpan): boolean {
  return parentSpanContext === undefined || parentSpanContext.isRemote === true;
}
