import type { Attributes } from "@opentelemetry/api";
import {
  GEN_AI_AGENT_NAME,
  GEN_AI_CONVERSATION_ID,
  GEN_AI_OPERATION_NAME,
  GEN_AI_PROVIDER_NAME,
  GEN_AI_REQUEST_MODEL,
  GEN_AI_RESPONSE_MODEL,
  GEN_AI_TOOL_CALL_ARGUMENTS,
  GEN_AI_TOOL_CALL_ID,
  GEN_AI_TOOL_CALL_RESULT,
  GEN_AI_TOOL_NAME,
  GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS,
  GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  GEN_AI_USAGE_INPUT_TOKENS,
  GEN_AI_USAGE_OUTPUT_TOKENS,
  GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
} from "@runreel/semconv";

/** What Vercel's AI SDK calls what the conventions have a name for: all versions up to 6, and for counts version 7. */
const names = new Map([
  ["ai.telemetry.functionId", GEN_AI_AGENT_NAME],
  ["ai.telemetry.metadata.sessionId", GEN_AI_CONVERSATION_ID],
  ["ai.model.id", GEN_AI_REQUEST_MODEL],
  ["ai.response.model", GEN_AI_RESPONSE_MODEL],
  ["ai.toolCall.name", GEN_AI_TOOL_NAME],
  ["ai.toolCall.id", GEN_AI_TOOL_CALL_ID],
  ["ai.toolCall.args", GEN_AI_TOOL_CALL_ARGUMENTS],
  ["ai.toolCall.result", GEN_AI_TOOL_CALL_RESULT],
  ["ai.usage.inputTokens", GEN_AI_USAGE_INPUT_TOKENS],
  ["ai.usage.promptTokens", GEN_AI_USAGE_INPUT_TOKENS],
  ["ai.usage.tokens", GEN_AI_USAGE_INPUT_TOKENS],
  ["ai.usage.outputTokens", GEN_AI_USAGE_OUTPUT_TOKENS],
  ["ai.usage.completionTokens", GEN_AI_USAGE_OUTPUT_TOKENS],
  ["ai.usage.cachedInputTokens", GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS],
  ["ai.usage.inputTokenDetails.cacheReadTokens", GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS],
  ["ai.usage.inputTokenDetails.cacheWriteTokens", GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS],
  ["ai.usage.reasoningTokens", GEN_AI_USAGE_REASONING_OUTPUT_TOKENS],
  ["ai.usage.outputTokenDetails.reasoningTokens", GEN_AI_USAGE_REASONING_OUTPUT_TOKENS],
]);

/** Says under the names of the conventions what an AI SDK says under its own, where these say nothing yet. */
export function inConventionNames(attributes: Attributes): Attributes {
  const renamed: Attributes = {};
  let hasOwnNames = false;
  for (const [key, value] of Object.entries(attributes)) {
    const [name, said] = key.startsWith("ai.") ? conventional(key, value) : [key, value];
    hasOwnNames ||= name !== key;
    if (attributes[name] === undefined || name === key) renamed[name] = said;
  }
  return hasOwnNames ? renamed : attributes;
}

function conventional(key: string, value: Attributes[string]): [name: string, value: Attributes[string]] {
  // The provider and its API: `openai.chat`.
  if (key === "ai.model.provider") return [GEN_AI_PROVIDER_NAME, String(value).split(".")[0]];
  if (key !== "ai.operationId") return [names.get(key) ?? key, value];
  const operation = operationOf(String(value));
  return operation === undefined ? [key, value] : [GEN_AI_OPERATION_NAME, operation];
}

/** A call is told by two spans, an outer one with a sum, and an inner one for each request to the model. */
function operationOf(id: string): string | undefined {
  if (id === "ai.toolCall") return "execute_tool";
  if (/\.do(Generate|Stream)$/.test(id)) return "chat";
  if (id.endsWith(".doEmbed")) return "embeddings";
  return /^ai\.(generate|stream)(Text|Object)$/.test(id) ? "invoke_agent" : undefined;
}
