import type { Outcome, RecordedSpan } from "@runreel/sdk/adapter";

import type { Thread } from "./registry.ts";

/** What is recorded of one of LangChain's runs, which every chain, model and tool is to it. */
export interface LangchainRun {
  /** LangChain's id of the run that it was opened for, and ends with. Undefined for a call that the middleware records. */
  readonly id: string | undefined;
  readonly span: RecordedSpan;
  /** The recorded run that it stands in. */
  readonly above: LangchainRun | undefined;
  /** The agent's span that was opened above a model or tool that runs alone. */
  readonly root?: RecordedSpan | undefined;
  /** The tool call that it answers. */
  readonly call?: { id?: string; name: string } | undefined;
  /** The host's thread that it has taken. */
  readonly thread?: Thread | undefined;
  /** By the clock of the process. */
  readonly startTimeMs?: number;
  /** When the first piece of a streamed answer came. */
  firstChunkTimeMs?: number;
  /** When something was last heard of it, in milliseconds since the epoch. */
  lastTimeMs: number;
  /** Something inside waits for a person. */
  isPaused: boolean;
}

/** Ends what is recorded of a run, and what was opened around it. */
export function endRun({ span, root }: LangchainRun, outcome: Outcome): void {
  span.end(outcome);
  root?.end({ ...outcome, raw: undefined });
}

/** Named as the host names it where it tells that a stream is left. */
const leftError = {
  name: "AbortError",
  message: "Nothing can end this any more: the reader has left its stream, or something never settles",
};

/** Runs whose end never comes are forgotten, the oldest first. */
const RUNS_MAX = 10_000;

/**
 * LangChain's runs by their ids. Parents come from here and never from the active context, which other tasks may share.
 *
 * A chain or node that is no step has no record of its own: its id leads to the run that it stands in.
 *
 * Of a stream that its reader leaves, LangChain tells nobody. But once nothing holds any more what the host needs to tell the end of a
 * run, no end can come, and the run is ended as one that was left.
 */
export class LangchainRuns {
  readonly #runs = new Map<string, LangchainRun>();
  readonly #onEnd: (run: LangchainRun) => void;
  readonly #hosts = new FinalizationRegistry<LangchainRun>((run) => this.#isLeft(run));
  #left: Set<LangchainRun> | undefined;

  constructor(onEnd: (run: LangchainRun) => void) {
    this.#onEnd = onEnd;
  }

  get(id: string | undefined): LangchainRun | undefined {
    return id === undefined ? undefined : this.#runs.get(id);
  }

  set(id: string, run: LangchainRun): void {
    this.#runs.set(id, run);
    if (this.#runs.size > RUNS_MAX) this.take(this.#runs.keys().next().value!);
  }

  /** Keeps a run that may be left. `host` is held by nothing but what can tell its end. */
  open(id: string, run: LangchainRun, host: object | undefined): void {
    this.set(id, run);
    if (host !== undefined) this.#hosts.register(host, run, run);
  }

  /** Forgets an id. Gives the run that was opened for it, if there was one. */
  take(id: string): LangchainRun | undefined {
    const run = this.#forget(id);
    if (run?.above !== undefined) run.above.lastTimeMs = Date.now();
    return run;
  }

  #forget(id: string): LangchainRun | undefined {
    const run = this.#runs.get(id);
    this.#runs.delete(id);
    if (run?.id !== id) return undefined;
    this.#hosts.unregister(run);
    this.#onEnd(run);
    return run;
  }

  /** Collected together, streams are looked for together. */
  #isLeft(run: LangchainRun): void {
    if (this.#left === undefined) queueMicrotask(() => this.#endLeft());
    this.#left ??= new Set();
    this.#left.add(run);
  }

  #endLeft(): void {
    const left = this.#left!;
    this.#left = undefined;
    const open = [...this.#runs].filter(([, run]) => isWithin(run, left));
    // What was opened last ends first, and tells what is above when something was last heard.
    for (const [id] of open.toReversed()) {
      const run = this.#forget(id);
      if (run === undefined) continue;
      if (run.above !== undefined) run.above.lastTimeMs = Math.max(run.above.lastTimeMs, run.lastTimeMs);
      endRun(run, { error: leftError, endTimeMs: run.lastTimeMs });
    }
  }

  /** A pause inside belongs to everything above it. */
  pause(id: string): void {
    for (let run = this.get(id); run !== undefined; run = run.above) run.isPaused = true;
  }
}

function isWithin(run: LangchainRun | undefined, left: ReadonlySet<LangchainRun>): boolean {
  for (let at = run; at !== undefined; at = at.above) if (left.has(at)) return true;
  return false;
}
