import {
  GEN_AI_AGENT_NAME,
  GEN_AI_AGENT_VERSION,
  GEN_AI_CONVERSATION_ID,
  GEN_AI_INPUT_MESSAGES,
  GEN_AI_OPERATION_NAME,
  GEN_AI_OUTPUT_MESSAGES,
  GEN_AI_PROVIDER_NAME,
  GEN_AI_REQUEST_MODEL,
  GEN_AI_RESPONSE_FINISH_REASONS,
  GEN_AI_RESPONSE_MODEL,
  GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
  GEN_AI_SYSTEM_INSTRUCTIONS,
  GEN_AI_TOOL_CALL_ARGUMENTS,
  GEN_AI_TOOL_CALL_ID,
  GEN_AI_TOOL_CALL_RESULT,
  GEN_AI_TOOL_DEFINITIONS,
  GEN_AI_TOOL_NAME,
  GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS,
  GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  GEN_AI_USAGE_INPUT_TOKENS,
  GEN_AI_USAGE_OUTPUT_TOKENS,
  GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  GEN_AI_WORKFLOW_NAME,
} from "@runreel/semconv";
import { UNREPORTED } from "../model/normalized-span.ts";
import type { AttributeReader, Dialect, Reading } from "./reading.ts";

type TextField = "agent" | "agentVersion" | "conversationId" | "provider" | "requestModel" | "tool" | "toolCallId";

const text =
  (field: TextField): AttributeReader =>
  (reading, attribute) => {
    reading.span[field] = reading.text(attribute);
    return true;
  };

type InlineField = "inlineInput" | "inlineOutput" | "inlineSystem" | "inlineTools";

const content =
  (field: InlineField): AttributeReader =>
  (reading, attribute) => {
    reading.content(attribute, reading.span[field]);
    return true;
  };

type CountField = "cacheReadTokens" | "cacheWriteTokens" | "reasoningTokens";

/** Where these counts end, as columns or as attributes, is decided when the kind of the span is known. */
const count =
  (field: CountField): AttributeReader =>
  (reading, attribute) => {
    reading.span[field] = reading.count(attribute);
    return reading.span[field] !== UNREPORTED;
  };

/** The GenAI conventions of OpenTelemetry, current generation. */
export const genai: Dialect = {
  [GEN_AI_OPERATION_NAME]: (reading, attribute) => {
    reading.operation = reading.text(attribute);
    return isKnownOperation(reading.operation);
  },
  [GEN_AI_PROVIDER_NAME]: text("provider"),
  [GEN_AI_CONVERSATION_ID]: text("conversationId"),
  [GEN_AI_AGENT_NAME]: text("agent"),
  [GEN_AI_AGENT_VERSION]: text("agentVersion"),
  [GEN_AI_WORKFLOW_NAME]: (reading, attribute) => {
    reading.workflow = reading.text(attribute);
    return false;
  },
  [GEN_AI_REQUEST_MODEL]: text("requestModel"),
  [GEN_AI_RESPONSE_MODEL]: (reading, attribute) => {
    reading.responseModel = reading.text(attribute);
    return true;
  },
  [GEN_AI_RESPONSE_FINISH_REASONS]: (reading, attribute) => {
    reading.span.finishReason = reading.batch.firstText(attribute) ?? firstReason(reading.text(attribute));
    return true;
  },
  [GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK]: (reading, attribute) => {
    const seconds = reading.batch.valueNumber(attribute);
    if (!(seconds >= 0 && seconds < 1e6)) return false;
    reading.span.timeToFirstChunkNs = Math.round(seconds * 1e9);
    return true;
  },
  [GEN_AI_USAGE_INPUT_TOKENS]: (reading, attribute) => {
    reading.inputTotal = reading.count(attribute);
    return reading.inputTotal !== UNREPORTED;
  },
  [GEN_AI_USAGE_OUTPUT_TOKENS]: (reading, attribute) => {
    reading.outputTotal = reading.count(attribute);
    return reading.outputTotal !== UNREPORTED;
  },
  [GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS]: count("cacheReadTokens"),
  [GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS]: count("cacheWriteTokens"),
  [GEN_AI_USAGE_REASONING_OUTPUT_TOKENS]: count("reasoningTokens"),
  [GEN_AI_TOOL_NAME]: text("tool"),
  [GEN_AI_TOOL_CALL_ID]: text("toolCallId"),
  [GEN_AI_INPUT_MESSAGES]: content("inlineInput"),
  [GEN_AI_OUTPUT_MESSAGES]: content("inlineOutput"),
  [GEN_AI_SYSTEM_INSTRUCTIONS]: content("inlineSystem"),
  [GEN_AI_TOOL_DEFINITIONS]: content("inlineTools"),
  [GEN_AI_TOOL_CALL_ARGUMENTS]: content("inlineInput"),
  [GEN_AI_TOOL_CALL_RESULT]: content("inlineOutput"),
};

const kinds = {
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

function isKnownOperation(operation: string): operation is keyof typeof kinds {
  return Object.hasOwn(kinds, operation);
}

/** Says what kind of span it is by its operation, or where that is missing, by what else it tells. */
export function classifyGenAi(reading: Reading): void {
  const { span, operation } = reading;
  if (isKnownOperation(operation)) span.kind = kinds[operation];
  else if (operation === "" && span.toolCallId !== "" && span.tool !== "") span.kind = "tool";
  else if (operation === "" && reading.usageAttributes.length > 0 && (reading.responseModel || span.requestModel)) {
    span.kind = "inference";
  }
  if (span.kind === "inference" || span.kind === "tool") span.stepKind = span.kind;
}

/** `finish_reasons` is an array, or JSON text of one, or by mistake the reason itself. */
function firstReason(text: string): string {
  if (!text.startsWith("[")) return text;
  try {
    const reasons: unknown = JSON.parse(text);
    const first: unknown = Array.isArray(reasons) ? reasons[0] : undefined;
    return typeof first === "string" ? first : "";
  } catch {
    return "";
  }
}
