// A model server for trying the example without a key: speaks OpenAI's chat-completions protocol on loopback, streaming and not.
// Run it as `node examples/langchain-agent/model-server.ts`; MODEL_PORT chooses another port than 4010, 0 any free one.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";

import { answer, type Answer, type ChatMessage } from "./model-script.ts";

interface ChatRequest {
  model: string;
  messages: ChatMessage[];
  tools?: unknown[];
  stream?: boolean;
  stream_options?: { include_usage?: boolean };
}

const bodyMaxBytes = 4 * 1024 * 1024;
const millisecondsPerChunk = 8;
let requests = 0;
/** Requests by how many answers of the model the conversation already held. */
const requestsByTurn: number[] = [];

const server = createServer((request, response) => {
  respond(request, response).catch((error: unknown) => {
    if (!response.headersSent) response.writeHead(400, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: { message: String(error), type: "invalid_request_error" } }));
  });
});

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === "GET" && request.url === "/count") return sendJson(response, { requests, requestsByTurn });
  if (request.method !== "POST" || request.url !== "/v1/chat/completions") {
    response.writeHead(404).end();
    return;
  }
  const chat = JSON.parse(await bodyOf(request)) as ChatRequest;
  requests += 1;
  const turn = chat.messages.filter(({ role }) => role === "assistant").length;
  for (let at = requestsByTurn.length; at <= turn; at += 1) requestsByTurn.push(0);
  requestsByTurn[turn]! += 1;
  const given = answer(chat.messages);
  const head = { id: `chatcmpl-${requests}`, created: Math.floor(Date.now() / 1000), model: chat.model };
  if (chat.stream) return stream(response, chat, given, head);
  sendJson(response, {
    ...head,
    object: "chat.completion",
    choices: [{ index: 0, finish_reason: finishReason(given), message: wholeMessage(given) }],
    usage: usageOf(chat, given),
  });
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
    await wait(millisecondsPerChunk);
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

const pieces = (text: string): string[] => text.match(/[\s\S]{1,32}/g) ?? [];

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

const tokens = (value: unknown): number => Math.ceil(JSON.stringify(value).length / 4);

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyMaxBytes) throw new Error(`The request is over ${bodyMaxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

server.listen(Number(process.env["MODEL_PORT"] ?? 4010), "127.0.0.1", () => {
  const address = server.address();
  console.log(`Model server on http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/v1`);
});
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => server.close(() => process.exit(0)).closeAllConnections());
