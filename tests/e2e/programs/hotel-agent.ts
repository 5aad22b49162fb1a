// A program for tests: an agent that is asked over HTTP, and serves one request after another until it is told to end.
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { flush, inference, run, start, tool, traceContext } from "@runreel/sdk";

start({ serviceName: "hotel-agent" });

const search = tool({
  name: "search_hotels",
  effect: "read",
  execute: ({ city }: { city: string }) => [`${city} Palace`],
});
const request = { provider: "openai", model: "example-model", messages: [{ role: "user", content: "A room" }] };
const answer = {
  model: "example-model",
  choices: [{ message: { role: "assistant", content: "The Palace." }, finish_reason: "stop" }],
  usage: { prompt_tokens: 30, completion_tokens: 3 },
};

const server = createServer((incoming, response) => void serve(incoming, response));

async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = "";
  for await (const chunk of incoming) body += String(chunk);
  const { city } = JSON.parse(body) as { city: string };
  const { traceparent, tracestate } = incoming.headers;
  const found = await run(
    "hotel",
    async () => {
      const [hotel] = await search({ city });
      await inference(request, async () => answer);
      return { hotel, there: traceContext() };
    },
    { traceparent, tracestate },
  );
  await flush();
  response.end(JSON.stringify(found));
}
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
process.once("SIGTERM", () => server.close());
