import type { Outcome } from "./outcome.ts";
import type { RecordedSpan } from "./recorder.ts";
import type { StreamListener } from "./watch-stream.ts";

/** Chunks that are kept of one answer; what comes after them is not. */
const CHUNKS_MAX_COUNT = 50_000;

/** Keeps what comes out of a stream until it ends, and ends the span with it. */
export class ChunkRecord implements StreamListener {
  readonly #span: RecordedSpan;
  readonly #describe: (chunks: readonly unknown[]) => Outcome;
  readonly #startedMs = performance.now();
  #chunks: unknown[] = [];
  #firstMs: number | undefined;
  #isEnded = false;

  constructor(span: RecordedSpan, describe: (chunks: readonly unknown[]) => Outcome) {
    this.#span = span;
    this.#describe = describe;
  }

  chunk(value: unknown): void {
    this.#firstMs ??= performance.now();
    if (!this.#isEnded && this.#chunks.length < CHUNKS_MAX_COUNT) this.#chunks.push(value);
  }

  end(failure?: { error: unknown }): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const chunks = this.#chunks;
    this.#chunks = [];
    const timing = this.#firstMs === undefined ? {} : { timeToFirstChunkMs: this.#firstMs - this.#startedMs };
    this.#span.end({ ...this.#outcome(chunks), ...timing, ...failure });
  }

  #outcome(chunks: readonly unknown[]): Outcome {
    try {
      return this.#describe(chunks);
    } catch {
      return { output: chunks };
    }
  }
}
