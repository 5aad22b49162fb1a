import type { IncomingMessage } from "node:http";

/** What an endpoint answered. */
export interface Answer {
  status: number;
  contentType: string;
  /** The encodings that the endpoint says it takes. */
  acceptEncoding: string | undefined;
  /** The store behind the endpoint, where it names it: what was sent to another is not in it. */
  store: string | undefined;
  /** Milliseconds that the endpoint asks us to wait. */
  retryAfterMs: number | undefined;
  body: Uint8Array;
}

export type Post = (body: Uint8Array, headers: Record<string, string>) => Promise<Answer>;

/** An answer says little; what is longer is none of OTLP. */
const ANSWER_MAX_BYTES = 64 * 1024;

/** The other side has closed the connection; which of the two it is depends on whether we were writing. */
const CLOSED = new Set(["ECONNRESET", "EPIPE"]);

/**
 * Makes POST requests to one address, on one connection that is kept. A request that takes longer than `timeoutMs` in all fails.
 *
 * Neither the connection nor a request in flight keeps the process alive.
 */
export function createPost(url: URL, timeoutMs: number): Post {
  const isTls = url.protocol === "https:";
  // Loaded by whoever starts recording, not by the import: it takes as long as all else.
  const { Agent, request } = process.getBuiltinModule(isTls ? "node:https" : "node:http");
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });

  const once = (body: Uint8Array, headers: Record<string, string>, isRetry: boolean): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const posted = request(url, { method: "POST", agent, headers: { ...headers, "content-length": body.length } });
      const timer = setTimeout(() => posted.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs).unref();
      const fail = (error: NodeJS.ErrnoException): void => {
        clearTimeout(timer);
        // The endpoint may close a kept connection in the moment in which it is used again.
        const isStale = posted.reusedSocket && CLOSED.has(error.code ?? "") && !isRetry;
        if (isStale) resolve(once(body, headers, true));
        else reject(error);
      };
      posted.once("socket", (socket) => socket.unref());
      posted.on("error", fail);
      posted.once("response", (response) => {
        answerOf(response)
          .then(resolve)
          .catch(fail)
          .finally(() => clearTimeout(timer));
      });
      posted.end(body);
    });

  return (body, headers) => once(body, headers, false);
}

async function answerOf(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > ANSWER_MAX_BYTES) throw new Error(`an answer of more than ${ANSWER_MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  const { statusCode = 0, headers } = response;
  return {
    status: statusCode,
    contentType: headers["content-type"] ?? "",
    acceptEncoding: headers["accept-encoding"],
    store: headers["runreel-store"]?.toString(),
    retryAfterMs: retryAfterMs(headers["retry-after"]),
    body: Buffer.concat(chunks),
  };
}

/** `Retry-After` is a number of seconds or a date. */
function retryAfterMs(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
