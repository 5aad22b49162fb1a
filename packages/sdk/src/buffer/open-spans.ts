import type { ReadableSpan } from "@opentelemetry/sdk-trace";

import { isRoot } from "./leaf.ts";

/** Spans that are open are only kept for their start records; more than these start without one. */
const MAX_COUNT = 20_000;

/** Open spans that have not been announced. */
export class OpenSpans {
  /** Oldest first, with when they were opened. */
  readonly #open = new Map<ReadableSpan, number>();
  readonly #roots = new Set<ReadableSpan>();

  get size(): number {
    return this.#open.size + this.#roots.size;
  }

  add(span: ReadableSpan): void {
    if (this.size >= MAX_COUNT) return;
    if (isRoot(span)) this.#roots.add(span);
    else this.#open.set(span, performance.now());
  }

  /** A span is open no more. */
  remove(span: ReadableSpan): void {
    if (!this.#open.delete(span)) this.#roots.delete(span);
  }

  /** Takes out what is to be announced: roots, and what has been open for so long. */
  take(openForMs: number): ReadableSpan[] {
    const open = [...this.#roots];
    this.#roots.clear();
    const openedBefore = performance.now() - openForMs;
    for (const [span, openedAt] of this.#open) {
      if (openedAt > openedBefore) break;
      this.#open.delete(span);
      open.push(span);
    }
    return open;
  }
}
