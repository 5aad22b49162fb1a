import { hashBlob } from "@runreel/content";
import { PriceList } from "./cost/price.ts";
import { priceSpan } from "./cost/price-span.ts";
import { inflate } from "./decode/inflate.ts";
import { decodeBody } from "./decode/inspect-traces.ts";
import { type DecodeLimits, defaultDecodeLimits } from "./decode/limits.ts";
import type { BlockBuilder, SpansRecord, TableInsert } from "./model/block.ts";
import { isInRange } from "./model/day-range.ts";
import { DecodeError } from "./model/decode-error.ts";
import { freeMemory } from "./model/free-memory.ts";
import { secondsOf } from "./model/nanoseconds.ts";
import { NormalizedSpan } from "./model/normalized-span.ts";
import type { ProcessReport } from "./model/process-report.ts";
import { SpanBatch } from "./model/span-batch.ts";
import { type SpanKey, foldSpanKey, saltOf } from "./model/span-key.ts";
import { lostContent } from "./normalize/lost-content.ts";
import { namedRuns } from "./normalize/named-runs.ts";
import { Normalizer } from "./normalize/normalizer.ts";
import { readProcessReport } from "./normalize/process-report.ts";
import { carriedBlob, isBlobType } from "./normalize/runreel.ts";
import { AgentLineage } from "./rollup/agent-lineage.ts";
import { RunRollup } from "./rollup/run-rollup.ts";
import { SeenSpans } from "./rollup/seen-spans.ts";
import { type UsageEntry, UsageRollup, usageOf } from "./rollup/usage-rollup.ts";
import { BlobsTable } from "./store/native/blobs-table.ts";
import { CheckpointsTable } from "./store/native/checkpoints-table.ts";
import { OpenSpansTable } from "./store/native/open-spans-table.ts";
import { PayloadsTable } from "./store/native/payloads-table.ts";
import { ProcessReportsTable } from "./store/native/process-reports-table.ts";
import { runsInserts } from "./store/native/runs-table.ts";
import { SampledOutRunsTable } from "./store/native/sampled-out-runs-table.ts";
import { SpansTable } from "./store/native/spans-table.ts";
import { usageInserts } from "./store/native/usage-table.ts";

/** Why something of a readable record was not kept. */
export type DropReason =
  | "undecodable_record"
  | "time_out_of_range"
  | "invalid_blob"
  | "invalid_process_report"
  | (string & {});

export interface BlockBuilderOptions {
  limits?: DecodeLimits;
  /** What a record may hold once it is decompressed. Default 64 MiB. */
  inflatedMaxBytes?: number;
  /** Spans that came before, in this block or an earlier one. */
  seen?: SeenSpans;
  /** Hears of everything that is not kept. */
  onDropped?: (reason: DropReason, count: number) => void;
  /** Hears of every report of a process, also of those that are not the newest. */
  onReport?: (report: ProcessReport) => void;
}

const SECONDS_A_DAY = 86_400;
const MILLISECONDS_A_DAY = 86_400_000;
/** What a row of the rollups takes, about. */
const ROLLUP_ROW_BYTES = 400;

/** Builds the blocks of one partition of the journal. */
export function createBlockBuilder(options: BlockBuilderOptions = {}): BlockBuilder {
  return new Builder(options);
}

/** A step without an agent of its own, until the block is complete. */
interface Orphan {
  day: number;
  row: number;
  usage: UsageEntry;
  parent: SpanKey;
}

class Builder implements BlockBuilder {
  readonly #limits: DecodeLimits;
  readonly #inflatedMaxBytes: number;
  readonly #seen: SeenSpans;
  readonly #onDropped: (reason: DropReason, count: number) => void;
  readonly #onReport: (report: ProcessReport) => void;

  readonly #batch = new SpanBatch();
  readonly #span = new NormalizedSpan();
  readonly #used = new NormalizedSpan();
  readonly #normalizer = new Normalizer();
  readonly #prices = new PriceList();
  readonly #key: SpanKey = { low: 0, high: 0 };
  readonly #parentKey: SpanKey = { low: 0, high: 0 };

  readonly #blobs = new BlobsTable();
  readonly #payloads = new PayloadsTable();
  readonly #spans = new SpansTable();
  readonly #checkpoints = new CheckpointsTable();
  readonly #openSpans = new OpenSpansTable();
  readonly #reports = new ProcessReportsTable();
  readonly #sampledOut = new SampledOutRunsTable();
  readonly #runs = new RunRollup();
  readonly #usage = new UsageRollup();
  readonly #lineage = new AgentLineage();
  #orphans: Orphan[] = [];
  #inflated: Uint8Array | undefined;
  readonly #blobsHere = new Set<string>();

  spans = 0;

  constructor(options: BlockBuilderOptions) {
    this.#limits = options.limits ?? defaultDecodeLimits;
    this.#inflatedMaxBytes = options.inflatedMaxBytes ?? 64 * 1024 * 1024;
    this.#seen = options.seen ?? new SeenSpans();
    this.#onDropped = options.onDropped ?? ((): void => undefined);
    this.#onReport = options.onReport ?? ((): void => undefined);
  }

  get bytes(): number {
    const tables = [this.#blobs, this.#payloads, this.#spans, this.#checkpoints, this.#openSpans, this.#reports];
    const rollupRows = this.#runs.size + this.#usage.size;
    return tables.reduce((sum, table) => sum + table.bytes, this.#sampledOut.bytes + rollupRows * ROLLUP_ROW_BYTES);
  }

  add(
    record: SpansRecord,
    appendedAt: number,
    decoded?: SpanBatch,
  ): { spans: number; duplicates: number; rejected: number } {
    const batch = decoded ?? this.#decode(record);
    const counts = { spans: 0, duplicates: 0, rejected: batch?.rejectedCount ?? 0 };
    if (batch === undefined) return counts;
    for (const [reason, count] of batch.rejected) this.#onDropped(reason, count);
    this.#normalizer.begin(batch);
    const salt = saltOf(record.project);
    for (let index = 0; index < batch.spans.count; index++) {
      this.#normalizer.normalize(index, this.#span);
      const outcome = this.#take(record.project, salt, appendedAt);
      if (outcome !== "apart") counts[outcome]++;
    }
    this.spans += counts.spans;
    this.#freeInflated();
    return counts;
  }

  finish(batch: string): TableInsert[] {
    for (const { day, row, usage, parent } of this.#orphans) {
      const { agent, agentVersion } = this.#lineage.agentAbove(parent);
      if (agent !== "") this.#spans.replaceAgent(day, row, agent, agentVersion);
      this.#usage.add({ ...usage, agent, agentVersion });
    }
    this.#orphans = [];
    this.#lineage.clear();
    this.#blobsHere.clear();
    this.spans = 0;
    return [
      ...this.#blobs.take(batch),
      ...this.#payloads.take(batch),
      ...this.#spans.take(batch),
      ...this.#checkpoints.take(batch),
      ...this.#openSpans.take(batch),
      ...this.#reports.take(batch),
      ...this.#sampledOut.take(batch),
      ...usageInserts(this.#usage.take(), batch),
      ...runsInserts(this.#runs.take(), batch),
    ];
  }

  /** The record was readable when it was acknowledged; should it not be any more, it is counted and the journal goes on. */
  #decode(record: SpansRecord): SpanBatch | undefined {
    try {
      const body = inflate(record.body, record.compression, this.#inflatedMaxBytes);
      if (body !== record.body) this.#inflated = body;
      return decodeBody(body, record.encoding, this.#limits, this.#batch);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#onDropped("undecodable_record", 1);
      return undefined;
    }
  }

  /** What is needed of it is in the tables. */
  #freeInflated(): void {
    if (this.#inflated !== undefined) freeMemory(this.#inflated);
    this.#inflated = undefined;
  }

  /** Takes the span at hand. Start records, carriers and reports are kept apart and are not counted. */
  #take(project: string, salt: number, appendedAt: number): "spans" | "duplicates" | "rejected" | "apart" {
    const span = this.#span;
    if (span.isCarrier) {
      this.#takeBlobs(project, appendedAt);
      return "apart";
    }
    const day = dayOf(span);
    const today = appendedAt / MILLISECONDS_A_DAY;
    if (!isInRange(day, today)) {
      this.#onDropped("time_out_of_range", 1);
      return "rejected";
    }
    if (span.isReport) {
      this.#takeReport(project, day, appendedAt);
      return "apart";
    }
    const { bytes } = span.batch;
    foldSpanKey(bytes, span.traceAt, span.spanAt, salt, this.#key);
    if (span.parentAt !== 0) foldSpanKey(bytes, span.traceAt, span.parentAt, salt, this.#parentKey);
    if (span.isPending) {
      this.#takePending(project, day, appendedAt);
      return "apart";
    }
    if (this.#seen.add(this.#key)) return "duplicates";
    if (span.isUsageRecord) this.#takeUsage(project, day, appendedAt);
    else this.#takeFinished(project, day, appendedAt);
    return "spans";
  }

  #takeReport(project: string, day: number, appendedAt: number): void {
    const report = readProcessReport(this.#span);
    if (report === undefined) return this.#onDropped("invalid_process_report", 1);
    this.#reports.append(day, project, report, appendedAt);
    this.#onReport(report);
  }

  #takePending(project: string, day: number, appendedAt: number): void {
    const span = this.#span;
    this.#addToLineage();
    this.#openSpans.append(day, project, span, appendedAt);
    this.#runs.open(project, span, appendedAt);
  }

  #takeFinished(project: string, day: number, appendedAt: number): void {
    const span = this.#span;
    priceSpan(span, this.#prices);
    this.#addToLineage();
    const row = this.#spans.append(day, project, span);
    if (span.hasInlineContent) this.#payloads.append(day, project, span);
    if (span.kind === "checkpoint") this.#checkpoints.append(day, project, span);
    this.#runs.add(project, span, appendedAt);
    if (span.isUsageCounted) return;
    const usage = usageOf(project, span);
    if (span.agent !== "" || span.parentAt === 0) this.#usage.add(usage);
    else this.#orphans.push({ day, row, usage, parent: { ...this.#parentKey } });
  }

  #addToLineage(): void {
    const span = this.#span;
    const parent = span.parentAt === 0 ? undefined : this.#parentKey;
    this.#lineage.add(this.#key, parent, span.agent, span.agentVersion);
  }

  /**
   * Counts what spans used that are not sent. The record itself is stored as a span, so that one that comes again is known after a restart
   * too.
   */
  #takeUsage(project: string, day: number, appendedAt: number): void {
    const { batch, index, resource } = this.#span;
    const { processId } = resource;
    const used = this.#used;
    for (const run of namedRuns(this.#span)) this.#sampledOut.append({ ...run, project, processId }, appendedAt);
    this.#spans.append(day, project, this.#span);
    for (let event = batch.spans.eventsFrom[index]!; event < batch.spans.eventsTo[index]!; event++) {
      const row = this.#normalizer.normalizeUsage(index, event, used);
      if (row === undefined) continue;
      if (!isInRange(dayOf(used), appendedAt / MILLISECONDS_A_DAY)) {
        this.#onDropped("time_out_of_range", row.spans);
        continue;
      }
      const calls = used.isSpent ? row.calls : 0;
      used.durationNs = row.durationNs;
      this.#usage.addMany(usageOf(project, used), { spans: row.spans - calls, runs: row.runs });
      used.durationNs = 0;
      for (let call = 0; call < calls; call++) {
        this.#normalizer.readCall(call);
        priceSpan(used, this.#prices);
        this.#usage.addMany(usageOf(project, used), { spans: 1, runs: 0 });
      }
    }
  }

  /** Keeps the blobs of a carrier whose data is what their hash says. */
  #takeBlobs(project: string, appendedAt: number): void {
    const { batch, index } = this.#span;
    const day = Math.floor(appendedAt / MILLISECONDS_A_DAY);
    for (let event = batch.spans.eventsFrom[index]!; event < batch.spans.eventsTo[index]!; event++) {
      const blob = carriedBlob(batch, event);
      const lost = blob === undefined ? lostContent(batch, event) : undefined;
      if (lost !== undefined) this.#runs.lose(project, lost, appendedAt);
      const id = `${project}\0${blob?.hash}`;
      if (blob === undefined || this.#blobsHere.has(id)) continue;
      const data = batch.bytes.subarray(blob.at, blob.at + blob.length);
      if (!isBlobType(blob.type) || hashBlob(blob.type, data) !== blob.hash) {
        this.#onDropped("invalid_blob", 1);
        continue;
      }
      this.#blobsHere.add(id);
      const row = { project, hash: Buffer.from(blob.hash, "hex"), type: blob.type, day };
      this.#blobs.append(row, batch.bytes, blob.at, blob.length);
    }
  }
}

function dayOf({ startLow, startHigh }: NormalizedSpan): number {
  return Math.floor(secondsOf(startLow, startHigh) / SECONDS_A_DAY);
}
