import { AsyncLocalStorage } from "node:async_hooks";
import { hostname } from "node:os";

import type { HrTime } from "@opentelemetry/api";
import {
  HOST_NAME,
  PROCESS_PID,
  RUNREEL_PROCESS_CONTENT,
  RUNREEL_PROCESS_ENDED,
  RUNREEL_PROCESS_FROM_DISK,
  RUNREEL_PROCESS_INTERVAL_MS,
  RUNREEL_PROCESS_OPEN_RUNS,
  RUNREEL_PROCESS_REDELIVERED,
  RUNREEL_PROCESS_SEQUENCE,
  RUNREEL_PROCESS_SPANS,
} from "@runreel/semconv";

import type { ReportFields } from "../encode/write-request.ts";
import type { Ledger, Tally } from "../status.ts";

/** What a request holds that counts. */
export interface Load {
  spans: number;
  content: number;
}

export interface ProcessReporterOptions {
  ledger: Ledger;
  now: () => HrTime;
  /** Asks for a request. */
  wake: () => void;
}

/** How often a process reports while it is at work. The collector is told, and misses the reports of one whose runs are open. */
const INTERVAL_MS = 10_000;

const NOTHING: Load = { spans: 0, content: 0 };

/** What the newest report said. */
interface Told {
  spans: string;
  content: string;
  redelivered: number;
  openRuns: number;
  hasEnded: boolean;
}

/**
 * Says for the collector what has become of everything that this process has recorded, and that it is still there.
 *
 * A report counts its own request as delivered: it arrives with it or not at all. It goes along with a request that goes anyway, every
 * interval at most; alone only while runs are open, when the numbers have changed since, and when the process ends.
 */
export class ProcessReporter {
  readonly #options: ProcessReporterOptions;
  readonly #startTime: HrTime;
  /** The timer belongs to nobody: it must not hold on to what a host keeps for one of its own requests. */
  readonly #outside = AsyncLocalStorage.snapshot();
  #timer: NodeJS.Timeout | undefined;
  #sequence = 0;
  #told: Told;
  #toldAt = Number.NEGATIVE_INFINITY;
  #isStopped = false;

  /** Whether the process is ending, as far as is known. */
  isEnding = false;
  /** Whether what is written now is a request that goes at once. */
  isGoing = false;
  /** Whether somebody waits for all to be delivered, and so for the numbers as well. */
  isAsked = false;

  constructor(options: ProcessReporterOptions) {
    this.#options = options;
    this.#startTime = options.now();
    this.#told = this.#standing(NOTHING);
  }

  /** Whether the collector does not know how things stand, once all is delivered that waits. */
  get hasNews(): boolean {
    const { spans, content, redelivered, openRuns, hasEnded } = this.#standing(NOTHING);
    const told = this.#told;
    if (spans !== told.spans || content !== told.content || redelivered !== told.redelivered) return true;
    // That a process with nothing open ends is no news: nobody waits for it.
    return openRuns !== told.openRuns || (openRuns > 0 && hasEnded !== told.hasEnded);
  }

  /** What goes along with a request, where a report is due. `isLast` when nothing waits behind the request. */
  along(load: Load, isLast: boolean): ReportFields | undefined {
    if (!this.isGoing) return undefined;
    const { openRuns, hasEnded } = this.#told;
    const isWanted = this.#isDue || (isLast && (this.isAsked || this.isEnding));
    // What is missed when it stops has to be known from its beginning.
    const isTurn = (openRuns === 0 && this.#options.ledger.openRuns > 0) || (hasEnded && !this.isEnding);
    return isWanted || isTurn ? this.#report(load) : undefined;
  }

  /** What goes out though nothing else does. */
  alone(): ReportFields | undefined {
    const isWanted = this.#isDue || this.isAsked || this.isEnding;
    return isWanted && this.#isWorthIt ? this.#report(NOTHING) : undefined;
  }

  /** Stands on a request that waits on disk: whoever delivers it, this says that it came. */
  receipt({ spans, content }: Load): ReportFields {
    this.#sequence += 1;
    return this.#fields({ [RUNREEL_PROCESS_FROM_DISK]: JSON.stringify({ spans, content }) });
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  get #isDue(): boolean {
    return performance.now() - this.#toldAt >= INTERVAL_MS;
  }

  get #isWorthIt(): boolean {
    return this.hasNews || (this.#isDue && this.#options.ledger.openRuns > 0);
  }

  #report(load: Load): ReportFields {
    const told = this.#standing(load);
    this.#told = told;
    this.#toldAt = performance.now();
    this.#sequence += 1;
    this.#lookAgain();
    return this.#fields({
      [RUNREEL_PROCESS_ENDED]: told.hasEnded,
      [RUNREEL_PROCESS_OPEN_RUNS]: told.openRuns,
      [RUNREEL_PROCESS_INTERVAL_MS]: INTERVAL_MS,
      [RUNREEL_PROCESS_SPANS]: told.spans,
      [RUNREEL_PROCESS_CONTENT]: told.content,
      [RUNREEL_PROCESS_REDELIVERED]: told.redelivered,
    });
  }

  #fields(attributes: ReportFields["attributes"]): ReportFields {
    const who = { [PROCESS_PID]: process.pid, [HOST_NAME]: host, [RUNREEL_PROCESS_SEQUENCE]: this.#sequence };
    return { startTime: this.#startTime, attributes: { ...who, ...attributes } };
  }

  #standing(load: Load): Told {
    const { spans, content, redelivered, openRuns } = this.#options.ledger;
    return {
      spans: countsOf(spans, load.spans),
      content: countsOf(content, load.content),
      redelivered,
      openRuns,
      hasEnded: this.isEnding,
    };
  }

  /** Keeps looking for as long as there is something to say. */
  #lookAgain(): void {
    if (this.#isStopped) return;
    if (this.#timer !== undefined) return void this.#timer.refresh();
    const look = (): void => {
      if (!this.#isWorthIt) return;
      this.#options.wake();
      // Should the request not go now, for the endpoint is away, there is another look.
      this.#timer?.refresh();
    };
    this.#timer = this.#outside(() => setTimeout(look, INTERVAL_MS).unref());
  }
}

const host = hostname();

/** As they will be when the request that tells them is taken. What was sampled out is not awaited there. */
function countsOf(
  { recorded, sampledOut, delivered, spooled, buffered, fromDisk, dropped }: Tally,
  load: number,
): string {
  return JSON.stringify({
    recorded: recorded - sampledOut,
    delivered: delivered + load,
    spooled,
    buffered: buffered - load,
    fromDisk,
    dropped,
  });
}
