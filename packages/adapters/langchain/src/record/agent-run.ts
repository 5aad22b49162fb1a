import type { RecordedSpan } from "@runreel/sdk/adapter";

import { signalOfAll } from "../host-config.ts";
import type { HostConfig } from "../host-config.ts";
import { outOfSteps, wayOut } from "./way-out.ts";
import type { SavedState } from "./way-out.ts";

/** What an agent's hook came to. */
export type HookEnd =
  /** A model's answer that asks for no more tools, or a tool whose result is the answer. Most likely the run is over. */
  | { kind: "answered"; output: unknown }
  /** Something comes next. */
  | { kind: "went-on" }
  /** A command says what comes next, which may be the end. */
  | { kind: "led-on" }
  | { kind: "paused" }
  | { kind: "failed"; error: unknown };

/** Something would come next, but the host allows no further step. */
type Last = HookEnd | { kind: "exhausted"; steps: number };

/**
 * Where a run stands. A `graph` has a hook for nothing of its own, only for its agents; a `borrowed` span is another's, who knows when it
 * ends.
 */
type Place = "root" | "inside" | "graph" | "borrowed";

/** Of hooks at once, the one whose end weighs most says how the run goes on. */
const weight: Readonly<Record<Last["kind"], number>> = {
  "went-on": 0,
  exhausted: 1,
  "led-on": 2,
  answered: 3,
  paused: 4,
  failed: 5,
};

/** How long after its last hook a run counts as over, if nothing else says so. */
const SETTLE_MS = 250;
/** Nodes that are no agents take their time between two that are. */
const SETTLE_GRAPH_MS = 5_000;
const SETTLE_MAX_MS = 8_000;
/** After this many looks for a way out, a run that says nothing stays open; the collector tells it as silent. */
const LOOKS_MAX = 10;

/**
 * One run of an agent, as far as its hooks tell.
 *
 * LangChain calls no hook at the end that is not a node of the graph, and a node of ours would change the user's stream. So the end is
 * read from what the hooks see (docs/discoveries/langchain.md): the answer, the host's abort signal after a fatal error, a pause. A run
 * of its own waits a moment after that, since a guard may send the model to work again; one inside another ends at once.
 */
export class AgentRun {
  readonly span: RecordedSpan;
  readonly #place: Place;
  readonly #around: AgentRun | undefined;
  /** What is open inside, and ends with it at the latest. */
  readonly #inside = new Set<AgentRun>();
  readonly #savedState: (() => Promise<SavedState>) | undefined;
  readonly #onEnd: () => void;
  readonly #watched = new WeakSet<AbortSignal>();
  #working = 0;
  #last: Last = { kind: "went-on" };
  /** The host's number of the step that runs, and of the last one that it allows, as far as can be told. */
  #step = 0;
  #stepsMax = 0;
  #lastStep: number | undefined;
  #abort: { reason: unknown } | undefined;
  #endTimeMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #looks = 0;

  constructor(
    span: RecordedSpan,
    options: {
      place: Place;
      /** The run that this one is a part of, if it is read from its agents' hooks too. */
      around?: AgentRun | undefined;
      savedState?: (() => Promise<SavedState>) | undefined;
      onEnd: () => void;
    },
  ) {
    this.span = span;
    this.#place = options.place;
    this.#around = options.around;
    if (options.around !== undefined) options.around.#inside.add(this);
    this.#savedState = options.savedState;
    this.#onEnd = options.onEnd;
  }

  /** A hook begins. */
  enter(config: HostConfig): void {
    const { signal, metadata, recursionLimit } = config;
    const step = metadata?.["langgraph_step"];
    if (typeof step === "number" && recursionLimit !== undefined) this.#count(step, recursionLimit);
    // Work after a failure means that somebody has handled it, unless the host has already given up.
    if (this.#working === 0 && this.#abort === undefined) this.#last = { kind: "went-on" };
    this.#working += 1;
    this.#looks = 0;
    clearTimeout(this.#timer);
    // What aborts an agent inside need not end what stands around it.
    this.#around?.enter({ signal: signalOfAll(config) });
    if (signal === undefined || this.#watched.has(signal)) return;
    this.#watched.add(signal);
    signal.addEventListener("abort", () => this.#aborted(signal.reason), { once: true });
  }

  /** A hook ends. */
  leave(end: Last): void {
    this.#working -= 1;
    this.#endTimeMs = Date.now();
    const isExhausted = end.kind === "went-on" && this.#lastStep !== undefined && this.#step >= this.#lastStep;
    const last: Last = isExhausted ? { kind: "exhausted", steps: this.#stepsMax } : end;
    if (this.#last.kind !== "failed" && weight[last.kind] >= weight[this.#last.kind]) this.#last = last;
    if (this.#working === 0) this.#rest();
    this.#around?.leave(last);
  }

  /** The run waits for a person, says the checkpointer. */
  pause(): void {
    this.#last = { kind: "paused" };
    this.#endTimeMs = Date.now();
    if (this.#working === 0) this.#rest();
  }

  /** Ends the run if it only waits for its end. Called before a flush. */
  settle(): void {
    if (this.#working > 0 || this.#isOver()) return;
    switch (this.#last.kind) {
      case "answered":
        return this.#end({ output: this.#last.output });
      case "paused":
        return this.#end({ interrupted: true });
      case "failed":
        return this.#end({ error: this.#last.error });
      case "exhausted":
        return this.#end({ error: outOfSteps(this.#last.steps) });
      case "went-on":
      case "led-on":
    }
  }

  /** The first hook of an invocation tells where the host will stop. Nodes before it make that too late, never too early. */
  #count(step: number, stepsMax: number): void {
    const begins = this.#lastStep === undefined || (this.#working === 0 && this.#last.kind === "answered");
    this.#step = step;
    if (!begins) return;
    this.#stepsMax = stepsMax;
    this.#lastStep = step + stepsMax - 1;
  }

  /** No hook is running: either the run is over, or the host is between two nodes. */
  #rest(): void {
    if (this.#isOver()) return;
    if (this.#abort !== undefined) return this.#endAborted(this.#abort.reason);
    const isDone = this.#last.kind === "answered" || this.#last.kind === "paused";
    if (this.#place === "inside" && isDone) return this.settle();
    this.#wait(this.#place === "graph" ? SETTLE_GRAPH_MS : SETTLE_MS);
  }

  #aborted(reason: unknown): void {
    if (this.#isOver()) return;
    this.#abort = { reason };
    if (this.#working === 0) this.#endAborted(reason);
  }

  /** The host aborts what runs beside a fatal error; a signal without one comes from the user. */
  #endAborted(reason: unknown): void {
    if (this.#last.kind === "answered") return this.settle();
    this.#end({ error: this.#last.kind === "failed" ? this.#last.error : reason });
  }

  #wait(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.settle();
      if (!this.span.ended && this.#working === 0) void this.#look(delayMs);
    }, delayMs);
    this.#timer.unref();
  }

  /** Nothing has come for a while: the agent may be paused or have failed in a place that no hook sees. Its saved state knows. */
  async #look(delayMs: number): Promise<void> {
    const found = await wayOut(this.#savedState);
    if (this.span.ended || this.#working > 0) return;
    if (found !== undefined) return this.#end(found);
    this.#looks += 1;
    if (this.#savedState !== undefined && this.#looks < LOOKS_MAX) this.#wait(Math.min(delayMs * 2, SETTLE_MAX_MS));
  }

  #isOver(): boolean {
    return this.span.ended || this.#place === "borrowed";
  }

  #end(outcome: { output?: unknown; error?: unknown; interrupted?: boolean }): void {
    clearTimeout(this.#timer);
    const { output: _, ...way } = outcome;
    for (const open of this.#inside) open.#end(way);
    if (this.#around !== undefined) this.#around.#inside.delete(this);
    this.span.end({ ...outcome, ...(this.#endTimeMs > 0 ? { endTimeMs: this.#endTimeMs } : {}) });
    this.#onEnd();
  }
}
