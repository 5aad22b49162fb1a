import { AIMessage } from "@langchain/core/messages";
import type { BaseMessage } from "@langchain/core/messages";
import type { Outcome } from "@runreel/sdk/adapter";

import { restOfAnswer } from "../codec/answer-rest.ts";
import { toGenAiMessage } from "./message.ts";
import { usageOf } from "./usage.ts";

/** What a model call came to, for its span. `response` is what the host handed on: a message, or a message with structured output. */
export function answerOf(response: unknown, llmOutput?: unknown): Outcome {
  const message = messageIn(response);
  if (message === undefined) return { output: response, raw: response };
  const metadata = (message.response_metadata ?? {}) as Record<string, unknown>;
  const usage = usageOf(message, llmOutput);
  // A model has always read something. The host writes zeros onto what its cache has answered.
  const isCached = usage?.inputTokens === 0 && usage.outputTokens === 0;
  const responseModel = metadata["model_name"] ?? metadata["model"];
  const finish = metadata["finish_reason"] ?? metadata["stop_reason"] ?? metadata["finishReason"];
  const output = toGenAiMessage(message);
  return {
    output,
    raw: response === message ? restOfAnswer(message, output) : response,
    ...(isCached ? { cached: true } : {}),
    ...(usage === undefined || isCached ? {} : { usage }),
    ...(typeof responseModel === "string" ? { responseModel } : {}),
    ...(typeof message.id === "string" ? { responseId: message.id } : {}),
    ...(typeof finish === "string" ? { finishReasons: [finish] } : {}),
  };
}

/** The model's message in what a model call of the host gives. What follows it there the host has made, of structured output. */
export function messageIn(response: unknown): AIMessage | undefined {
  if (AIMessage.isInstance(response)) return response;
  const messages = (response as { messages?: unknown } | null)?.messages;
  return Array.isArray(messages) ? (messages as BaseMessage[]).find((one) => AIMessage.isInstance(one)) : undefined;
}
