export interface LookoutOptions {
  intervalMs: number;
  /** Looks, and tells whether there is more to look at soon. */
  check: () => Promise<boolean>;
  /** Whether there is something more urgent. */
  isBusy: () => boolean;
}

/** A look takes at most this part of the time, one in so many: whatever it costs on a busy machine, the work goes on. */
const REST_FACTOR = 20;

/** Looks at the store from time to time, when something new is in it. A look that fails says nothing; there is another. */
export class Lookout {
  readonly #options: LookoutOptions;
  #timer: NodeJS.Timeout;
  #looking: Promise<void> | undefined;
  /** An earlier life may have left some. */
  #hasNews = true;
  #isClosed = false;

  constructor(options: LookoutOptions) {
    this.#options = options;
    this.#timer = this.#in(options.intervalMs);
  }

  /** There is something new. */
  stir(): void {
    this.#hasNews = true;
  }

  #in(delayMs: number): NodeJS.Timeout {
    return setTimeout(() => {
      const { intervalMs, isBusy } = this.#options;
      if (!this.#hasNews || isBusy()) this.#timer = this.#in(intervalMs);
      else this.#looking = this.#look();
    }, delayMs).unref();
  }

  async #look(): Promise<void> {
    const { intervalMs, check } = this.#options;
    const startedAt = performance.now();
    this.#hasNews = false;
    const isHurried = await check().catch(() => false);
    const restMs = isHurried ? intervalMs : Math.max(intervalMs, (performance.now() - startedAt) * REST_FACTOR);
    if (!this.#isClosed) this.#timer = this.#in(restMs);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }
}
