import type { TableInsert } from "../../model/block.ts";
import { FixedStringColumn, Int64Column, UInt8Column } from "./fixed-columns.ts";
import { LowCardinalityColumn } from "./low-cardinality-column.ts";
import { PartitionedTable } from "./partitioned-table.ts";

const columns = () => ({
  project: new LowCardinalityColumn(),
  run_id: new FixedStringColumn(16),
  process_id: new LowCardinalityColumn(),
  has_ended: new UInt8Column(),
  heard_at: new Int64Column("DateTime64(3, 'UTC')"),
});

/** Rows of `sampled_out_runs`. */
export class SampledOutRunsTable {
  readonly #table = new PartitionedTable({
    table: "sampled_out_runs",
    hasBatch: false,
    isRepeatable: true,
    partitionBy: "day",
    columns,
  });

  get bytes(): number {
    return this.#table.bytes;
  }

  /** Hands over one insert for each day, and begins anew. */
  take(batch: string): TableInsert[] {
    return this.#table.take(batch);
  }

  /** @param heardAt Milliseconds since the epoch. */
  append({ project, runId, processId, hasEnded }: SampledOutRun, heardAt: number): void {
    const part = this.#table.part(Math.floor(heardAt / 86_400_000));
    part.columns.project.append(project);
    part.columns.run_id.append(runId);
    part.columns.process_id.append(processId);
    part.columns.has_ended.append(hasEnded ? 1 : 0);
    part.columns.heard_at.appendNumber(heardAt);
    part.rows++;
  }
}

/** What a process says of a run that it does not send. */
interface SampledOutRun {
  project: string;
  /** 16 bytes. */
  runId: Uint8Array;
  processId: string;
  hasEnded: boolean;
}
