import type { CheckpointRequest, RecordedSpan, Recorder } from "@runreel/sdk/adapter";

import type { AgentRun } from "./agent-run.ts";
import { createAgentRuns } from "./agent-runs.ts";
import type { AgentRuns } from "./agent-runs.ts";
import { LangchainRuns } from "./langchain-runs.ts";

/** A checkpoint that was saved before its run was known. */
type EarlyCheckpoint = Omit<CheckpointRequest, "parent">;

/** Where the host saves a run: a conversation, and in it a graph inside the whole. */
export interface Thread {
  id: string;
  /** Empty for the whole. */
  namespace?: string | undefined;
}

const keyOf = ({ id, namespace = "" }: Thread): string => `${namespace}\n${id}`;

/** The run that works on a thread. */
interface ThreadWorker {
  span: RecordedSpan;
  /** It waits for a person, says the saver. */
  pause?: () => void;
  /** Ends it if it only waits for its end. */
  settle?: () => void;
  /** A checkpoint of it has been recorded. */
  hasSaved?: boolean;
}

/** The calls that the middleware wraps. */
export type WrappedKind = "inference" | "tool";

const EARLY_THREADS_MAX = 64;
const EARLY_OF_THREAD_MAX = 4;

/** What is being recorded, so that middleware, callbacks and saver neither record a thing twice nor lose its place. */
export class Registry {
  /** Those that callbacks have told of, all handlers together: two that are told the same record it once. */
  readonly langchainRuns: LangchainRuns = new LangchainRuns(({ thread, span }) => {
    if (thread !== undefined) this.leaveThread(thread, span);
  });
  /** Those that hooks tell of, all middleware together: agents that watch themselves may stand in one graph. */
  readonly agentRuns: AgentRuns;
  readonly #recorder: () => Recorder;
  readonly #open = new Set<AgentRun>();
  readonly #threads = new Map<string, ThreadWorker>();
  readonly #early = new Map<string, EarlyCheckpoint[]>();
  readonly #wrapped = new Map<string, { kind: WrappedKind; isClaimed: boolean }>();
  readonly #heard = new WeakSet<Recorder>();

  constructor(recorder: () => Recorder) {
    this.#recorder = recorder;
    this.agentRuns = createAgentRuns(recorder, this);
  }

  /** An agent's run has been opened. */
  remember(run: AgentRun, thread: Thread | undefined): void {
    this.#open.add(run);
    this.#listenTo(this.#recorder());
    if (thread !== undefined) {
      this.takeThread(thread, { span: run.span, pause: () => run.pause(), settle: () => run.settle() });
    }
  }

  #listenTo(recorder: Recorder): void {
    if (this.#heard.has(recorder)) return;
    this.#heard.add(recorder);
    recorder.onFlush?.(() => {
      for (const open of this.#open) open.settle();
    });
  }

  forget(run: AgentRun, thread: Thread | undefined): void {
    this.#open.delete(run);
    if (thread !== undefined) this.leaveThread(thread, run.span);
  }

  /** A run works on a thread of the host from now on. What runs inside it on the same thread changes nothing. */
  takeThread(thread: Thread, worker: ThreadWorker): void {
    const key = keyOf(thread);
    const before = this.#threads.get(key);
    if (before?.span.traceId === worker.span.traceId) return;
    before?.settle?.();
    const early = this.#early.get(key) ?? [];
    for (const checkpoint of early) this.#recorder().checkpoint({ ...checkpoint, parent: worker.span });
    this.#early.delete(key);
    this.#threads.set(key, { ...worker, hasSaved: early.length > 0 });
  }

  /** Somebody begins to work on a thread, says the saver. A run that has saved there before is over, or has lost the thread. */
  invocationBegins(thread: Thread): void {
    const worker = this.#threads.get(keyOf(thread));
    if (worker?.hasSaved !== true) return;
    worker.settle?.();
    this.leaveThread(thread, worker.span);
  }

  leaveThread(thread: Thread, span: RecordedSpan): void {
    if (this.#threads.get(keyOf(thread))?.span === span) this.#threads.delete(keyOf(thread));
  }

  /** Who works on a thread; in a graph inside that is no agent of its own, whoever works on the whole. */
  workerOn(thread: Thread): ThreadWorker | undefined {
    return this.#threads.get(keyOf(thread)) ?? this.#threads.get(keyOf({ id: thread.id }));
  }

  /** Keeps a checkpoint until the run of its thread is opened: a graph saves its input before any hook is called. */
  keepEarly(thread: Thread, checkpoint: EarlyCheckpoint): void {
    const key = keyOf(thread);
    const kept = this.#early.get(key) ?? [];
    this.#early.delete(key);
    this.#early.set(key, [...kept, checkpoint].slice(-EARLY_OF_THREAD_MAX));
    if (this.#early.size > EARLY_THREADS_MAX) this.#early.delete(this.#early.keys().next().value!);
  }

  /** The span of a run of LangChain's, if callbacks record it; the middleware of the same agent asks. */
  agentOf(langchainRunId: string): RecordedSpan | undefined {
    return this.langchainRuns.get(langchainRunId)?.span;
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
    if (this.#wrapped.size === 0) return false;
    const active = this.#recorder().active();
    const wrapped = active === undefined ? undefined : this.#wrapped.get(active.spanId);
    if (wrapped?.kind !== kind || (kind === "tool" && wrapped.isClaimed)) return false;
    wrapped.isClaimed = true;
    return true;
  }
}
