import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { ErrorCode } from "./errors.ts";

/** Everything that is counted, for `/metrics`. Each collector has its own, so that two in one process do not mix. */
export interface Metrics {
  readonly registry: Registry;
  readonly requests: Counter<"route" | "method" | "status">;
  readonly requestSeconds: Histogram<"route">;
  readonly errors: Counter<"code">;
  readonly receivedBytes: Counter<"encoding" | "compression">;
  readonly inflatedBytes: Counter;
  readonly spansAccepted: Counter;
  readonly spansRejected: Counter<"reason">;
  readonly spansStored: Counter;
  readonly spansDuplicate: Counter;
  readonly requestsNotKept: Counter<"signal">;
  readonly journalBytes: Gauge;
  readonly journalRecords: Counter;
  readonly journalRefused: Counter<"reason">;
  readonly journalTornBytes: Counter;
  readonly journalLostRecords: Counter;
  readonly leftOut: Counter<"reason">;
  readonly sdkDropped: Counter<"what" | "reason">;
  readonly blocksStored: Counter;
  readonly blockSeconds: Histogram;
  readonly storeFailures: Counter;
  readonly replayQuestions: Counter<"decision">;
  readonly blobsAsked: Counter;
  readonly storesGone: Counter;
  /** The text that Prometheus reads. */
  text(): Promise<string>;
  /** The sum over all labels of a counter; 0 where nothing was counted. For tests and for programs that embed a collector. */
  total(name: string, labels?: Record<string, string>): Promise<number>;
}

const SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Makes a registry with every metric of a collector at 0. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  function counter<Label extends string>(name: string, help: string, labelNames: Label[] = []): Counter<Label> {
    return new Counter({ name, help, labelNames, registers });
  }

  return {
    registry,
    requests: counter("runreel_http_requests_total", "Requests answered.", ["route", "method", "status"]),
    requestSeconds: new Histogram({
      name: "runreel_http_request_seconds",
      help: "Time to the answer.",
      labelNames: ["route"],
      buckets: SECONDS,
      registers,
    }),
    errors: counter("runreel_errors_total", "Requests that failed, by the code of their answer.", ["code"]),
    receivedBytes: counter("runreel_received_bytes_total", "Bytes of spans, as sent.", ["encoding", "compression"]),
    inflatedBytes: counter("runreel_inflated_bytes_total", "Bytes of spans, once decompressed."),
    spansAccepted: counter("runreel_spans_accepted_total", "Spans in the journal and acknowledged."),
    spansRejected: counter("runreel_spans_rejected_total", "Spans refused to their sender.", ["reason"]),
    spansStored: counter("runreel_spans_stored_total", "Spans written to ClickHouse."),
    spansDuplicate: counter("runreel_spans_duplicate_total", "Spans that came again and were left out."),
    requestsNotKept: counter("runreel_requests_not_kept_total", "Requests accepted and not kept.", ["signal"]),
    journalBytes: new Gauge({ name: "runreel_journal_bytes", help: "Bytes of the journal on disk.", registers }),
    journalRecords: counter("runreel_journal_records_total", "Records made durable."),
    journalRefused: counter("runreel_journal_refused_total", "Appends refused.", ["reason"]),
    journalTornBytes: counter("runreel_journal_torn_bytes_total", "Bytes cut off at a start; never acknowledged."),
    journalLostRecords: counter("runreel_journal_lost_records_total", "Acknowledged records lost by damage on disk."),
    leftOut: counter("runreel_left_out_total", "Spans, blobs and records that a block left out.", ["reason"]),
    sdkDropped: counter("runreel_sdk_dropped_total", "Spans and blobs lost in agents' processes, as those tell.", [
      "what",
      "reason",
    ]),
    blocksStored: counter("runreel_blocks_stored_total", "Blocks written to ClickHouse."),
    blockSeconds: new Histogram({
      name: "runreel_block_store_seconds",
      help: "Time to write a block to ClickHouse.",
      buckets: SECONDS,
      registers,
    }),
    storeFailures: counter("runreel_store_failures_total", "Attempts to write a block that failed and are repeated."),
    replayQuestions: counter("runreel_replay_questions_total", "Questions of replays, by decision.", ["decision"]),
    blobsAsked: counter("runreel_blobs_asked_total", "Blobs that spans name and that processes were asked for again."),
    storesGone: counter("runreel_store_gone_total", "Times that the store was found emptied or set back."),
    text: () => registry.metrics(),
    total: async (name, labels = {}) => {
      const metric = await registry.getSingleMetric(name)?.get();
      const values = metric?.values ?? [];
      const wanted = Object.entries(labels);
      return values
        .filter((value) => wanted.every(([label, text]) => (value.labels as Record<string, unknown>)[label] === text))
        .reduce((sum, value) => sum + value.value, 0);
    },
  };
}

/** Counts an error by its code. */
export function countError(metrics: Metrics): (code: ErrorCode) => void {
  return (code) => metrics.errors.inc({ code });
}
