import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { CollectorError, errorBody, errorTable, type ErrorCode } from "../errors.ts";

/** How long, and for how many bytes, a refused body is still read, so that its sender is able to read the answer. */
const DRAIN_MAX_MS = 5000;
const DRAIN_MAX_BYTES = 256 * 1024 * 1024;

const codesOfFastify: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "RUNREEL_REQUEST_TOO_LARGE",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "RUNREEL_REQUEST_CONTENT_TYPE",
};

/** Gives every failure of a route its stable code, status and `{error: {code, message, hint}}`. */
export function answerErrors(app: FastifyInstance, observe: (code: ErrorCode) => void): void {
  app.setErrorHandler(async (thrown: Error & { code?: string; statusCode?: number }, request, reply) => {
    const error = toCollectorError(thrown, request.log);
    if (error.code === "RUNREEL_REQUEST_TOO_LARGE") await drain(request);
    return answer(reply, error, observe);
  });
  app.setNotFoundHandler((request, reply) => {
    const message = `There is no route ${request.method} ${request.url.split("?", 1)[0]!.slice(0, 200)}.`;
    return answer(reply, new CollectorError("RUNREEL_REQUEST_NO_ROUTE", message), observe);
  });
}

function answer(reply: FastifyReply, error: CollectorError, observe: (code: ErrorCode) => void): FastifyReply {
  observe(error.code);
  if (error.retryAfterMs !== null) reply.header("retry-after", Math.max(1, Math.ceil(error.retryAfterMs / 1000)));
  return reply.code(errorTable[error.code].status).type("application/json").send(errorBody(error.code, error.message));
}

function toCollectorError(
  error: Error & { code?: string; statusCode?: number },
  log: FastifyBaseLogger,
): CollectorError {
  if (error instanceof CollectorError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const faults = error.validation.map((fault) => `${fault.instancePath || "the request"}: ${fault.message}`);
    return new CollectorError("RUNREEL_REQUEST_INVALID", `${faults.slice(0, 10).join("; ")}.`);
  }
  const code = codesOfFastify[error.code ?? ""];
  if (code !== undefined) return new CollectorError(code, error.message, { cause: error });
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return new CollectorError("RUNREEL_REQUEST_INVALID", error.message, { cause: error });
  }
  log.error({ err: error }, "a request failed in a way that is not expected");
  return new CollectorError("RUNREEL_INTERNAL", "The collector failed to answer.", { cause: error });
}

async function drain(request: FastifyRequest): Promise<void> {
  const { raw } = request;
  if (raw.readableEnded || raw.destroyed) return;
  await new Promise<void>((resolve) => {
    let bytes = 0;
    const timer = setTimeout(resolve, DRAIN_MAX_MS);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    raw.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > DRAIN_MAX_BYTES) done();
    });
    raw.once("end", done).once("close", done).once("error", done);
  });
}
