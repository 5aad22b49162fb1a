// OpenAI's chat completions, streamed or not.
import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";

import type { Answer, ChatMessage } from "./conversation.ts";
import { MILLISECONDS_PER_CHUNK, pieces, tokens } from "./pieces.ts";

export interface ChatRequest {
  model: string;
  messages: ChatMessage[];
  tools?: { function?: { name?: string } }[];
  stream?: boolean;
  stream_options?: { include_usage?: boolean };
}

export async function answerChat(
  response: ServerResponse,
  chat: ChatRequest,
  given: Answer,
  id: number,
): Promise<void> {
  const head = { id: `chatcmpl-${id}`, created: Math.floor(Date.now() / 1000), model: chat.model };
  if (chat.stream) return stream(response, chat, given, head);
  const whole = {
    ...head,
    object: "chat.completion",
    choices: [{ index: 0, finish_reason: finishReason(given), message: wholeMessage(given) }],
    usage: usageOf(chat, given),
  };
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(whole));
}

async function stream(response: ServerResponse, chat: ChatRequest, given: Answer, head: object): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  const send = (chunk: object): boolean =>
    response.write(`data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", ...chunk })}\n\n`);
  const sendDelta = (delta: object, finish: string | null = null): boolean =>
    send({ choices: [{ index: 0, delta, finish_reason: finish }] });

  sendDelta({ role: "assistant", content: "" });
  for (const delta of deltasOf(given)) {
    sendDelta(delta);
    await wait(MILLISECONDS_PER_CHUNK);
  }
  sendDelta({}, finishReason(given));
  if (chat.stream_options?.include_usage) send({ choices: [], usage: usageOf(chat, given) });
  response.end("data: [DONE]\n\n");
}

/** Reasoning first, as servers of reasoning models send it (`reasoning_content`), then text, then tool calls in pieces. */
function* deltasOf(given: Answer): Generator<object> {
  for (const piece of pieces(given.reasoning)) yield { reasoning_content: piece };
  for (const piece of pieces(given.content)) yield { content: piece };
  for (const [index, call] of given.toolCalls.entries()) {
    yield { tool_calls: [{ index, id: call.id, type: "function", function: { name: call.name, arguments: "" } }] };
    for (const piece of pieces(call.arguments)) yield { tool_calls: [{ index, function: { arguments: piece } }] };
  }
}

const finishReason = (given: Answer): string => (given.toolCalls.length > 0 ? "tool_calls" : "stop");

function wholeMessage(given: Answer): object {
  return {
    role: "assistant",
    content: given.content,
    reasoning_content: given.reasoning,
    tool_calls: given.toolCalls.map(({ id, name, arguments: text }) => ({
      id,
      type: "function",
      function: { name, arguments: text },
    })),
  };
}

/** Token counts that behave like a provider's: what the last request already held comes from the cache, in units of 128. */
function usageOf(chat: ChatRequest, given: Answer): object {
  const lastAnswer = chat.messages.findLastIndex(({ role }) => role === "assistant");
  const tools = chat.tools ?? [];
  const prompt = tokens(chat.messages) + tokens(tools);
  const seenBefore = lastAnswer < 0 ? 0 : tokens(chat.messages.slice(0, lastAnswer)) + tokens(tools);
  const reasoning = tokens(given.reasoning);
  const completion = reasoning + tokens(given.content) + tokens(given.toolCalls);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: Math.floor(seenBefore / 128) * 128 },
    completion_tokens_details: { reasoning_tokens: reasoning },
  };
}
