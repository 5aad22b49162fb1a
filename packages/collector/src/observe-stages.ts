import type { JournalMeter } from "./journal/journal-meter.ts";
import type { Metrics } from "./metrics.ts";
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
