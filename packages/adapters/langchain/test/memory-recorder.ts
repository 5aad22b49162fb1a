// A recorder that keeps what it is told, for tests that look at calls rather than at spans on a wire.
import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";

import type { Outcome, Parent, RecordedSpan, Recorder, Replay } from "@runreel/sdk/adapter";

export class MemorySpan implements RecordedSpan {
  readonly traceId: string;
  readonly spanId = randomBytes(8).toString("hex");
  readonly traceContext = {};
  readonly kind: string;
  readonly name: string;
  readonly parent: RecordedSpan | undefined;
  readonly request: Record<string, unknown>;
  outcome: Outcome | undefined;
  readonly #active: AsyncLocalStorage<RecordedSpan>;

  constructor(
    active: AsyncLocalStorage<RecordedSpan>,
    given: { kind: string; name: string; parent: RecordedSpan | undefined; request: object },
  ) {
    this.#active = active;
    this.kind = given.kind;
    this.name = given.name;
    this.parent = given.parent;
    this.request = { ...given.request };
    this.traceId = given.parent?.traceId ?? randomBytes(16).toString("hex");
  }

  get ended(): boolean {
    return this.outcome !== undefined;
  }

  run<T>(fn: () => T): T {
    return this.#active.run(this, fn);
  }

  setAttributes(): void {}

  end(outcome: Outcome = {}): void {
    this.outcome ??= outcome;
  }
}

export class MemoryRecorder implements Recorder {
  readonly enabled: boolean;
  readonly replay: Replay | undefined;
  readonly spans: MemorySpan[] = [];
  readonly checkpoints: { label?: string; state: unknown; runName: string | undefined }[] = [];
  readonly #active = new AsyncLocalStorage<RecordedSpan>();
  readonly #flushed: (() => void)[] = [];

  constructor(options: { replay?: Replay; enabled?: boolean } = {}) {
    this.enabled = options.enabled ?? true;
    this.replay = options.replay;
  }

  active(): RecordedSpan | undefined {
    return this.#active.getStore();
  }

  beginRun(request: { name: string; parent?: Parent }): MemorySpan {
    return this.#open("run", request.name, request);
  }

  beginInference(request: { model: string; parent?: Parent }): MemorySpan {
    return this.#open("inference", request.model, request);
  }

  beginTool(request: { name: string; parent?: Parent }): MemorySpan {
    return this.#open("tool", request.name, request);
  }

  beginCode(request: { name: string; parent?: Parent }): MemorySpan {
    return this.#open("code", request.name, request);
  }

  checkpoint(request: { state: unknown; label?: string; parent?: Parent }): string {
    const parent = (request.parent === undefined ? this.active() : request.parent) as MemorySpan | null | undefined;
    const { label, state } = request;
    this.checkpoints.push({ state, runName: parent?.name, ...(label === undefined ? {} : { label }) });
    return "checkpoint";
  }

  reasoning(): void {}

  onFlush(listener: () => void): void {
    this.#flushed.push(listener);
  }

  flush(): void {
    for (const listener of this.#flushed) listener();
  }

  /** `kind name` of each step, in the order of their starts. */
  steps(): string[] {
    return this.spans.filter(({ kind }) => kind !== "run").map(({ kind, name }) => `${kind} ${name}`);
  }

  #open(kind: string, name: string, request: { parent?: Parent }): MemorySpan {
    const parent = request.parent === undefined ? this.active() : (request.parent ?? undefined);
    const span = new MemorySpan(this.#active, { kind, name, parent, request });
    this.spans.push(span);
    return span;
  }
}
