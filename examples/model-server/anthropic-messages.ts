// Anthropic's messages, streamed or not.
import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";

import type { Answer, ChatMessage } from "./conversation.ts";
import { MILLISECONDS_PER_CHUNK, pieces, tokens } from "./pieces.ts";

type Block =
  | { type: "text"; text: string }
  | { type: "thinking"; thinking: string; signature: string }
  | { type: "tool_use"; id: string; name: string; input: unknown };

type GivenBlock =
  | Block
  | { type: "tool_result"; tool_use_id: string; content?: string | { type: string; text?: string }[] };

export interface MessagesRequest {
  model: string;
  messages: { role: string; content: string | GivenBlock[] }[];
  tools?: { name?: string }[];
  stream?: boolean;
}

/** The conversation as the scripts read it. */
export function chatOf({ messages }: MessagesRequest): ChatMessage[] {
  return messages.flatMap(({ role, content }): ChatMessage[] => {
    if (typeof content === "string") return [{ role, content }];
    return content.map((block): ChatMessage => {
      if (block.type === "tool_result") {
        return { role: "tool", tool_call_id: block.tool_use_id, content: block.content ?? "" };
      }
      if (block.type !== "tool_use") return { role, content: block.type === "text" ? block.text : "" };
      const { id, name, input } = block;
      return { role, tool_calls: [{ id, function: { name, arguments: JSON.stringify(input) } }] };
    });
  });
}

export async function answerMessages(
  response: ServerResponse,
  request: MessagesRequest,
  given: Answer,
  id: number,
): Promise<void> {
  const content = blocksOf(given);
  const message = {
    id: `msg_${id}`,
    type: "message",
    role: "assistant",
    model: request.model,
    content,
    stop_reason: given.toolCalls.length > 0 ? "tool_use" : "end_turn",
    stop_sequence: null,
    usage: usageOf(request, content),
  };
  if (request.stream !== true) {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(message));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  for (const event of eventsOf(message)) {
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    await wait(MILLISECONDS_PER_CHUNK);
  }
  response.end();
}

function blocksOf({ reasoning, content, toolCalls }: Answer): Block[] {
  return [
    { type: "thinking", thinking: reasoning, signature: "scripted" },
    ...(content === "" ? [] : [{ type: "text" as const, text: content }]),
    ...toolCalls.map(({ id, name, arguments: text }) => ({
      type: "tool_use" as const,
      id,
      name,
      input: JSON.parse(text) as unknown,
    })),
  ];
}

interface Message {
  content: Block[];
  stop_reason: string;
  stop_sequence: null;
  usage: { input_tokens: number; output_tokens: number };
}

/** A message as its stream tells it. */
function* eventsOf(message: Message): Generator<{ type: string; [member: string]: unknown }> {
  const { content, stop_reason, stop_sequence, usage } = message;
  const begun = { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } };
  yield { type: "message_start", message: begun };
  for (const [index, block] of content.entries()) {
    yield { type: "content_block_start", index, content_block: emptied(block) };
    for (const delta of deltasOf(block)) yield { type: "content_block_delta", index, delta };
    yield { type: "content_block_stop", index };
  }
  const { output_tokens } = usage;
  yield { type: "message_delta", delta: { stop_reason, stop_sequence }, usage: { output_tokens } };
  yield { type: "message_stop" };
}

function emptied(block: Block): Block {
  if (block.type === "text") return { type: "text", text: "" };
  return block.type === "thinking" ? { type: "thinking", thinking: "", signature: "" } : { ...block, input: {} };
}

function deltasOf(block: Block): object[] {
  if (block.type === "text") return pieces(block.text).map((text) => ({ type: "text_delta", text }));
  if (block.type === "tool_use") {
    return pieces(JSON.stringify(block.input)).map((json) => ({ type: "input_json_delta", partial_json: json }));
  }
  const { thinking, signature } = block;
  const thoughts = pieces(thinking).map((text) => ({ type: "thinking_delta", thinking: text }));
  return [...thoughts, { type: "signature_delta", signature }];
}

/** What comes from the cache and goes into it stands beside `input_tokens` with Anthropic: earlier messages were there, the newest is written. */
function usageOf({ messages, tools = [] }: MessagesRequest, content: Block[]) {
  const earlier = messages.slice(0, -2);
  return {
    input_tokens: tokens(messages.slice(-1)),
    cache_creation_input_tokens: tokens(messages.slice(-2, -1)),
    cache_read_input_tokens: earlier.length === 0 ? 0 : tokens(earlier) + tokens(tools),
    output_tokens: tokens(content),
  };
}
