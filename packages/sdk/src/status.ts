/** What has become of everything recorded so far: `recorded = delivered + spooled + buffered + sampledOut + the sum of dropped`, in spans. */
export interface Status {
  /** `idle` before `start()`. */
  state: "idle" | "disabled" | "recording" | "stopped";
  /** Spans that have ended. */
  recorded: number;
  /** Spans that the endpoint has acknowledged. */
  delivered: number;
  /** Spans that wait on disk, for the next start or `runreel spool send`. */
  spooled: number;
  /** Spans that are lost, by reason. */
  dropped: Record<string, number>;
  /** Spans that wait in memory or are under way. */
  buffered: number;
  /** Spans of runs that were sampled out. What they used is sent; they themselves are not, unless their run fails. */
  sampledOut: number;
  /** Estimated bytes of memory that spans and content take while they wait. */
  bufferedBytes: number;
  /** The same for pieces of content (blobs), which travel apart from their spans. */
  content: { recorded: number; delivered: number; spooled: number; dropped: Record<string, number>; buffered: number };
  /**
   * Runs that are sampled out and still going on, and the bytes of memory in which their content waits to be sent should they fail.
   * `fellOut` counts how often one has lost that because `ringMaxBytes` was reached.
   */
  held: { runs: number; bytes: number; fellOut: number };
  /** Spans of earlier processes that this one has delivered from disk. They are in none of the counts above. */
  redelivered: number;
  /** What went wrong last on the way to the endpoint; undefined once it works. */
  problem: string | undefined;
}

/** Counts one kind of thing from when it was recorded to where it ended. */
export class Tally {
  recorded = 0;
  delivered = 0;
  spooled = 0;
  /** How many of `delivered` had been on disk. */
  fromDisk = 0;
  sampledOut = 0;
  readonly #dropped = new Map<string, number>();

  drop(reason: string, count = 1): void {
    if (count > 0) this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + count);
  }

  /** Of what was delivered, the endpoint says it does not have so many. */
  takeBack(count: number, reason: "rejected_by_endpoint" | "gone_from_store"): void {
    const taken = Math.min(count, this.delivered);
    this.delivered -= taken;
    this.drop(reason, taken);
  }

  /** What waited on disk does no longer. */
  unspool(count: number, because: "delivered" | "rejected" | "spool_full"): void {
    this.spooled -= count;
    if (because === "delivered") {
      this.delivered += count;
      this.fromDisk += count;
    } else this.drop(because, count);
  }

  get dropped(): Record<string, number> {
    return Object.fromEntries(this.#dropped);
  }

  get droppedTotal(): number {
    return [...this.#dropped.values()].reduce((sum, count) => sum + count, 0);
  }

  get buffered(): number {
    return this.recorded - this.delivered - this.spooled - this.sampledOut - this.droppedTotal;
  }
}

/** The counts of one SDK, kept by the stages and read by `status()`. */
export class Ledger {
  readonly spans: Tally = new Tally();
  readonly content: Tally = new Tally();
  /** Where runs are held that are sampled out. */
  held: { readonly size: number; readonly bytes: number; readonly fellOut: number } = { size: 0, bytes: 0, fellOut: 0 };
  redelivered = 0;
  /** Runs that have begun here and not ended. */
  openRuns = 0;
  problem: string | undefined;

  status(state: Status["state"], bufferedBytes: number): Status {
    const { spans, content, redelivered, problem } = this;
    const { size: runs, bytes, fellOut } = this.held;
    const { sampledOut } = spans;
    return {
      state,
      ...countsOf(spans),
      sampledOut,
      bufferedBytes,
      content: countsOf(content),
      held: { runs, bytes, fellOut },
      redelivered,
      problem,
    };
  }
}

function countsOf({ recorded, delivered, spooled, dropped, buffered }: Tally): Status["content"] {
  return { recorded, delivered, spooled, dropped, buffered };
}
