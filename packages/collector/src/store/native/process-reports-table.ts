import type { TableInsert } from "../../model/block.ts";
import type { ProcessReport } from "../../model/process-report.ts";
import { Int64Column, UInt32Column, UInt8Column } from "./fixed-columns.ts";
import { LowCardinalityColumn } from "./low-cardinality-column.ts";
import { CountMapColumn } from "./nested-columns.ts";
import { PartitionedTable } from "./partitioned-table.ts";
import { StringColumn } from "./string-column.ts";

const columns = () => ({
  project: new LowCardinalityColumn(),
  instance_id: new StringColumn(),
  receipt: new Int64Column(),
  sequence: new Int64Column(),
  heard_at: new Int64Column("DateTime64(3, 'UTC')"),
  started: new Int64Column("DateTime64(9, 'UTC')"),
  at: new Int64Column("DateTime64(9, 'UTC')"),
  service: new LowCardinalityColumn(),
  sdk_version: new LowCardinalityColumn(),
  host: new LowCardinalityColumn(),
  pid: new UInt32Column(),
  has_ended: new UInt8Column(),
  open_runs: new UInt32Column(),
  interval_ms: new UInt32Column(),
  redelivered: new Int64Column(),
  spans_recorded: new Int64Column(),
  spans_delivered: new Int64Column(),
  spans_spooled: new Int64Column(),
  spans_buffered: new Int64Column(),
  spans_from_disk: new Int64Column(),
  spans_dropped: new CountMapColumn(),
  content_recorded: new Int64Column(),
  content_delivered: new Int64Column(),
  content_spooled: new Int64Column(),
  content_buffered: new Int64Column(),
  content_from_disk: new Int64Column(),
  content_dropped: new CountMapColumn(),
});

/** Rows of `process_reports`. */
export class ProcessReportsTable {
  readonly #table = new PartitionedTable({
    table: "process_reports",
    hasBatch: false,
    isRepeatable: true,
    partitionBy: "month",
    columns,
  });

  get bytes(): number {
    return this.#table.bytes;
  }

  /** Hands over one insert for each month, and begins anew. */
  take(batch: string): TableInsert[] {
    return this.#table.take(batch);
  }

  /** `day` is that of the start of the process, in days since the epoch. */
  append(day: number, project: string, report: ProcessReport, heardAt: number): void {
    const part = this.#table.part(day);
    const { spans, content } = report;
    part.columns.project.append(project);
    part.columns.instance_id.append(report.instanceId);
    part.columns.receipt.appendNumber(report.receipt);
    part.columns.sequence.appendNumber(report.sequence);
    part.columns.heard_at.appendNumber(heardAt);
    part.columns.started.append(report.startLow, report.startHigh);
    part.columns.at.append(report.atLow, report.atHigh);
    part.columns.service.append(report.service);
    part.columns.sdk_version.append(report.sdkVersion);
    part.columns.host.append(report.host);
    part.columns.pid.append(report.pid);
    part.columns.has_ended.append(report.hasEnded ? 1 : 0);
    part.columns.open_runs.append(report.openRuns);
    part.columns.interval_ms.append(report.intervalMs);
    part.columns.redelivered.appendNumber(report.redelivered);
    part.columns.spans_recorded.appendNumber(spans.recorded);
    part.columns.spans_delivered.appendNumber(spans.delivered);
    part.columns.spans_spooled.appendNumber(spans.spooled);
    part.columns.spans_buffered.appendNumber(spans.buffered);
    part.columns.spans_from_disk.appendNumber(spans.fromDisk);
    part.columns.spans_dropped.append(spans.dropped);
    part.columns.content_recorded.appendNumber(content.recorded);
    part.columns.content_delivered.appendNumber(content.delivered);
    part.columns.content_spooled.appendNumber(content.spooled);
    part.columns.content_buffered.appendNumber(content.buffered);
    part.columns.content_from_disk.appendNumber(content.fromDisk);
    part.columns.content_dropped.append(content.dropped);
    part.rows++;
  }
}
