import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { protobufFields } from "../measure/protobuf-fields.ts";

/** Sends requests as OTLP exporters do: the same bytes again until they are acknowledged. */
export interface Deliverer {
  /** Resolves with the number of attempts it took. Rejects when the collector refuses spans for good. */
  deliver(body: Buffer): Promise<number>;
  close(): void;
}

export interface DelivererOptions {
  url: string;
  connections: number;
  headers?: Record<string, string>;
  /** After which time without an answer a request is sent again. 10 s as OTLP exporters have it. */
  timeoutMs?: number;
  /** The pause before a request is sent again, unless the collector asks for another. */
  retryAfterMs?: number;
}

type Answer = { status: number; body: Buffer; retryAfterMs: number | undefined };

export function createDeliverer(options: DelivererOptions): Deliverer {
  const { url, connections, headers = {}, timeoutMs = 10_000, retryAfterMs = 50 } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const post = (body: Buffer): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const target = new URL("/v1/traces", url);
      const outgoing = request(target, {
        method: "POST",
        agent,
        timeout: timeoutMs,
        headers: { "content-type": "application/x-protobuf", "content-length": body.length, ...headers },
      });
      outgoing.on("timeout", () => outgoing.destroy(new Error("No answer in time.")));
      outgoing.on("error", reject);
      outgoing.on("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const wait = Number(response.headers["retry-after"] ?? Number.NaN) * 1000;
          const retryAfterMs = Number.isFinite(wait) ? wait : undefined;
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks), retryAfterMs });
        });
      });
      outgoing.end(body);
    });

  return {
    async deliver(body) {
      for (let attempt = 1; ; attempt++) {
        // A connection that broke says nothing about whether the request was taken.
        const answer = await post(body).catch(() => undefined);
        if (answer?.status === 200) {
          const rejected = rejectedSpans(answer.body);
          if (rejected > 0) throw new Error(`The collector rejected ${rejected} spans.`);
          return attempt;
        }
        if (answer !== undefined && ![429, 502, 503, 504].includes(answer.status)) {
          throw new Error(`The collector answered ${answer.status}: ${answer.body.toString("utf8").slice(0, 300)}`);
        }
        await sleep(answer?.retryAfterMs ?? retryAfterMs);
      }
    },
    close: () => agent.destroy(),
  };
}

/** `partial_success.rejected_spans` of an ExportTraceServiceResponse. */
function rejectedSpans(response: Buffer): number {
  for (const partial of protobufFields(response)) {
    if (partial.number !== 1) continue;
    for (const field of protobufFields(response, partial.start, partial.end)) {
      if (field.number === 1) return response[field.start] ?? 0;
    }
  }
  return 0;
}
