import type { TableInsert } from "../../model/block.ts";
import type { NormalizedResource, NormalizedSpan } from "../../model/normalized-span.ts";
import type { ScopeEntry } from "../../model/span-batch.ts";
import { chunkMemory } from "./chunk-memory.ts";
import { FixedStringColumn, Int64Column } from "./fixed-columns.ts";
import { LowCardinalityColumn } from "./low-cardinality-column.ts";
import { type EncodedEntries, TextMapColumn } from "./nested-columns.ts";
import { NullableDecimalColumn, NullableUInt32Column } from "./nullable-columns.ts";
import { PartitionedTable, type TablePart } from "./partitioned-table.ts";
import { StringColumn } from "./string-column.ts";

const columns = () => ({
  project: new LowCardinalityColumn(),
  trace_id: new FixedStringColumn(16),
  span_id: new FixedStringColumn(8),
  parent_id: new FixedStringColumn(8),
  start: new Int64Column("DateTime64(9, 'UTC')"),
  duration_ns: new Int64Column(),
  kind: new LowCardinalityColumn(),
  step_kind: new LowCardinalityColumn(),
  name: new LowCardinalityColumn(),
  step_name: new LowCardinalityColumn(),
  status: new LowCardinalityColumn(),
  status_message: new StringColumn(),
  error_type: new LowCardinalityColumn(),
  service: new LowCardinalityColumn(),
  process_id: new LowCardinalityColumn(),
  framework: new LowCardinalityColumn(),
  agent: new LowCardinalityColumn(),
  agent_version: new LowCardinalityColumn(),
  conversation_id: new StringColumn(),
  provider: new LowCardinalityColumn(),
  model: new LowCardinalityColumn(),
  request_model: new LowCardinalityColumn(),
  tool: new LowCardinalityColumn(),
  tool_call_id: new StringColumn(),
  effect: new LowCardinalityColumn(),
  served: new LowCardinalityColumn(),
  finish_reason: new LowCardinalityColumn(),
  input_tokens: new NullableUInt32Column(),
  cache_read_tokens: new NullableUInt32Column(),
  cache_write_tokens: new NullableUInt32Column(),
  output_tokens: new NullableUInt32Column(),
  reasoning_tokens: new NullableUInt32Column(),
  cost_usd: new NullableDecimalColumn(),
  time_to_first_chunk_ns: new Int64Column(),
  content_input: new FixedStringColumn(16),
  content_output: new FixedStringColumn(16),
  content_system: new FixedStringColumn(16),
  content_tools: new FixedStringColumn(16),
  content_raw: new FixedStringColumn(16),
  attributes: new TextMapColumn(),
  resource: new TextMapColumn(),
  events: new StringColumn(),
  links: new StringColumn(),
  mapper: new LowCardinalityColumn(),
});

/** Rows of `spans`. */
export class SpansTable {
  readonly #table = new PartitionedTable({
    table: "spans",
    hasBatch: true,
    isRepeatable: false,
    partitionBy: "day",
    columns,
  });
  #resource: EncodedResource | undefined;

  get bytes(): number {
    return this.#table.bytes;
  }

  /** Hands over one insert for each day, and begins anew. */
  take(batch: string): TableInsert[] {
    return this.#table.take(batch);
  }

  /** Adds a finished span. @returns its row, by which `replaceAgent` finds it until the table is taken. */
  append(day: number, project: string, span: NormalizedSpan): number {
    const part = this.#table.part(day);
    appendIdentity(part, project, span);
    appendCall(part, span);
    appendUsage(part, span);
    appendContent(part, span, this.#encodedResource(span));
    return part.rows++;
  }

  /** Spans of one resource and scope come one after the other, so their map is encoded once. */
  #encodedResource(span: NormalizedSpan): EncodedResource {
    const scope = span.batch.scopes[span.batch.spans.scope[span.index]!]!;
    const last = this.#resource;
    if (last?.resource === span.resource && isSameScope(last.scope, scope)) return last;
    const keys = span.resource.attributes.map((row) => span.batch.key(row));
    const values = new StringColumn();
    for (const row of span.resource.attributes) values.append(span.batch.valueText(row));
    for (const part of ["name", "version"] as const) {
      if (scope[part] === "") continue;
      keys.push(`otel.scope.${part}`);
      values.append(scope[part]);
    }
    const chunks = values.take();
    this.#resource = { resource: span.resource, scope, keys, values: Buffer.concat(chunks) };
    chunkMemory.giveBack(chunks);
    return this.#resource;
  }

  /** Names the agent of a span after all, when it became known. */
  replaceAgent(day: number, row: number, agent: string, agentVersion: string): void {
    const { columns } = this.#table.part(day);
    columns.agent.replace(row, agent);
    columns.agent_version.replace(row, agentVersion);
  }
}

interface EncodedResource extends EncodedEntries {
  resource: NormalizedResource;
  scope: ScopeEntry;
}

/** Some emitters repeat the scope for every span. */
function isSameScope(a: ScopeEntry, b: ScopeEntry): boolean {
  return a === b || (a.name === b.name && a.version === b.version);
}

type Part = TablePart<ReturnType<typeof columns>>;

function appendIdentity({ columns }: Part, project: string, span: NormalizedSpan): void {
  const { bytes } = span.batch;
  columns.project.append(project);
  columns.trace_id.append(bytes, span.traceAt);
  columns.span_id.append(bytes, span.spanAt);
  if (span.parentAt === 0) columns.parent_id.appendZeros();
  else columns.parent_id.append(bytes, span.parentAt);
  columns.start.append(span.startLow, span.startHigh);
  columns.duration_ns.appendNumber(span.durationNs);
  columns.kind.append(span.kind);
  columns.step_kind.append(span.stepKind);
  columns.name.append(span.name);
  columns.step_name.append(span.stepName);
  columns.status.append(span.status);
  columns.status_message.append(span.statusMessage);
  columns.error_type.append(span.errorType);
  columns.service.append(span.resource.service);
  columns.process_id.append(span.resource.processId);
  columns.framework.append(span.framework);
  columns.mapper.append(span.mapper);
}

function appendCall({ columns }: Part, span: NormalizedSpan): void {
  columns.agent.append(span.agent);
  columns.agent_version.append(span.agentVersion);
  columns.conversation_id.append(span.conversationId);
  columns.provider.append(span.provider);
  columns.model.append(span.model);
  columns.request_model.append(span.requestModel);
  columns.tool.append(span.tool);
  columns.tool_call_id.append(span.toolCallId);
  columns.effect.append(span.effect);
  columns.served.append(span.served);
  columns.finish_reason.append(span.finishReason);
}

function appendUsage({ columns }: Part, span: NormalizedSpan): void {
  columns.input_tokens.append(span.inputTokens);
  columns.cache_read_tokens.append(span.cacheReadTokens);
  columns.cache_write_tokens.append(span.cacheWriteTokens);
  columns.output_tokens.append(span.outputTokens);
  columns.reasoning_tokens.append(span.reasoningTokens);
  columns.cost_usd.append(span.costPicodollars);
  columns.time_to_first_chunk_ns.appendNumber(span.timeToFirstChunkNs);
}

const SPAN_KINDS = ["", "", "server", "client", "producer", "consumer"];

function appendContent({ columns }: Part, span: NormalizedSpan, resource: EncodedResource): void {
  columns.content_input.append(span.contentInput);
  columns.content_output.append(span.contentOutput);
  columns.content_system.append(span.contentSystem);
  columns.content_tools.append(span.contentTools);
  columns.content_raw.append(span.contentRaw);
  for (const attribute of span.attributes) columns.attributes.appendAttribute(span.batch, attribute);
  // A step's kind says more than OpenTelemetry's; for all others theirs is kept.
  const kind = span.stepKind === "" ? (SPAN_KINDS[span.batch.spans.kind[span.index]!] ?? "") : "";
  if (kind !== "") columns.attributes.append("otel.span.kind", kind);
  columns.attributes.endRow();
  columns.resource.appendRow(resource);
  columns.events.append(span.events);
  columns.links.append(span.links);
}
