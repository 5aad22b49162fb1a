// A server on loopback that answers each request with the next thing in its script, whatever API it speaks.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A JSON body, or a stream of server-sent events. */
export type ScriptedReply =
  | { status?: number; headers?: Record<string, string>; json: unknown }
  | { events: { event?: string; data: unknown }[] };

export interface ScriptedServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: Record<string, unknown>[];
}

export async function createScriptedServer(
  reply: (request: Record<string, unknown>, index: number) => ScriptedReply,
): Promise<ScriptedServer> {
  const requests: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const asked = JSON.parse(body) as Record<string, unknown>;
      requests.push(asked);
      const given = reply(asked, requests.length - 1);
      if ("json" in given) {
        response.writeHead(given.status ?? 200, { "content-type": "application/json", ...given.headers });
        response.end(JSON.stringify(given.json));
        return;
      }
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const { event, data } of given.events)
        response.write(
          `${event === undefined ? "" : `event: ${event}\n`}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`,
        );
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
