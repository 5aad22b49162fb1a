import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { CollectorError, type ErrorCode } from "../errors.ts";
import type { SpansRecord } from "../model/block.ts";
import { JournalFull } from "../model/journal.ts";
import { contentTypes, encodeExportResponse, type Encoding, type ExportOutcome } from "./export-response.ts";
import { inflate, parseCompression } from "./inflate.ts";

/** What a look at the spans of a request found. */
export type Inspection =
  | { ok: true; spans: number; traceId: Uint8Array; rejected: Record<string, number>; reason: string }
  | { ok: false; code: string; message: string };

/** What the wiring gives to the routes. */
export interface ReceiveOptions {
  limits: { requestMaxBytes: number; inflatedMaxBytes: number; concurrentRequestsMax: number };
  /** Decodes a body to see whether it can be taken. What it says of a body, it says again when the block is built. */
  inspect(body: Uint8Array, encoding: Encoding): Inspection;
  /** Resolves when the record is durable. */
  append(record: SpansRecord, traceId: Uint8Array): Promise<void>;
  observe: ReceiveObserver;
}

export interface ReceiveObserver {
  body(record: { encoding: Encoding; compression: string; bytes: number; inflatedBytes: number }): void;
  spans(accepted: number, rejected: Record<string, number>): void;
  /** A request of a signal that is accepted and not kept. */
  notKept(signal: "logs" | "metrics"): void;
}

/** Why a body cannot be taken at all, in the words of the decoder and in those of our answers. */
const refusals: Record<string, ErrorCode> = {
  invalid_protobuf: "RUNREEL_DECODE_INVALID_PROTOBUF",
  invalid_json: "RUNREEL_DECODE_INVALID_JSON",
  too_many_spans: "RUNREEL_REQUEST_TOO_MANY_SPANS",
};

/** Two SDKs have paths of their own for the same protocol. */
const TRACE_PATHS = ["/v1/traces", "/api/public/otel/v1/traces", "/otel/v1/traces"];

/** OTLP over HTTP: takes spans, and acknowledges them when they are durable. */
export function otlpRoutes(options: ReceiveOptions): FastifyPluginAsync {
  const { limits } = options;
  let inProgress = 0;

  async function takeTraces(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (inProgress >= limits.concurrentRequestsMax) {
      throw new CollectorError("RUNREEL_COLLECTOR_OVERLOADED", `${inProgress} requests with spans are in progress.`);
    }
    inProgress += 1;
    try {
      const encoding = encodingOf(request);
      return answer(reply, encoding, await take(request, encoding, options));
    } finally {
      inProgress -= 1;
    }
  }

  return async (app: FastifyInstance) => {
    app.removeAllContentTypeParsers();
    // The body stays as the client sent it: the journal keeps those bytes.
    app.addContentTypeParser(Object.values(contentTypes), { parseAs: "buffer" }, (_request, body, done) =>
      done(null, body),
    );
    const shape = { method: "POST", bodyLimit: limits.requestMaxBytes, schema: { hide: true } } as const;
    for (const url of TRACE_PATHS) app.route({ ...shape, url, handler: takeTraces });
    for (const signal of ["logs", "metrics"] as const) {
      const handler = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
        options.observe.notKept(signal);
        return answer(reply, encodingOf(request), { rejected: 0, reason: "" });
      };
      app.route({ ...shape, url: `/v1/${signal}`, handler });
    }
  };
}

async function take(request: FastifyRequest, encoding: Encoding, options: ReceiveOptions): Promise<ExportOutcome> {
  const compression = parseCompression(request.headers["content-encoding"]);
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const inflated = await inflate(body, compression, options.limits.inflatedMaxBytes);
  options.observe.body({ encoding, compression, bytes: body.length, inflatedBytes: inflated.length });
  const found = options.inspect(inflated, encoding);
  if (!found.ok) throw new CollectorError(refusals[found.code] ?? "RUNREEL_REQUEST_INVALID", found.message);
  if (found.spans > 0) await append(options, { project: request.project, encoding, compression, body }, found.traceId);
  options.observe.spans(found.spans, found.rejected);
  return { rejected: sum(found.rejected), reason: found.reason };
}

async function append(options: ReceiveOptions, record: SpansRecord, traceId: Uint8Array): Promise<void> {
  try {
    await options.append(record, traceId);
  } catch (cause) {
    if (!(cause instanceof JournalFull)) throw cause;
    throw new CollectorError("RUNREEL_JOURNAL_FULL", cause.message, { cause, retryAfterMs: cause.retryAfterMs });
  }
}

function answer(reply: FastifyReply, encoding: Encoding, outcome: ExportOutcome): FastifyReply {
  return reply.code(200).type(contentTypes[encoding]).send(encodeExportResponse(encoding, outcome));
}

function encodingOf(request: FastifyRequest): Encoding {
  const type = request.headers["content-type"];
  if (type === undefined) throw new CollectorError("RUNREEL_REQUEST_CONTENT_TYPE", "The request has no content type.");
  return type.toLowerCase().startsWith(contentTypes.json) ? "json" : "protobuf";
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
