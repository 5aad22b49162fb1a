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
import { content, count, text, total } from "../attribute-readers.ts";
import { isOperation } from "../kinds.ts";
import type { Dialect } from "../reading.ts";

/** The GenAI conventions of OpenTelemetry, current generation. */
export const genai: Dialect = {
  [GEN_AI_OPERATION_NAME]: (reading, attribute) => {
    reading.operation = reading.text(attribute);
    return isOperation(reading.operation);
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
  [GEN_AI_USAGE_INPUT_TOKENS]: total("inputTotal"),
  [GEN_AI_USAGE_OUTPUT_TOKENS]: total("outputTotal"),
  [GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS]: count("cacheReadTokens"),
  [GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS]: count("cacheWriteTokens"),
  [GEN_AI_USAGE_REASONING_OUTPUT_TOKENS]: count("reasoningTokens"),
  [GEN_AI_TOOL_NAME]: (reading, attribute) => {
    reading.span.tool = reading.text(attribute);
    reading.toolRow = attribute;
    return true;
  },
  [GEN_AI_TOOL_CALL_ID]: (reading, attribute) => {
    reading.span.toolCallId = reading.text(attribute);
    reading.toolCallRow = attribute;
    return true;
  },
  [GEN_AI_INPUT_MESSAGES]: content("inlineInput"),
  [GEN_AI_OUTPUT_MESSAGES]: content("inlineOutput"),
  [GEN_AI_SYSTEM_INSTRUCTIONS]: content("inlineSystem"),
  [GEN_AI_TOOL_DEFINITIONS]: content("inlineTools"),
  [GEN_AI_TOOL_CALL_ARGUMENTS]: content("inlineInput"),
  [GEN_AI_TOOL_CALL_RESULT]: content("inlineOutput"),
};

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
