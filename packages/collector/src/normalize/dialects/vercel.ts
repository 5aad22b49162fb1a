import { count, text, total } from "../attribute-readers.ts";
import type { AttributeReader, Dialect, Reading } from "../reading.ts";
import { readPrompt, readToolCalls, readTools, reasoningPart, textPart } from "./vercel-messages.ts";

/** Time to the first chunk, in a unit of so many nanoseconds. */
const firstChunk =
  (unitNs: number): AttributeReader =>
  (reading, attribute) => {
    const time = reading.batch.valueNumber(attribute) * unitNs;
    if (!(time >= 0 && time < 1e15)) return false;
    reading.span.timeToFirstChunkNs = Math.round(time);
    return true;
  };

const prompt: AttributeReader = (reading, attribute) => {
  const { span } = reading;
  const read = readPrompt(reading.text(attribute));
  if (read === undefined) reading.content(attribute, span.inlineInput);
  else {
    reading.json(read.messages, span.inlineInput, attribute);
    if (read.system.length > 0) reading.json(read.system, span.inlineSystem);
  }
  return true;
};

/** What a model says comes in several attributes, and is one message. */
const answer =
  (partsOf: (text: string) => unknown[]): AttributeReader =>
  (reading, attribute) => {
    const said = reading.text(attribute);
    if (said !== "") reading.answerParts.push(...partsOf(said));
    return true;
  };

/**
 * Vercel's AI SDK 5 and 6, and what version 7 says beside the GenAI conventions. A call is told by two spans, an outer one with the sum of
 * its steps and an inner one for each request to the model: only the inner ones are inferences.
 */
export const vercel: Dialect = {
  "ai.operationId": (reading, attribute) => {
    reading.operation = operationOf(reading.text(attribute));
    return false;
  },
  "ai.telemetry.functionId": text("agent"),
  "ai.telemetry.metadata.sessionId": text("conversationId"),
  "ai.model.id": text("requestModel"),
  "ai.model.provider": (reading, attribute) => {
    reading.span.provider = providerOf(reading.text(attribute));
    return true;
  },
  "ai.response.model": (reading, attribute) => {
    reading.responseModel = reading.text(attribute);
    return true;
  },
  "ai.response.finishReason": (reading, attribute) => {
    reading.span.finishReason = reading.text(attribute);
    return true;
  },
  "ai.response.msToFirstChunk": firstChunk(1e6),
  "gen_ai.client.operation.time_to_first_chunk": firstChunk(1e9),
  "ai.usage.inputTokens": total("inputTotal"),
  "ai.usage.promptTokens": total("inputTotal"),
  "ai.usage.tokens": total("inputTotal"),
  "ai.usage.outputTokens": total("outputTotal"),
  "ai.usage.completionTokens": total("outputTotal"),
  "ai.usage.cachedInputTokens": count("cacheReadTokens"),
  "ai.usage.inputTokenDetails.cacheReadTokens": count("cacheReadTokens"),
  "ai.usage.inputTokenDetails.cacheWriteTokens": count("cacheWriteTokens"),
  "ai.usage.reasoningTokens": count("reasoningTokens"),
  "ai.usage.outputTokenDetails.reasoningTokens": count("reasoningTokens"),
  "ai.toolCall.name": text("tool"),
  "ai.toolCall.id": text("toolCallId"),
  "ai.toolCall.args": (reading, attribute) => {
    reading.content(attribute, reading.span.inlineInput);
    return true;
  },
  "ai.toolCall.result": (reading, attribute) => {
    reading.content(attribute, reading.span.inlineOutput);
    return true;
  },
  "ai.prompt": prompt,
  "ai.prompt.messages": prompt,
  "ai.prompt.tools": (reading, attribute) => {
    reading.json(readTools(reading.batch.valueJson(attribute)), reading.span.inlineTools);
    return true;
  },
  "ai.response.reasoning": answer((said) => [reasoningPart(said)]),
  "ai.response.text": answer((said) => [textPart(said)]),
  "ai.response.object": answer((said) => [textPart(said)]),
  "ai.response.toolCalls": answer(readToolCalls),
};

const partOrder = ["reasoning", "text", "tool_call"];

/** Makes one message of what the model has said. */
export function settleAnswer(reading: Reading): void {
  const { answerParts: parts, span } = reading;
  if (parts.length === 0) return;
  const rank = (part: unknown): number => partOrder.indexOf((part as { type?: string } | null)?.type ?? "");
  reading.json({ role: "assistant", parts: parts.toSorted((a, b) => rank(a) - rank(b)) }, span.inlineOutput);
}

/** An operation of the conventions, where there is one for it. */
function operationOf(id: string): string {
  if (id === "ai.toolCall") return "execute_tool";
  if (id.endsWith(".doGenerate") || id.endsWith(".doStream")) return "chat";
  if (id.endsWith(".doEmbed")) return "embeddings";
  return /^ai\.(generate|stream)(Text|Object)$/.test(id) ? "invoke_agent" : id;
}

/** Of providers whose name with Vercel is not the one of the conventions; the longer ones first. */
const providers = [
  ["google.vertex", "gcp.vertex_ai"],
  ["google-vertex", "gcp.vertex_ai"],
  ["google", "gcp.gemini"],
  ["amazon-bedrock", "aws.bedrock"],
  ["azure", "azure.ai.openai"],
  ["mistral", "mistral_ai"],
  ["xai", "x_ai"],
] as const;

/** `openai.chat` names the provider and its API. */
function providerOf(name: string): string {
  const known = providers.find(([prefix]) => name === prefix || name.startsWith(`${prefix}.`));
  return known?.[1] ?? name.split(".")[0]!;
}
