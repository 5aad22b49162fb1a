import type { Database } from "../model/database.ts";
import type { Tokens } from "./run.ts";
import type { SpanStatus } from "./step.ts";

/** A span as it is stored, finished or open, with ids in hex and empty texts for what is not known. */
export interface SpanRow {
  isOpen: boolean;
  spanId: string;
  parentId: string | null;
  startNano: bigint;
  /** Null while it is open. */
  durationNano: bigint | null;
  kind: string;
  stepKind: string;
  name: string;
  stepName: string;
  status: SpanStatus;
  statusMessage: string;
  errorType: string;
  service: string;
  framework: string;
  agent: string;
  provider: string;
  model: string;
  tool: string;
  toolCallId: string;
  effect: string;
  served: string;
  finishReason: string;
  tokens: Tokens;
  costUsd: string | null;
  /** JSON text. */
  events: string;
  /** Hashes of content trees; null where there is none. */
  content: Record<ContentPlace, string | null>;
}

export type ContentPlace = "input" | "output" | "system" | "tools" | "raw";

/** A span that is a step, with its number. */
export interface NumberedStep extends SpanRow {
  index: number;
  parentIndex: number | null;
}

/** Every span of a run, in order of start, ties by span id. Start records only where the finished span has not come. */
export async function readSpans(database: Database, project: string, runId: string): Promise<SpanRow[]> {
  const [finished, open] = await Promise.all([
    database.rows<StoredSpan>(FINISHED, { project, runId }),
    database.rows<StoredSpan>(OPEN, { project, runId }),
  ]);
  const known = new Set(finished.map((span) => span.spanId));
  const all = [...finished, ...open.filter((span) => !known.has(span.spanId))].map(spanRow);
  return all.sort((a, b) => compare(a.startNano, b.startNano) || compare(a.spanId, b.spanId));
}

/** The steps among spans that are in order, numbered from 1. The parent of a step is the nearest step above it. */
export function numberSteps(spans: SpanRow[]): NumberedStep[] {
  const parents = new Map(spans.map((span) => [span.spanId, span.parentId]));
  const indexes = new Map<string, number>();
  for (const span of spans) if (span.stepKind !== "") indexes.set(span.spanId, indexes.size + 1);
  return spans.flatMap((span) => {
    const index = indexes.get(span.spanId);
    return index === undefined ? [] : [{ ...span, index, parentIndex: stepAbove(span, parents, indexes) }];
  });
}

function stepAbove(span: SpanRow, parents: Map<string, string | null>, indexes: Map<string, number>): number | null {
  let above = span.parentId;
  // A client may send spans that are each other's parent.
  for (let hops = 0; above !== null && hops <= parents.size; hops++) {
    const index = indexes.get(above);
    if (index !== undefined) return index;
    above = parents.get(above) ?? null;
  }
  return null;
}

const SAME = `
  lower(hex(span_id)) AS spanId,
  lower(hex(parent_id)) AS parentId,
  toString(toUnixTimestamp64Nano(start)) AS startNano,
  kind, step_kind AS stepKind, name, step_name AS stepName, service, framework, agent, model, tool, tool_call_id AS toolCallId, effect,
  lower(hex(content_input)) AS contentInput`;

const WHERE = "WHERE project = {project:String} AND trace_id = toFixedString(unhex({runId:String}), 16)";

/** The database takes each span once; LIMIT 1 BY keeps a reader right even where an operator has imported one twice. */
const FINISHED = `
SELECT ${SAME},
  toString(duration_ns) AS durationNano, status, status_message AS statusMessage, error_type AS errorType, provider, served,
  finish_reason AS finishReason, input_tokens AS inputTokens, cache_read_tokens AS cacheReadTokens, cache_write_tokens AS cacheWriteTokens,
  output_tokens AS outputTokens, reasoning_tokens AS reasoningTokens, toString(cost_usd) AS costUsd, events,
  lower(hex(content_output)) AS contentOutput, lower(hex(content_system)) AS contentSystem, lower(hex(content_tools)) AS contentTools,
  lower(hex(content_raw)) AS contentRaw
FROM spans ${WHERE} ORDER BY start, span_id LIMIT 1 BY span_id`;

const OPEN = `SELECT ${SAME} FROM open_spans FINAL ${WHERE}`;

type StoredSpan = Record<
  | "spanId"
  | "parentId"
  | "startNano"
  | "kind"
  | "stepKind"
  | "name"
  | "stepName"
  | "service"
  | "framework"
  | "agent"
  | "model"
  | "tool"
  | "toolCallId"
  | "effect"
  | "contentInput",
  string
> & {
  durationNano?: string;
  status?: string;
  statusMessage?: string;
  errorType?: string;
  provider?: string;
  served?: string;
  finishReason?: string;
  inputTokens?: number | null;
  cacheReadTokens?: number | null;
  cacheWriteTokens?: number | null;
  outputTokens?: number | null;
  reasoningTokens?: number | null;
  costUsd?: string | null;
  events?: string;
  contentOutput?: string;
  contentSystem?: string;
  contentTools?: string;
  contentRaw?: string;
};

function spanRow(row: StoredSpan): SpanRow {
  const isOpen = row.durationNano === undefined;
  return {
    isOpen,
    spanId: row.spanId,
    parentId: presentId(row.parentId),
    startNano: BigInt(row.startNano),
    durationNano: row.durationNano === undefined ? null : BigInt(row.durationNano),
    kind: row.kind,
    stepKind: row.stepKind,
    name: row.name,
    stepName: row.stepName,
    status: isOpen ? "running" : row.status === "error" ? "error" : "ok",
    statusMessage: row.statusMessage ?? "",
    errorType: row.errorType ?? "",
    service: row.service,
    framework: row.framework,
    agent: row.agent,
    provider: row.provider ?? "",
    model: row.model,
    tool: row.tool,
    toolCallId: row.toolCallId,
    effect: row.effect,
    served: row.served ?? "",
    finishReason: row.finishReason ?? "",
    tokens: {
      input: row.inputTokens ?? null,
      cacheRead: row.cacheReadTokens ?? null,
      cacheWrite: row.cacheWriteTokens ?? null,
      output: row.outputTokens ?? null,
      reasoning: row.reasoningTokens ?? null,
    },
    costUsd: row.costUsd ?? null,
    events: row.events ?? "",
    content: {
      input: presentId(row.contentInput),
      output: presentId(row.contentOutput),
      system: presentId(row.contentSystem),
      tools: presentId(row.contentTools),
      raw: presentId(row.contentRaw),
    },
  };
}

/** Ids have a fixed length in the tables, so "none" is all zeros. */
function presentId(hex: string | undefined): string | null {
  return hex === undefined || /^0*$/.test(hex) ? null : hex;
}

function compare<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
