// A server on loopback that speaks OpenAI's chat completions, streamed or not, from a script.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface OpenAiAnswer {
  text?: string;
  reasoning?: string;
  tools?: { id: string; name: string; arguments: string }[];
}

export interface OpenAiServer extends AsyncDisposable {
  readonly baseURL: string;
  readonly requests: { messages: unknown[]; stream?: boolean }[];
}

const usage = {
  prompt_tokens: 120,
  completion_tokens: 30,
  total_tokens: 150,
  prompt_tokens_details: { cached_tokens: 100 },
  completion_tokens_details: { reasoning_tokens: 12 },
};
const head = { created: 1, model: "gpt-test-2026-01-01" };

export async function createOpenAiServer(script: readonly OpenAiAnswer[]): Promise<OpenAiServer> {
  const requests: OpenAiServer["requests"] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const asked = JSON.parse(body) as OpenAiServer["requests"][number];
      const answer = script[requests.length] ?? { text: "out of script" };
      requests.push(asked);
      // The host keeps one message of each id.
      const id = `chatcmpl-${requests.length}`;
      if (asked.stream === true) {
        response.writeHead(200, { "content-type": "text/event-stream" });
        for (const chunk of chunksOf(id, answer)) response.write(`data: ${JSON.stringify(chunk)}\n\n`);
        response.end("data: [DONE]\n\n");
      } else
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(completion(id, answer)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const finish = ({ tools }: OpenAiAnswer): string => (tools === undefined ? "stop" : "tool_calls");

const toolCall = ({ id, name, arguments: text }: { id: string; name: string; arguments: string }) => ({
  id,
  type: "function",
  function: { name, arguments: text },
});

function completion(id: string, answer: OpenAiAnswer): unknown {
  const message = {
    role: "assistant",
    content: answer.text ?? null,
    ...(answer.reasoning === undefined ? {} : { reasoning_content: answer.reasoning }),
    ...(answer.tools === undefined ? {} : { tool_calls: answer.tools.map(toolCall) }),
  };
  return {
    id,
    ...head,
    object: "chat.completion",
    choices: [{ index: 0, message, finish_reason: finish(answer) }],
    usage,
  };
}

function* chunksOf(id: string, answer: OpenAiAnswer): Generator {
  const chunk = (delta: object, reason: string | null = null) => ({
    id,
    ...head,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, finish_reason: reason }],
  });
  yield chunk({ role: "assistant", content: "" });
  if (answer.reasoning !== undefined)
    for (const piece of answer.reasoning.split(/(?<= )/)) yield chunk({ reasoning_content: piece });
  for (const piece of (answer.text ?? "").split(/(?<= )/).filter((text) => text !== ""))
    yield chunk({ content: piece });
  for (const [index, tool] of (answer.tools ?? []).entries()) {
    const whole = toolCall(tool);
    yield chunk({ tool_calls: [{ index, ...whole, function: { name: tool.name, arguments: "" } }] });
    yield chunk({ tool_calls: [{ index, function: { arguments: tool.arguments } }] });
  }
  yield chunk({}, finish(answer));
  yield { id, ...head, object: "chat.completion.chunk", choices: [], usage };
}
