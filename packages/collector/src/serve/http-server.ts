import swagger from "@fastify/swagger";
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance, type FastifyPluginAsync } from "fastify";
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { CollectorError, type ErrorCode } from "../errors.ts";
import { answerErrors } from "./answer-errors.ts";
import { createAuthentication, type AuthenticationOptions } from "./authentication.ts";
import { healthRoutes, type HealthOptions } from "./health-routes.ts";

export interface HttpServerOptions extends AuthenticationOptions, HealthOptions {
  logger: FastifyBaseLogger;
  version: string;
  /** The parts that answer the routes; all of them ask for a key where keys are set. */
  plugins: FastifyPluginAsync[];
  /** The text of `/metrics`. */
  metricsText(): Promise<string>;
  /** Called when no more requests are taken, before those in progress are waited for. */
  onStopping(): void;
  observeError(code: ErrorCode): void;
  observeRequest(request: { route: string; method: string; status: number; seconds: number }): void;
}

/** A JSON body of the API; those of OTLP have a limit of their own. */
const API_BODY_MAX_BYTES = 8 * 1024 * 1024;

/** Builds the one HTTP server: who may come in, how failures are answered, what is observed. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: API_BODY_MAX_BYTES,
    requestTimeout: 120_000,
    forceCloseConnections: "idle",
    return503OnClosing: false,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerErrors(app, (code) => options.observeError(code));
  app.decorateRequest("project", "");
  let isStopping = false;
  app.addHook("preClose", async () => {
    isStopping = true;
    options.onStopping();
  });
  app.addHook("onRequest", async () => {
    if (isStopping) throw new CollectorError("RUNREEL_COLLECTOR_STOPPING", "The collector is stopping.");
  });
  // A connection that stays open after its last answer would hold up the stop.
  app.addHook("onSend", async (_request, reply) => {
    if (isStopping) reply.header("connection", "close");
  });
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "none";
    const { method } = request;
    options.observeRequest({ route, method, status: reply.statusCode, seconds: reply.elapsedTime / 1000 });
  });
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Runreel collector",
        version: options.version,
        description:
          "Runs of AI agents: what they did, what it cost, and what a replay needs. OTLP comes in at POST /v1/traces.",
      },
    },
    transform: jsonSchemaTransform,
  });
  await app.register(healthRoutes(options));
  await app.register(async (guarded) => {
    const authenticate = createAuthentication(options);
    guarded.addHook("onRequest", async (request) => {
      request.project = authenticate(request);
    });
    guarded.get("/metrics", { schema: { hide: true } }, async (_request, reply) =>
      reply.type("text/plain; version=0.0.4; charset=utf-8").send(await options.metricsText()),
    );
    for (const plugin of options.plugins) await guarded.register(plugin);
  });
  return app;
}
