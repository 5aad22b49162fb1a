import { nanosecondsOf, secondsOf } from "../model/nanoseconds.ts";
import type { LostContent } from "../normalize/lost-content.ts";
import type { NormalizedSpan } from "../model/normalized-span.ts";
import type { RunRow } from "../model/rollup-rows.ts";
import { addToSums, emptySums } from "./sums.ts";

const SECONDS_A_DAY = 86_400;
/** Both halves of a time that is not known yet: later than all others. */
const NO_TIME = 0xffffffff;

/** A row while it grows: the times in halves, which are cheaper to compare than big integers. */
interface GrowingRow extends RunRow {
  firstLow: number;
  firstHigh: number;
  lastLow: number;
  lastHigh: number;
}

/** Places of the cache in front of the rows. A block has some thousand runs, and their spans come mixed. */
const CACHE_SLOTS = 4096;

/** What a block says of each of its runs. */
export class RunRollup {
  #rows = new Map<string, GrowingRow>();
  readonly #recent: (GrowingRow | undefined)[] = Array.from({ length: CACHE_SLOTS }, () => undefined);

  get size(): number {
    return this.#rows.size;
  }

  /** Adds a finished span. */
  add(project: string, span: NormalizedSpan, heardAt: number): void {
    const row = this.#row(project, span, heardAt);
    addToSums(row, span);
    if (span.stepKind !== "") row.steps++;
    if (span.kind === "inference" && span.model !== "") row.models.add(span.model);
    extend(row, span, span.endLow, span.endHigh);
    if (row.conversationId === "") row.conversationId = span.conversationId;
    if (span.parentAt === 0) takeRoot(row, span, "ended");
  }

  /** Adds the start record of a span that is still open. It counts nothing. */
  open(project: string, span: NormalizedSpan, heardAt: number): void {
    const row = this.#row(project, span, heardAt);
    extend(row, span, span.startLow, span.startHigh);
    if (span.parentAt === 0 && row.rootState !== "ended") takeRoot(row, span, "open");
  }

  /** Adds what the program has said of content that it could not keep. It may say more later. */
  lose(project: string, { runId, spans, reason, atLow, atHigh }: LostContent, heardAt: number): void {
    const row = this.#rowOf(project, Buffer.from(runId).toString("latin1"), () => runId);
    row.lostContentSpans += spans;
    row.lostContentReason = reason;
    row.heardAt = Math.max(row.heardAt, heardAt);
    if (row.rootState !== "" || row.firstLow !== NO_TIME || row.firstHigh !== NO_TIME) return;
    row.firstLow = atLow;
    row.firstHigh = atHigh;
  }

  /** Hands over the rows, and begins anew. */
  take(): RunRow[] {
    const rows = [...this.#rows.values()];
    for (const row of rows) settleTimes(row);
    this.#rows = new Map();
    this.#recent.fill(undefined);
    return rows;
  }

  #row(project: string, span: NormalizedSpan, heardAt: number): GrowingRow {
    const slot = slotOf(span);
    const recent = this.#recent[slot];
    const row = recent !== undefined && isOf(recent, project, span) ? recent : this.#find(project, span);
    this.#recent[slot] = row;
    if (row.service === "") row.service = span.resource.service;
    if (row.processId === "") row.processId = span.resource.processId;
    if (row.framework === "") row.framework = span.framework;
    if (row.keptBecause === "") row.keptBecause = span.keptBecause;
    row.heardAt = Math.max(row.heardAt, heardAt);
    return row;
  }

  #find(project: string, span: NormalizedSpan): GrowingRow {
    const { bytes } = span.batch;
    const id = bytes.toString("latin1", span.traceAt, span.traceAt + 16);
    return this.#rowOf(project, id, () => bytes.subarray(span.traceAt, span.traceAt + 16));
  }

  #rowOf(project: string, id: string, runId: () => Uint8Array): GrowingRow {
    const key = id + project;
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = emptyRow(project, Uint8Array.from(runId()));
      this.#rows.set(key, row);
    }
    return row;
  }
}

/** Trace ids are random, or at least their last bytes are. */
function slotOf({ batch: { bytes }, traceAt }: NormalizedSpan): number {
  return ((bytes[traceAt + 15]! | (bytes[traceAt + 14]! << 8)) ^ bytes[traceAt + 12]!) & (CACHE_SLOTS - 1);
}

function extend(row: GrowingRow, span: NormalizedSpan, endLow: number, endHigh: number): void {
  const { startLow, startHigh } = span;
  if (isBefore(startLow, startHigh, row.firstLow, row.firstHigh)) {
    row.firstLow = startLow;
    row.firstHigh = startHigh;
  }
  grow(row, startLow, startHigh);
  grow(row, endLow, endHigh);
}

function grow(row: GrowingRow, low: number, high: number): void {
  if (isBefore(low, high, row.lastLow, row.lastHigh)) return;
  row.lastLow = low;
  row.lastHigh = high;
}

function isBefore(low: number, high: number, otherLow: number, otherHigh: number): boolean {
  return high === otherHigh ? low < otherLow : high < otherHigh;
}

function settleTimes(row: GrowingRow): void {
  row.firstStart = nanosecondsOf(row.firstLow, row.firstHigh);
  row.lastEnd = nanosecondsOf(row.lastLow, row.lastHigh);
  row.day = Math.floor(secondsOf(row.firstLow, row.firstHigh) / SECONDS_A_DAY);
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
  row.processId = span.resource.processId;
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

function emptyRow(project: string, runId: Uint8Array): GrowingRow {
  return {
    project,
    runId,
    day: 0,
    firstStart: 0n,
    lastEnd: 0n,
    firstLow: NO_TIME,
    firstHigh: NO_TIME,
    lastLow: 0,
    lastHigh: 0,
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
    processId: "",
    framework: "",
    agent: "",
    agentVersion: "",
    conversationId: "",
    replayId: "",
    replayOf: new Uint8Array(16),
    replayFrom: 0,
    replayMode: "",
    divergence: "",
    keptBecause: "",
    lostContentSpans: 0,
    lostContentReason: "",
    steps: 0,
    models: new Set(),
    ...emptySums(),
  };
}
