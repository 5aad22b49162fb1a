import { AsyncLocalStorage } from "node:async_hooks";

import type { Batch, Settlement } from "../buffer/buffer.ts";
import type { Diagnostics } from "../diagnostics.ts";
import type { Ledger } from "../status.ts";
import type { Asks } from "./asks.ts";
import type { Send } from "./sender.ts";

/** Where batches come from and where they are accounted for. */
interface BatchSource {
  take(maxBytes: number, openForMs: number, isApart?: boolean): Batch | undefined;
  settle(batch: Batch, settlement: Settlement): void;
  /** What was delivered so far is not where the next requests go. */
  forgetDelivered(): void;
  readonly isEmpty: boolean;
  /** Whether more waits than what was taken last. Spans that are still open do not count. */
  readonly hasMore: boolean;
}

export interface ExportLoopOptions {
  source: BatchSource;
  send: Send;
  ledger: Ledger;
  diagnostics: Diagnostics;
  /** How long what is recorded may wait for company. */
  intervalMs: number;
  /** The endpoint asks for something. */
  onAsks: (asks: Asks) => void;
}

/** Keeps a request below 1 MiB, with what stands around its parts: some proxies take no more, and it is memory while it is sent. */
const REQUEST_MAX_BYTES: number = 960 * 1024;

/** What is not urgent waits so long after the last request: a request costs as much as recording several steps. */
const SPACING_MS = 250;

const BACKOFF_FIRST_MS = 1_000;
const BACKOFF_MAX_MS = 60_000;

/** An endpoint that answers a request with errors of its own this often will not take it; others behind it should have their turn. */
const REFUSALS_MAX = 8;

/** Sends what waits, one request at a time. Every timer lets the process end. */
export class ExportLoop {
  readonly #options: ExportLoopOptions;
  /** Timers and requests belong to nobody: they must not hold on to what a host keeps for one of its own requests. */
  readonly #outside = AsyncLocalStorage.snapshot();
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #underWay: Promise<void> | undefined;
  /** A batch that could not be sent and goes first next time. */
  #held: Batch | undefined;
  #sentAt = Number.NEGATIVE_INFINITY;
  /** The shortest delay that was asked for while a request was under way. */
  #wantedInMs = Number.POSITIVE_INFINITY;
  /** The store that took the last request; undefined as long as the endpoint names none. */
  #store: string | undefined;
  #failures = 0;
  #refusals = 0;
  #isStopped = false;

  constructor(options: ExportLoopOptions) {
    this.#options = options;
  }

  /** Something waits: send it within the interval, or within `delayMs` if that is sooner. */
  wake(delayMs: number = this.#options.intervalMs): void {
    if (this.#underWay !== undefined) this.#wantedInMs = Math.min(this.#wantedInMs, delayMs);
    // After a failure the back-off rules.
    if (this.#isStopped || this.#underWay !== undefined || this.#failures > 0) return;
    const isUrgent = delayMs === 0;
    this.#wakeIn(isUrgent ? 0 : Math.max(delayMs, this.#sentAt + SPACING_MS - performance.now()));
  }

  /** Sends all that waits. Ends at the first failure; what is left stays. */
  async flush(): Promise<void> {
    // What is under way may have been put together before the last span came.
    await this.#underWay;
    await this.#outside(() => this.#send(0, true));
  }

  /**
   * Puts all that waits, or is under way, aside at once, for somebody else to deliver. What is under way may arrive twice; the collector
   * counts a span once. `put` tells for each batch what became of it.
   */
  putAside(put: (batches: readonly Batch[]) => readonly Settlement[]): void {
    const { source } = this.#options;
    const batches: Batch[] = this.#held === undefined ? [] : [this.#held];
    this.#held = undefined;
    for (let batch = this.#take(true); batch !== undefined; batch = this.#take(true)) batches.push(batch);
    if (batches.length === 0) return;
    const settlements = put(batches);
    batches.forEach((batch, at) => source.settle(batch, settlements[at] ?? { kind: "lost", reason: "process_ended" }));
  }

  /** The endpoint was waited for in vain. Should the process live on after all, it is asked again later. */
  distrust(): void {
    this.#failures = Math.max(1, this.#failures);
    this.#wakeIn(backoffMs(this.#failures));
  }

  /** Whether the endpoint took what it was sent last, as far as is known. */
  get isEndpointWell(): boolean {
    return this.#failures === 0;
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #take(isApart: boolean, openForMs = 0): Batch | undefined {
    return this.#options.source.take(REQUEST_MAX_BYTES, openForMs, isApart);
  }

  #wakeIn(delayMs: number): void {
    const at = performance.now() + delayMs;
    if (this.#timer !== undefined && this.#timerAt <= at) return;
    clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = this.#outside(() =>
      setTimeout(() => {
        this.#timer = undefined;
        void this.#send(this.#options.intervalMs, false);
      }, delayMs).unref(),
    );
  }

  #send(openForMs: number, isAll: boolean): Promise<void> {
    this.#underWay ??= this.#drain(openForMs, isAll).finally(() => {
      this.#underWay = undefined;
      const delayMs = Math.min(this.#wantedInMs, this.#options.intervalMs);
      this.#wantedInMs = Number.POSITIVE_INFINITY;
      if (!this.#options.source.isEmpty) this.wake(delayMs);
    });
    return this.#underWay;
  }

  /** Sends what waits now. What comes meanwhile is sent too where `isAll`; else it waits for company, or each answer would be followed by a small request. */
  async #drain(openForMs: number, isAll: boolean): Promise<void> {
    const { source, diagnostics } = this.#options;
    try {
      for (let isLast = false; !isLast;) {
        const batch = this.#held ?? this.#take(false, openForMs);
        if (batch === undefined) return;
        isLast = !isAll && !source.hasMore;
        this.#held = batch;
        // One request at a time: order on the wire is order of recording.
        // oxlint-disable-next-line no-await-in-loop
        const isDone = await this.#sendOne(batch);
        if (!isDone) return;
        if (this.#held === batch) this.#held = undefined;
      }
    } catch (error) {
      // Nothing above throws; if it does after all, the batch must not be tried for ever.
      if (this.#held !== undefined) source.settle(this.#held, { kind: "lost", reason: "internal_error" });
      this.#held = undefined;
      diagnostics(`could not send: ${String(error)}`);
    }
  }

  /** Whether the batch is settled, one way or the other. */
  async #sendOne(batch: Batch): Promise<boolean> {
    const { source, send, ledger, diagnostics } = this.#options;
    this.#sentAt = performance.now();
    const outcome = await send(batch.body);
    // It was put aside meanwhile.
    if (this.#held !== batch) return true;
    if (outcome.kind === "delivered") {
      this.#failures = 0;
      this.#refusals = 0;
      ledger.problem = undefined;
      this.#meet(outcome.store);
      // Before what has just arrived counts as there: it may be what is asked for.
      if (outcome.asks !== undefined) this.#options.onAsks(outcome.asks);
      source.settle(batch, { kind: "delivered" });
      if (outcome.rejected !== undefined) this.#told(outcome.rejected);
      return true;
    }
    ledger.problem = outcome.error;
    if (outcome.kind === "rejected") {
      diagnostics(`${outcome.error}; ${batch.spanCount} spans are lost`);
      source.settle(batch, { kind: "lost", reason: outcome.reason });
      return true;
    }
    this.#refusals = outcome.isReachable ? this.#refusals + 1 : 0;
    if (this.#refusals >= REFUSALS_MAX) {
      this.#refusals = 0;
      diagnostics(`${outcome.error}, ${REFUSALS_MAX} times; ${batch.spanCount} spans are lost`);
      source.settle(batch, { kind: "lost", reason: "endpoint_failed" });
      return true;
    }
    this.#failures += 1;
    diagnostics(`${outcome.error}; what is recorded waits in memory`);
    if (!this.#isStopped) this.#wakeIn(Math.max(backoffMs(this.#failures), outcome.retryAfterMs ?? 0));
    return false;
  }

  /** Somebody has emptied the store, or another one answers now: content that was sent before is wanted again when it comes again. */
  #meet(store: string | undefined): void {
    if (store === undefined || store === this.#store) return;
    if (this.#store !== undefined) this.#options.source.forgetDelivered();
    this.#store = store;
  }

  /** The endpoint has taken the request, but not all that is in it. */
  #told({ spanCount, error }: { spanCount: number; error: string }): void {
    const { ledger, diagnostics } = this.#options;
    ledger.problem = `the endpoint did not take ${spanCount} spans: ${error}`;
    ledger.spans.takeBack(spanCount, "rejected_by_endpoint");
    diagnostics(ledger.problem);
  }
}

/** Doubles with every failure, with a quarter of chance, so that many processes do not come back at once. */
function backoffMs(failures: number): number {
  const delayMs = Math.min(BACKOFF_FIRST_MS * 2 ** (failures - 1), BACKOFF_MAX_MS);
  return delayMs * (0.75 + Math.random() / 2);
}
