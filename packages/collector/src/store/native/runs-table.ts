import type { TableInsert } from "../../model/block.ts";
import type { RunRow } from "../../model/rollup-rows.ts";
import { DateColumn, FixedStringColumn, Int64Column, UInt32Column } from "./fixed-columns.ts";
import { LowCardinalityColumn } from "./low-cardinality-column.ts";
import { TextArrayColumn } from "./nested-columns.ts";
import { PartitionedTable, type TablePart } from "./partitioned-table.ts";
import { StringColumn } from "./string-column.ts";
import { appendSums, createSumsColumns } from "./sums-columns.ts";

const columns = () => ({
  project: new LowCardinalityColumn(),
  day: new DateColumn(),
  run_id: new FixedStringColumn(16),
  first_start: new Int64Column("DateTime64(9, 'UTC')"),
  last_end: new Int64Column("DateTime64(9, 'UTC')"),
  heard_at: new Int64Column("DateTime64(3, 'UTC')"),
  root_state: new LowCardinalityColumn(),
  root_span_id: new FixedStringColumn(8),
  root_start: new Int64Column("DateTime64(9, 'UTC')"),
  root_end: new Int64Column("DateTime64(9, 'UTC')"),
  name: new LowCardinalityColumn(),
  status: new LowCardinalityColumn(),
  error_type: new LowCardinalityColumn(),
  error_message: new StringColumn(),
  service: new LowCardinalityColumn(),
  process_id: new LowCardinalityColumn(),
  framework: new LowCardinalityColumn(),
  agent: new LowCardinalityColumn(),
  agent_version: new LowCardinalityColumn(),
  conversation_id: new StringColumn(),
  replay_id: new StringColumn(),
  replay_of: new FixedStringColumn(16),
  replay_from: new UInt32Column(),
  replay_mode: new LowCardinalityColumn(),
  divergence: new StringColumn(),
  kept_because: new LowCardinalityColumn(),
  lost_content_spans: new Int64Column(),
  lost_content_reason: new LowCardinalityColumn(),
  steps: new Int64Column(),
  models: new TextArrayColumn(),
  ...createSumsColumns(),
});

/** Writes the rows of `runs`. */
export function runsInserts(rows: readonly RunRow[], batch: string): TableInsert[] {
  const table = new PartitionedTable({
    table: "runs",
    hasBatch: true,
    isRepeatable: true,
    partitionBy: "month",
    columns,
  });
  for (const row of rows) appendRun(table.part(row.day), row);
  return table.take(batch);
}

function appendRun(part: TablePart<ReturnType<typeof columns>>, row: RunRow): void {
  const { columns } = part;
  columns.project.append(row.project);
  columns.day.append(row.day);
  columns.run_id.append(row.runId);
  columns.first_start.appendBigInt(row.firstStart);
  columns.last_end.appendBigInt(row.lastEnd);
  columns.heard_at.appendNumber(row.heardAt);
  columns.root_state.append(row.rootState);
  columns.root_span_id.append(row.rootSpanId);
  columns.root_start.appendBigInt(row.rootStart);
  columns.root_end.appendBigInt(row.rootEnd);
  columns.name.append(row.name);
  columns.status.append(row.status);
  columns.error_type.append(row.errorType);
  columns.error_message.append(row.errorMessage);
  columns.service.append(row.service);
  columns.process_id.append(row.processId);
  columns.framework.append(row.framework);
  columns.agent.append(row.agent);
  columns.agent_version.append(row.agentVersion);
  columns.conversation_id.append(row.conversationId);
  columns.replay_id.append(row.replayId);
  columns.replay_of.append(row.replayOf);
  columns.replay_from.append(row.replayFrom);
  columns.replay_mode.append(row.replayMode);
  columns.divergence.append(row.divergence);
  columns.kept_because.append(row.keptBecause);
  columns.lost_content_spans.appendNumber(row.lostContentSpans);
  columns.lost_content_reason.append(row.lostContentReason);
  columns.steps.appendNumber(row.steps);
  columns.models.append(row.models);
  appendSums(columns, row);
  part.rows++;
}
