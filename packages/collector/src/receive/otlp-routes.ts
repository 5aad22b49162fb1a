import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { CollectorError, type ErrorCode } from "../errors.ts";
import type { SpansRecord } from "../model/block.ts";
import { freeMemory } from "../model/free-memory.ts";
import { JournalFull } from "../model/journal.ts";
import type { SpanBatch } from "../model/span-batch.ts";
import { createAdmission, createGate, type AdmissionLimits } from "./admission.ts";
import { contentTypes, encodeExportResponse, type Encoding, type ExportOutcome } from "./export-response.ts";
import { acceptedEncodings, inflate, parseCompression } from "./inflate.ts";
import { readBody } from "./read-body.ts";

/** What a look at the spans of a request found. */
export type Inspection =
  | {
      ok: true;
      spans: number;
      traceId: Uint8Array;
      rejected: Record<string, number>;
      reason: string;
      decoded?: SpanBatch;
    }
  | { ok: false; code: string; message: string };

/** What goes into the journal beside the record itself. */
export type Taken = Pick<Inspection & { ok: true }, "traceId" | "decoded">;

/** What the wiring gives to the routes. */
export interface ReceiveOptions {
  /** Names the store. Another one has another name, and so has one that was emptied. */
  store(): string;
  /** JSON of what a process is asked for that names itself; `heard` is what it says to have heard last. */
  asks(project: string, processId: string, heard: string | undefined): string | undefined;
  limits: AdmissionLimits & { requestMaxBytes: number; inflatedMaxBytes: number };
  /** Decodes a body to see whether it can be taken. What it says of a body, it says again when the block is built. */
  inspect(body: Uint8Array, encoding: Encoding): Inspection;
  /** Resolves when the record is durable. */
  append(record: SpansRecord, found: Taken): Promise<void>;
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

/** Decompressed bodies in memory at once. As many as the thread pool works on; more would only wait there. */
const INFLATIONS_AT_ONCE = 4;

/** Two SDKs have paths of their own for the same protocol. */
const TRACE_PATHS = ["/v1/traces", "/api/public/otel/v1/traces", "/otel/v1/traces"];

/** OTLP over HTTP: takes spans, and acknowledges them when they are durable. */
export function otlpRoutes(options: ReceiveOptions): FastifyPluginAsync {
  const { limits } = options;
  const admission = createAdmission(limits);
  const gate = createGate(INFLATIONS_AT_ONCE);

  async function takeTraces(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const encoding = encodingOf(request);
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const compression = parseCompression(request.headers["content-encoding"]);
    const record = { project: request.project, encoding, compression, body };
    const found = await gate(() => inspect(record, options));
    if (found.spans > 0) await append(options, record, found);
    options.observe.spans(found.spans, found.rejected);
    reply.header("accept-encoding", acceptedEncodings).header("runreel-store", options.store());
    const asks = encoding === "protobuf" ? asksOf(request, options) : undefined;
    return answer(reply, encoding, { rejected: sum(found.rejected), reason: found.reason, asks });
  }

  return async (app: FastifyInstance) => {
    // Before the body is read: one that has no room in memory is not taken into it.
    app.addHook("onRequest", async (request, reply) => {
      const length = Number(request.headers["content-length"] ?? limits.requestMaxBytes);
      reply.raw.once("close", admission.enter(Math.min(length, limits.requestMaxBytes)));
    });
    app.removeAllContentTypeParsers();
    // The body stays as the client sent it: the journal keeps those bytes.
    app.addContentTypeParser(Object.values(contentTypes), (request: FastifyRequest, payload: IncomingMessage) => {
      const length = request.headers["content-length"];
      const expectedBytes = length === undefined ? undefined : Number(length);
      return readBody(payload, { expectedBytes, maxBytes: limits.requestMaxBytes });
    });
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

/** Decompresses and decodes a body. */
async function inspect(record: SpansRecord, options: ReceiveOptions): Promise<Inspection & { ok: true }> {
  const { encoding, compression, body } = record;
  const inflated = await inflate(record, options.limits.inflatedMaxBytes);
  options.observe.body({ encoding, compression, bytes: body.length, inflatedBytes: inflated.length });
  const found = options.inspect(inflated, encoding);
  if (inflated !== body && (!found.ok || found.decoded?.bytes.buffer !== inflated.buffer)) freeMemory(inflated);
  if (!found.ok) throw new CollectorError(refusals[found.code] ?? "RUNREEL_REQUEST_INVALID", found.message);
  return found;
}

async function append(options: ReceiveOptions, record: SpansRecord, found: Taken): Promise<void> {
  try {
    await options.append(record, found);
  } catch (cause) {
    if (!(cause instanceof JournalFull)) throw cause;
    throw new CollectorError("RUNREEL_JOURNAL_FULL", cause.message, { cause, retryAfterMs: cause.retryAfterMs });
  }
}

function asksOf({ project, headers }: FastifyRequest, options: ReceiveOptions): string | undefined {
  const processId = headers["runreel-process"];
  const heard = headers["runreel-heard"];
  if (typeof processId !== "string") return undefined;
  return options.asks(project, processId, typeof heard === "string" ? heard : undefined);
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
