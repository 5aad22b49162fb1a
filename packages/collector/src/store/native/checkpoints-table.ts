import type { TableInsert } from "../../model/block.ts";
import type { NormalizedSpan } from "../../model/normalized-span.ts";
import { FixedStringColumn, Int64Column } from "./fixed-columns.ts";
import { LowCardinalityColumn } from "./low-cardinality-column.ts";
import { PartitionedTable } from "./partitioned-table.ts";
import { StringColumn } from "./string-column.ts";

const columns = () => ({
  project: new LowCardinalityColumn(),
  trace_id: new FixedStringColumn(16),
  span_id: new FixedStringColumn(8),
  parent_id: new FixedStringColumn(8),
  at: new Int64Column("DateTime64(9, 'UTC')"),
  checkpoint_id: new StringColumn(),
  parent_checkpoint_id: new StringColumn(),
  namespace: new LowCardinalityColumn(),
  label: new LowCardinalityColumn(),
  framework: new LowCardinalityColumn(),
  conversation_id: new StringColumn(),
  state: new FixedStringColumn(16),
});

/** Rows of `checkpoints`: what their spans say. */
export class CheckpointsTable {
  readonly #table = new PartitionedTable({
    table: "checkpoints",
    hasBatch: true,
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

  append(day: number, project: string, span: NormalizedSpan): void {
    const part = this.#table.part(day);
    const { bytes } = span.batch;
    part.columns.project.append(project);
    part.columns.trace_id.append(bytes, span.traceAt);
    part.columns.span_id.append(bytes, span.spanAt);
    if (span.parentAt === 0) part.columns.parent_id.appendZeros();
    else part.columns.parent_id.append(bytes, span.parentAt);
    part.columns.at.append(span.startLow, span.startHigh);
    part.columns.checkpoint_id.append(span.checkpointId);
    part.columns.parent_checkpoint_id.append(span.parentCheckpointId);
    part.columns.namespace.append(span.checkpointNamespace);
    part.columns.label.append(span.checkpointLabel);
    part.columns.framework.append(span.framework);
    part.columns.conversation_id.append(span.conversationId);
    part.columns.state.append(span.contentState);
    part.rows++;
  }
}
