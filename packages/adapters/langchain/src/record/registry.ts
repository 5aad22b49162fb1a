import type { CheckpointRequest, RecordedSpan, Recorder } from "@runreel/sdk/adapter";

import type { AgentRun } from "./agent-run.ts";

/** A checkpoint that was saved before its run was known. */
type EarlyCheckpoint = Omit<CheckpointRequest, "parent">;

/** The run that works on a thread. */
interface ThreadWorker {
  span: RecordedSpan;
  /** It waits for a person, says the saver. */
  pause?: () => void;
}

/** The calls that the middleware wraps. */
export type WrappedKind = "inference" | "tool";

const EARLY_THREADS_MAX = 64;
const EARLY_OF_THREAD_MAX = 4;

/** What is being recorded, so that middleware, callbacks and saver neither record a thing twice nor lose its place. */
export class Registry {
  readonly #recorder: () => Recorder;
  readonly #open = new Set<AgentRun>();
  readonly #threads = new Map<string, ThreadWorker>();
  readonly #early = new Map<string, EarlyCheckpoint[]>();
  readonly #agents = new Map<string, RecordedSpan>();
  readonly #wrapped = new Map<string, { kind: WrappedKind; isClaimed: boolean }>();
  readonly #heard = new WeakSet<Recorder>();

  constructor(recorder: () => Recorder) {
    this.#recorder = recorder;
  }

  /** An agent's run has been opened. */
  remember(run: AgentRun, threadId: string | undefined): void {
    this.#open.add(run);
    this.#listenTo(this.#recorder());
    if (threadId !== undefined) this.takeThread(threadId, { span: run.span, pause: () => run.pause() });
  }

  #listenTo(recorder: Recorder): void {
    if (this.#heard.has(recorder)) return;
    this.#heard.add(recorder);
    recorder.onFlush?.(() => {
      for (const open of this.#open) open.settle();
    });
  }

  forget(run: AgentRun, threadId: string | undefined): void {
    this.#open.delete(run);
    if (threadId !== undefined) this.leaveThread(threadId, run.span);
  }

  /** A run works on a thread of the host from now on. What runs inside it on the same thread changes nothing. */
  takeThread(threadId: string, worker: ThreadWorker): void {
    if (this.#threads.has(threadId)) return;
    this.#threads.set(threadId, worker);
    for (const checkpoint of this.#early.get(threadId) ?? []) {
      this.#recorder().checkpoint({ ...checkpoint, parent: worker.span });
    }
    this.#early.delete(threadId);
  }

  leaveThread(threadId: string, span: RecordedSpan): void {
    if (this.#threads.get(threadId)?.span === span) this.#threads.delete(threadId);
  }

  workerOn(threadId: string | undefined): ThreadWorker | undefined {
    return threadId === undefined ? undefined : this.#threads.get(threadId);
  }

  /** Keeps a checkpoint until the run of its thread is opened: a graph saves its input before any hook is called. */
  keepEarly(threadId: string, checkpoint: EarlyCheckpoint): void {
    const kept = this.#early.get(threadId) ?? [];
    this.#early.delete(threadId);
    this.#early.set(threadId, [...kept, checkpoint].slice(-EARLY_OF_THREAD_MAX));
    if (this.#early.size > EARLY_THREADS_MAX) this.#early.delete(this.#early.keys().next().value!);
  }

  /** Callbacks tell which span a run of LangChain's belongs to; the middleware of the same agent asks. */
  setAgent(langchainRunId: string, span: RecordedSpan): void {
    this.#agents.set(langchainRunId, span);
  }

  agentOf(langchainRunId: string): RecordedSpan | undefined {
    return this.#agents.get(langchainRunId);
  }

  deleteAgent(langchainRunId: string): void {
    this.#agents.delete(langchainRunId);
  }

  /** Runs a call of the host under a span of the middleware, so that callbacks leave it alone. */
  async wrap<T>(kind: WrappedKind, span: RecordedSpan, call: () => Promise<T>): Promise<T> {
    this.#wrapped.set(span.spanId, { kind, isClaimed: false });
    try {
      return await span.run(call);
    } finally {
      this.#wrapped.delete(span.spanId);
    }
  }

  /** Whether the middleware records what starts here. A tool's span stands for the first tool that starts in it, not for what that calls. */
  isWrapped(kind: WrappedKind): boolean {
    const active = this.#recorder().active();
    const wrapped = active === undefined ? undefined : this.#wrapped.get(active.spanId);
    if (wrapped?.kind !== kind || (kind === "tool" && wrapped.isClaimed)) return false;
    wrapped.isClaimed = true;
    return true;
  }
}
