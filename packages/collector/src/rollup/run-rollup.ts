import { nanosecondsOf, secondsOf } from "../model/nanoseconds.ts";
import type { NormalizedSpan } from "../model/normalized-span.ts";
import type { RunRow } from "../model/rollup-rows.ts";
import { addToSums, emptySums } from "./sums.ts";

const SECONDS_A_DAY = 86_400;

/** What a block says of each of its runs. */
export class RunRollup {
  #rows = new Map<string, RunRow>();
  /** Spans of a run mostly come together. */
  #last: RunRow | undefined;

  get size(): number {
    return this.#rows.size;
  }

  /** Adds a finished span. */
  add(project: string, span: NormalizedSpan, heardAt: number): void {
    const row = this.#row(project, span, heardAt);
    addToSums(row, span);
    if (span.stepKind !== "") row.steps++;
    if (span.kind === "inference" && span.model !== "") row.models.add(span.model);
    this.#extend(row, span, nanosecondsOf(span.endLow, span.endHigh));
    if (row.conversationId === "") row.conversationId = span.conversationId;
    if (span.parentAt === 0) takeRoot(row, span, "ended");
  }

  /** Adds the start record of a span that is still open. It counts nothing. */
  open(project: string, span: NormalizedSpan, heardAt: number): void {
    const row = this.#row(project, span, heardAt);
    this.#extend(row, span, nanosecondsOf(span.startLow, span.startHigh));
    if (span.parentAt === 0 && row.rootState !== "ended") takeRoot(row, span, "open");
  }

  /** Hands over the rows, and begins anew. */
  take(): RunRow[] {
    const rows = [...this.#rows.values()];
    this.#rows = new Map();
    this.#last = undefined;
    return rows;
  }

  #row(project: string, span: NormalizedSpan, heardAt: number): RunRow {
    const row = this.#last !== undefined && isOf(this.#last, project, span) ? this.#last : this.#find(project, span);
    this.#last = row;
    if (row.service === "") row.service = span.resource.service;
    if (row.framework === "") row.framework = span.framework;
    row.heardAt = Math.max(row.heardAt, heardAt);
    return row;
  }

  #find(project: string, span: NormalizedSpan): RunRow {
    const { bytes } = span.batch;
    const key = bytes.toString("latin1", span.traceAt, span.traceAt + 16) + project;
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = emptyRow(project, Uint8Array.from(bytes.subarray(span.traceAt, span.traceAt + 16)));
      this.#rows.set(key, row);
    }
    return row;
  }

  #extend(row: RunRow, span: NormalizedSpan, end: bigint): void {
    const start = nanosecondsOf(span.startLow, span.startHigh);
    if (row.firstStart === 0n || start < row.firstStart) {
      row.firstStart = start;
      row.day = Math.floor(secondsOf(span.startLow, span.startHigh) / SECONDS_A_DAY);
    }
    const last = end < start ? start : end;
    if (last > row.lastEnd) row.lastEnd = last;
  }
}

function isOf(row: RunRow, project: string, span: NormalizedSpan): boolean {
  const { bytes } = span.batch;
  for (let index = 0; index < 16; index++) if (row.runId[index] !== bytes[span.traceAt + index]) return false;
  return row.project === project;
}

/** The root says what the run is: its name, its agent, how it ended. */
function takeRoot(row: RunRow, span: NormalizedSpan, state: "open" | "ended"): void {
  const { bytes } = span.batch;
  const isEnded = state === "ended";
  row.rootState = state;
  row.rootSpanId = Uint8Array.from(bytes.subarray(span.spanAt, span.spanAt + 8));
  row.rootStart = nanosecondsOf(span.startLow, span.startHigh);
  row.rootEnd = isEnded ? nanosecondsOf(span.endLow, span.endHigh) : 0n;
  row.name = span.runName;
  row.status = isEnded ? span.status : "";
  row.errorType = isEnded ? span.errorType : "";
  row.errorMessage = isEnded ? span.statusMessage : "";
  row.service = span.resource.service;
  row.framework = span.framework;
  row.agent = span.agent;
  row.agentVersion = span.agentVersion;
  if (span.conversationId !== "") row.conversationId = span.conversationId;
  row.replayId = span.replayId;
  row.replayOf = Uint8Array.from(span.replayOf);
  row.replayFrom = span.replayFrom;
  row.replayMode = span.replayMode;
  row.divergence = span.divergence;
}

function emptyRow(project: string, runId: Uint8Array): RunRow {
  return {
    project,
    runId,
    day: 0,
    firstStart: 0n,
    lastEnd: 0n,
    heardAt: 0,
    rootState: "",
    rootSpanId: new Uint8Array(8),
    rootStart: 0n,
    rootEnd: 0n,
    name: "",
    status: "",
    errorType: "",
    errorMessage: "",
    service: "",
    framework: "",
    agent: "",
    agentVersion: "",
    conversationId: "",
    replayId: "",
    replayOf: new Uint8Array(16),
    replayFrom: 0,
    replayMode: "",
    divergence: "",
    steps: 0,
    models: new Set(),
    ...emptySums(),
  };
}
