import type { RecordedSpan } from "@runreel/sdk/adapter";

import type { Registry, Thread } from "../record/registry.ts";

/** What is recorded of one of LangChain's runs, which every chain, model and tool is to it. */
export interface LangchainRun {
  /** Where what runs inside it is recorded; its own span, or that of the nearest run above that has one. */
  span: RecordedSpan;
  /** It was opened for this run and ends with it. */
  isOwn: boolean;
  /** The agent's span that was opened above a model or tool that runs alone. */
  root?: RecordedSpan | undefined;
  /** The tool call that it answers. */
  call?: { id?: string; name: string } | undefined;
  /** The host's thread that it has taken. */
  thread?: Thread | undefined;
  /** By the clock of the process. */
  startTimeMs?: number;
  /** When the first piece of a streamed answer came. */
  firstChunkTimeMs?: number;
  /** Something inside waits for a person. */
  isPaused: boolean;
  parentId: string | undefined;
}

/** Runs whose end never comes are forgotten, the oldest first. */
const RUNS_MAX = 10_000;

/** LangChain's runs by their ids. Parents come from here and never from the active context, which other tasks may share. */
export class LangchainRuns {
  readonly #runs = new Map<string, LangchainRun>();
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  get(id: string | undefined): LangchainRun | undefined {
    return id === undefined ? undefined : this.#runs.get(id);
  }

  set(id: string, run: LangchainRun): void {
    this.#runs.set(id, run);
    this.#registry.setAgent(id, run.span);
    if (this.#runs.size > RUNS_MAX) this.take(this.#runs.keys().next().value!);
  }

  take(id: string): LangchainRun | undefined {
    const run = this.#runs.get(id);
    this.#runs.delete(id);
    this.#registry.deleteAgent(id);
    if (run?.thread !== undefined) this.#registry.leaveThread(run.thread, run.span);
    return run;
  }

  /** A pause inside belongs to everything above it. */
  pause(id: string): void {
    for (let run = this.get(id); run !== undefined; run = this.get(run.parentId)) run.isPaused = true;
  }
}
