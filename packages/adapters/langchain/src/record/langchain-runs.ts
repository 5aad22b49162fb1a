import type { RecordedSpan } from "@runreel/sdk/adapter";

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
  /** Something inside waits for a person. */
  isPaused: boolean;
}

/** Runs whose end never comes are forgotten, the oldest first. */
const RUNS_MAX = 10_000;

/**
 * LangChain's runs by their ids. Parents come from here and never from the active context, which other tasks may share.
 *
 * A chain or node that is no step has no record of its own: its id leads to the run that it stands in.
 */
export class LangchainRuns {
  readonly #runs = new Map<string, LangchainRun>();
  readonly #onEnd: (run: LangchainRun) => void;

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

  /** Forgets an id. Gives the run that was opened for it, if there was one. */
  take(id: string): LangchainRun | undefined {
    const run = this.#runs.get(id);
    this.#runs.delete(id);
    if (run?.id !== id) return undefined;
    this.#onEnd(run);
    return run;
  }

  /** A pause inside belongs to everything above it. */
  pause(id: string): void {
    for (let run = this.get(id); run !== undefined; run = run.above) run.isPaused = true;
  }
}
