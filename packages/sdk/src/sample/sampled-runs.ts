import { SpanStatusCode } from "@opentelemetry/api";
import type { Attributes } from "@opentelemetry/api";
import type { ReadableSpan, TimedEvent } from "@opentelemetry/sdk-trace";
import { RUNREEL_CONTENT_DROPPED, RUNREEL_RUN_KEPT_BECAUSE, RUNREEL_USAGE_COUNTED } from "@runreel/semconv";

import type { WriteContent } from "../content/content-writer.ts";
import type { Ledger } from "../status.ts";
import { isFlagged } from "./head-sampler.ts";
import type { HeldRun, RunRing } from "./run-ring.ts";
import type { UsageTable } from "./usage-table.ts";

/** Characters of a reason. */
const REASON_MAX_LENGTH = 200;

/** Runs that one record of usage names; others have their turn with the next. */
const NAMED_MAX_COUNT = 1_000;

/** Where what is sent waits. */
interface Outgoing {
  opened(span: ReadableSpan): void;
  ended(span: ReadableSpan, bytes: Uint8Array): void;
  /** Takes a span that ended before. */
  addSpan(bytes: Uint8Array, isLeaf: boolean): void;
  addBlob(hash: string, bytes: Uint8Array): boolean;
  hasBlob(hash: string): boolean;
  readonly bytes: number;
}

/** Ids of runs that are sampled out, since the last time. */
export interface NamedRuns {
  /** Those that go on. */
  open: readonly string[];
  /** Those of them that are over now. */
  ended: readonly string[];
}

export interface SampledRunsOptions {
  outgoing: Outgoing;
  ring: RunRing;
  usage: UsageTable;
  ledger: Ledger;
  isLeaf: (span: ReadableSpan) => boolean;
  /** These three give bytes that are valid until the next call. */
  encode: (span: ReadableSpan) => Uint8Array;
  encodeUsage: (rows: TimedEvent[], runs: NamedRuns) => Uint8Array;
  /** A span that is encoded already, with more attributes. */
  extend: (span: Uint8Array, attributes: Attributes) => Uint8Array;
  /** Writes content for what is sent. */
  content: WriteContent;
  /** A writer of content into a run's own blobs. */
  createContent: (run: HeldRun) => NonNullable<HeldRun["content"]>;
}

/**
 * Parts the spans of runs that are kept from those of runs that are sampled out. Of these only usage is sent, unless something goes wrong:
 * then the run is sent as well, with all that is left of it in the ring.
 */
export class SampledRuns {
  readonly #options: SampledRunsOptions;
  #ended: string[] = [];

  constructor(options: SampledRunsOptions) {
    this.#options = options;
  }

  get bytes(): number {
    return this.#options.outgoing.bytes;
  }

  /** Whether the span is sent. */
  opened(span: ReadableSpan): boolean {
    const { outgoing, ring } = this.#options;
    const context = span.spanContext();
    if (isFlagged(context)) {
      outgoing.opened(span);
      return true;
    }
    const run = ring.find(context.traceId) ?? ring.begin(context.traceId);
    run.open.add(span);
    if (run.isKept) outgoing.opened(span);
    else if (span.attributes[RUNREEL_RUN_KEPT_BECAUSE] !== undefined) this.#keep(run, "asked");
    return run.isKept;
  }

  ended(span: ReadableSpan): void {
    const { outgoing, ring, usage, ledger, encode, isLeaf } = this.#options;
    const context = span.spanContext();
    if (isFlagged(context)) return outgoing.ended(span, encode(span));
    const run = ring.find(context.traceId) ?? ring.begin(context.traceId);
    run.open.delete(span);
    if (!run.isKept && span.status.code === SpanStatusCode.ERROR) {
      span.attributes[RUNREEL_RUN_KEPT_BECAUSE] = "error";
      this.#keep(run, "error");
    }
    if (run.isKept) outgoing.ended(span, encode(span));
    else {
      ledger.spans.recorded += 1;
      ledger.spans.sampledOut += 1;
      usage.add(span);
      if (usage.isFull) this.sendUsage();
      ring.addSpan(run, encode(span), isLeaf(span));
    }
    if (run.open.size === 0) {
      if (run.isNamed && !run.isKept) this.#ended.push(context.traceId);
      ring.end(context.traceId);
    }
    return undefined;
  }

  /** Writes content of a run that is sampled out. */
  contentOf(traceId: string): WriteContent {
    const { ring, content, createContent } = this.#options;
    return (into, place, value) => {
      const run = ring.find(traceId);
      if (run === undefined || run.isKept) return content(into, place, value);
      run.content ??= createContent(run);
      return run.content.write(into, place, value);
    };
  }

  /** The collector lacks content that it had: what runs still hold does not lean on it any more. */
  forgetContent(): void {
    for (const run of this.#options.ring.runs) run.content = undefined;
  }

  /** Hands over what was used since the last time. */
  sendUsage(): void {
    const { usage, outgoing, ledger, encodeUsage } = this.#options;
    if (usage.isEmpty) return;
    // The record is a span of its own, and is accounted for as one.
    ledger.spans.recorded += 1;
    outgoing.addSpan(encodeUsage(usage.take(), this.#takeNames()), false);
  }

  /** Somebody has found something in a run. Tells whether it was waiting for that here, and is sent now. */
  keep(traceId: string, reason: string): boolean {
    const run = this.#options.ring.find(traceId);
    if (run === undefined || run.isKept) return false;
    const text = reason.trim().slice(0, REASON_MAX_LENGTH);
    this.#keep(run, text === "" ? "asked" : text);
    return true;
  }

  /** Most runs begin and end between two records, and need no name. */
  #takeNames(): NamedRuns {
    const open: string[] = [];
    for (const [traceId, run] of this.#options.ring.byTraceId) {
      if (run.isNamed || run.isKept || run.open.size === 0) continue;
      if (open.length === NAMED_MAX_COUNT) break;
      run.isNamed = true;
      open.push(traceId);
    }
    const ended = this.#ended.splice(0, NAMED_MAX_COUNT);
    return { open, ended };
  }

  get hasUsage(): boolean {
    return !this.#options.usage.isEmpty;
  }

  /** The process ends, and runs have not: nobody will ever know how they would have. */
  keepUnfinished(): void {
    for (const run of this.#options.ring.runs) {
      if (!run.isKept && run.open.size > 0) this.#keep(run, "unfinished");
    }
  }

  /** Sends what is held of a run: blobs before the spans that name them, and their usage not again. */
  #keep(run: HeldRun, because: string): void {
    const { outgoing, ring, ledger, extend } = this.#options;
    run.isKept = true;
    for (const [hash, { buffer, start, end }] of run.blobs) {
      if (!outgoing.hasBlob(hash)) outgoing.addBlob(hash, buffer.subarray(start, end));
    }
    const held: Attributes = { [RUNREEL_USAGE_COUNTED]: true, [RUNREEL_RUN_KEPT_BECAUSE]: because };
    for (const { piece, isLeaf } of run.spans) {
      const { buffer, start, end } = piece;
      outgoing.addSpan(extend(buffer.subarray(start, end), held), isLeaf);
    }
    ledger.spans.sampledOut -= run.spans.length;
    ring.empty(run);
    run.content = undefined;
    for (const span of run.open) {
      span.attributes[RUNREEL_RUN_KEPT_BECAUSE] = because;
      if (run.isIncomplete) span.attributes[RUNREEL_CONTENT_DROPPED] = "ring_full";
      outgoing.opened(span);
    }
  }
}
