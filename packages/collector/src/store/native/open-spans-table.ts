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
  start: new Int64Column("DateTime64(9, 'UTC')"),
  heard_at: new Int64Column("DateTime64(3, 'UTC')"),
  kind: new LowCardinalityColumn(),
  step_kind: new LowCardinalityColumn(),
  name: new LowCardinalityColumn(),
  step_name: new LowCardinalityColumn(),
  service: new LowCardinalityColumn(),
  process_id: new LowCardinalityColumn(),
  framework: new LowCardinalityColumn(),
  agent: new LowCardinalityColumn(),
  agent_version: new LowCardinalityColumn(),
  conversation_id: new StringColumn(),
  model: new LowCardinalityColumn(),
  tool: new LowCardinalityColumn(),
  tool_call_id: new StringColumn(),
  effect: new LowCardinalityColumn(),
  content_input: new FixedStringColumn(16),
});

/** Rows of `open_spans`: start records. */
export class OpenSpansTable {
  readonly #table = new PartitionedTable({
    table: "open_spans",
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

  append(day: number, project: string, span: NormalizedSpan, heardAt: number): void {
    const part = this.#table.part(day);
    const { bytes } = span.batch;
    part.columns.project.append(project);
    part.columns.trace_id.append(bytes, span.traceAt);
    part.columns.span_id.append(bytes, span.spanAt);
    if (span.parentAt === 0) part.columns.parent_id.appendZeros();
    else part.columns.parent_id.append(bytes, span.parentAt);
    part.columns.start.append(span.startLow, span.startHigh);
    part.columns.heard_at.appendNumber(heardAt);
    part.columns.kind.append(span.kind);
    part.columns.step_kind.append(span.stepKind);
    part.columns.name.append(span.name);
    part.columns.step_name.append(span.stepName);
    part.columns.service.append(span.resource.service);
    part.columns.process_id.append(span.resource.processId);
    part.columns.framework.append(span.framework);
    part.columns.agent.append(span.agent);
    part.columns.agent_version.append(span.agentVersion);
    part.columns.conversation_id.append(span.conversationId);
    part.columns.model.append(span.model);
    part.columns.tool.append(span.tool);
    part.columns.tool_call_id.append(span.toolCallId);
    part.columns.effect.append(span.effect);
    part.columns.content_input.append(span.contentInput);
    part.rows++;
  }
}
