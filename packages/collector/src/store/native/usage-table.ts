import type { TableInsert } from "../../model/block.ts";
import type { UsageRow } from "../../model/rollup-rows.ts";
import { Int64Column, UInt32Column } from "./fixed-columns.ts";
import { LowCardinalityColumn } from "./low-cardinality-column.ts";
import { PartitionedTable } from "./partitioned-table.ts";
import { appendSums, createSumsColumns } from "./sums-columns.ts";

const SECONDS_A_DAY = 86_400;

const columns = () => ({
  project: new LowCardinalityColumn(),
  minute: new UInt32Column("DateTime('UTC')"),
  agent: new LowCardinalityColumn(),
  agent_version: new LowCardinalityColumn(),
  kind: new LowCardinalityColumn(),
  provider: new LowCardinalityColumn(),
  model: new LowCardinalityColumn(),
  tool: new LowCardinalityColumn(),
  status: new LowCardinalityColumn(),
  runs: new Int64Column(),
  duration_ns: new Int64Column(),
  ...createSumsColumns(),
});

/** Writes the rows of `usage_1m`. */
export function usageInserts(rows: readonly UsageRow[], batch: string): TableInsert[] {
  const table = new PartitionedTable({
    table: "usage_1m",
    hasBatch: true,
    isRepeatable: true,
    partitionBy: "month",
    columns,
  });
  for (const row of rows) {
    const part = table.part(Math.floor(row.minute / SECONDS_A_DAY));
    part.columns.project.append(row.project);
    part.columns.minute.append(row.minute);
    part.columns.agent.append(row.agent);
    part.columns.agent_version.append(row.agentVersion);
    part.columns.kind.append(row.kind);
    part.columns.provider.append(row.provider);
    part.columns.model.append(row.model);
    part.columns.tool.append(row.tool);
    part.columns.status.append(row.status);
    part.columns.runs.appendNumber(row.runs);
    part.columns.duration_ns.appendBigInt(row.durationNs);
    appendSums(part.columns, row);
    part.rows++;
  }
  return table.take(batch);
}
