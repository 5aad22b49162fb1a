import type { JournalMeter } from "./journal/journal-meter.ts";
import type { Metrics } from "./metrics.ts";
import { secondsOf } from "./model/nanoseconds.ts";
import type { ProcessReport } from "./model/process-report.ts";
import type { ReceiveObserver } from "./receive/otlp-routes.ts";
import type { SinkMeter } from "./store/sink-meter.ts";

/** Counts what comes in. */
export function observeReceive(metrics: Metrics): ReceiveObserver {
  return {
    body({ encoding, compression, bytes, inflatedBytes }) {
      metrics.receivedBytes.inc({ encoding, compression }, bytes);
      metrics.inflatedBytes.inc(inflatedBytes);
    },
    spans(accepted, rejected) {
      metrics.spansAccepted.inc(accepted);
      for (const [reason, count] of Object.entries(rejected)) metrics.spansRejected.inc({ reason }, count);
    },
    notKept: (signal) => metrics.requestsNotKept.inc({ signal }),
  };
}

/** Counts what the journal does. */
export function observeJournal(metrics: Metrics): JournalMeter {
  return {
    size: (bytes) => metrics.journalBytes.set(bytes),
    committed: (records) => metrics.journalRecords.inc(records),
    refused: (reason) => metrics.journalRefused.inc({ reason }),
    torn: (bytes) => metrics.journalTornBytes.inc(bytes),
    damaged: (records) => metrics.journalLostRecords.inc(Math.max(1, records)),
  };
}

/** Counts what goes to ClickHouse. What a block leaves out is counted with its reason where the block is built. */
export function observeSink(metrics: Metrics): SinkMeter {
  return {
    blockStored(spans, seconds) {
      metrics.blocksStored.inc();
      metrics.spansStored.inc(spans);
      metrics.blockSeconds.observe(seconds);
    },
    duplicates: (spans) => metrics.spansDuplicate.inc(spans),
    rejected: () => undefined,
    retried: () => metrics.storeFailures.inc(),
  };
}

/** How many processes are remembered; one that is forgotten begins anew. */
const PROCESSES_MAX_COUNT = 10_000;

/**
 * Counts what processes say they have lost. They tell their sums, so each is remembered; of one that is older than this collector, what it had lost
 * before its first report here was counted before.
 */
export function observeReports(metrics: Metrics): (report: ProcessReport) => void {
  const bornAtSeconds = Date.now() / 1_000;
  const known = new Map<string, ProcessReport>();
  return (report) => {
    if (report.receipt > 0) return;
    const before = known.get(report.instanceId);
    if (before !== undefined && before.sequence >= report.sequence) return;
    known.delete(report.instanceId);
    known.set(report.instanceId, report);
    if (known.size > PROCESSES_MAX_COUNT) known.delete(known.keys().next().value!);
    if (before === undefined && secondsOf(report.startLow, report.startHigh) < bornAtSeconds) return;
    for (const what of ["spans", "content"] as const) {
      for (const [reason, count] of Object.entries(report[what].dropped)) {
        metrics.sdkDropped.inc({ what, reason }, Math.max(0, count - (before?.[what].dropped[reason] ?? 0)));
      }
    }
  };
}
