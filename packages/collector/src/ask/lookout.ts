export interface LookoutOptions {
  intervalMs: number;
  /** What is looked at, one after the other. */
  checks: (() => Promise<void>)[];
  /** Whether there is something more urgent. */
  isBusy: () => boolean;
}

/** Looks at the store from time to time. A look that fails says nothing; there is another. */
export class Lookout {
  readonly #options: LookoutOptions;
  readonly #timer: NodeJS.Timeout;
  #looking: Promise<void> | undefined;

  constructor(options: LookoutOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#tick(), options.intervalMs).unref();
  }

  #tick(): void {
    if (this.#looking !== undefined || this.#options.isBusy()) return;
    this.#looking = this.#look().finally(() => (this.#looking = undefined));
  }

  async #look(): Promise<void> {
    for (const check of this.#options.checks) {
      // oxlint-disable-next-line no-await-in-loop
      await check().catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }
}
