// A model server for trying the examples without a key: speaks OpenAI's chat completions and Anthropic's messages on loopback, streaming and not.
// Run it as `node examples/model-server/model-server.ts`; MODEL_PORT chooses another port than 4010, 0 any free one.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

import { answerMessages, chatOf, type MessagesRequest } from "./anthropic-messages.ts";
import { answerChat, type ChatRequest } from "./chat-completions.ts";
import { type Answer, answerOf, type ChatMessage } from "./conversation.ts";
import { packingAdvice } from "./packing-advice.ts";
import { ticketScout } from "./ticket-scout.ts";

const bodyMaxBytes = 4 * 1024 * 1024;
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
  const asked = `${request.method} ${request.url}`;
  if (asked === "GET /count") {
    const counts = JSON.stringify({ requests, requestsByTurn });
    response.writeHead(200, { "content-type": "application/json" }).end(counts);
  } else if (asked === "POST /v1/chat/completions") {
    const chat = JSON.parse(await bodyOf(request)) as ChatRequest;
    const names = chat.tools?.map((tool) => tool.function?.name);
    await answerChat(response, chat, answer(chat.messages, names), requests);
  } else if (asked === "POST /v1/messages") {
    const given = JSON.parse(await bodyOf(request)) as MessagesRequest;
    const names = given.tools?.map((tool) => tool.name);
    await answerMessages(response, given, answer(chatOf(given), names), requests);
  } else response.writeHead(404).end();
}

/** Which script answers is seen from the tools that are offered. */
function answer(messages: readonly ChatMessage[], tools: readonly (string | undefined)[] = []): Answer {
  requests += 1;
  const turn = messages.filter(({ role }) => role === "assistant").length;
  for (let at = requestsByTurn.length; at <= turn; at += 1) requestsByTurn.push(0);
  requestsByTurn[turn]! += 1;
  const script = tools.includes("weather") ? packingAdvice : ticketScout;
  return answerOf(script(messages), messages);
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
