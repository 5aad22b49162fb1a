/** The time in which this collector would have heard of a process, in milliseconds since the epoch, by the clock of the journal. */
export interface Attendance {
  /** Since when it has taken everything that came. */
  since: number;
  /** Up to when all that came can be read in the store. */
  until: number;
}

/** The way to the store. */
export interface Way<Mark> {
  /** What has come up to now. */
  mark(): Promise<Mark>;
  /** Whether all of it is in the store. */
  hasStored(mark: Mark): boolean;
}

export interface PresenceOptions<Mark> {
  way: Way<Mark>;
  /** The time in milliseconds since the epoch. */
  now?: () => number;
}

const TICK_MS = 1_000;

/** A clock that jumps by more than this was set, or the machine slept, or this process did. */
const BREAK_MS = 10_000;

/**
 * Knows when the collector itself was there to hear: that nothing was heard of a process means something only then.
 */
export class Presence<Mark> {
  readonly #way: Way<Mark>;
  readonly #now: () => number;
  readonly #timer: NodeJS.Timeout;
  #since: number;
  #until: number;
  #tickedAt: number;
  #pending: { at: number; mark: Mark } | undefined;

  constructor({ way, now = Date.now }: PresenceOptions<Mark>) {
    this.#way = way;
    this.#now = now;
    this.#since = this.#until = this.#tickedAt = now();
    this.#timer = setInterval(() => void this.tick().catch(() => this.missed()), TICK_MS).unref();
  }

  get attendance(): Attendance {
    return { since: this.#since, until: this.#until };
  }

  /** Something that came was not taken, so that its sender is heard of later, if at all. */
  missed(): void {
    this.#since = this.#now();
  }

  /** Looks whether time has passed as it should, and how much of what came is stored. */
  async tick(): Promise<void> {
    const now = this.#now();
    if (Math.abs(now - this.#tickedAt) > BREAK_MS) this.#since = now;
    this.#tickedAt = now;
    if (this.#pending !== undefined && this.#way.hasStored(this.#pending.mark)) {
      this.#until = this.#pending.at;
      this.#pending = undefined;
    }
    this.#pending ??= { at: now, mark: await this.#way.mark() };
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
