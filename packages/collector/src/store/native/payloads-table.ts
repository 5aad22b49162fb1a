import type { TableInsert } from "../../model/block.ts";
import type { ByteSlice, NormalizedSpan } from "../../model/normalized-span.ts";
import { FixedStringColumn, Int64Column } from "./fixed-columns.ts";
import { LowCardinalityColumn } from "./low-cardinality-column.ts";
import { PartitionedTable } from "./partitioned-table.ts";
import { StringColumn } from "./string-column.ts";

const columns = () => ({
  project: new LowCardinalityColumn(),
  trace_id: new FixedStringColumn(16),
  span_id: new FixedStringColumn(8),
  start: new Int64Column("DateTime64(9, 'UTC')"),
  input: new StringColumn(),
  output: new StringColumn(),
  system: new StringColumn(),
  tools: new StringColumn(),
});

/** Rows of `payloads`: content that stands in spans themselves. */
export class PayloadsTable {
  readonly #table = new PartitionedTable({
    table: "payloads",
    hasBatch: true,
    isRepeatable: false,
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
    part.columns.start.append(span.startLow, span.startHigh);
    appendSlice(part.columns.input, span.inlineInput);
    appendSlice(part.columns.output, span.inlineOutput);
    appendSlice(part.columns.system, span.inlineSystem);
    appendSlice(part.columns.tools, span.inlineTools);
    part.rows++;
  }
}

function appendSlice(column: StringColumn, slice: ByteSlice): void {
  column.appendSlice(slice.bytes, slice.at, slice.length);
}
