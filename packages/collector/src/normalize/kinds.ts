import type { SpanKind } from "../model/normalized-span.ts";
import type { NamedKind, Reading } from "./reading.ts";

const operations = {
  chat: "inference",
  generate_content: "inference",
  text_completion: "inference",
  execute_tool: "tool",
  invoke_agent: "agent",
  create_agent: "agent",
  invoke_workflow: "workflow",
  embeddings: "embedding",
  retrieval: "retrieval",
  search_memory: "retrieval",
} as const;

const STATUS_ERROR = 2;

/** Whether the name of an operation tells the kind of its span. */
export function isOperation(name: string): name is keyof typeof operations {
  return Object.hasOwn(operations, name);
}

/** Says what kind of span it is: by its operation, by the word of another dialect, or where both are missing, by what else it tells. */
export function classify(reading: Reading): void {
  const { span, operation, namedKind } = reading;
  if (isOperation(operation)) span.kind = operations[operation];
  else if (namedKind !== "") span.kind = kindOfName(reading, namedKind);
  else if (operation === "" && span.toolCallId !== "" && span.tool !== "") span.kind = "tool";
  else if (operation === "" && reading.hasUsage && (reading.responseModel || span.requestModel)) {
    span.kind = "inference";
  }
  const { emitter } = reading;
  if (span.kind === "tool" && emitter.phantomTool !== "" && span.tool === emitter.phantomTool) span.kind = "other";
  if (span.kind === "inference" && emitter.reportsStreamsApart && !isCall(reading)) span.kind = "other";
  if (span.kind === "inference" || span.kind === "tool") span.stepKind = span.kind;
}

function kindOfName(reading: Reading, name: NamedKind): SpanKind {
  if (name === "call") return isCall(reading) ? "inference" : "other";
  if (name === "chain") return reading.span.parentAt === 0 ? "workflow" : "other";
  return name === "" ? "other" : name;
}

/** Frameworks call also the making of a prompt a model's span. A call has usage or an answer, or it failed. */
function isCall(reading: Reading): boolean {
  const { span, batch } = reading;
  if (reading.hasUsage || reading.hasAnswer || span.finishReason !== "" || reading.hasFailed) return true;
  return batch.spans.status[span.index] === STATUS_ERROR;
}
