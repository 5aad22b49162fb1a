import type { FastifyPluginAsync } from "fastify";
import { z } from "zod";
import type { ZodTypeProvider } from "fastify-type-provider-zod";

/** One thing that has to be right for the collector to take and store spans. */
export interface ReadinessCheck {
  name: string;
  ok: boolean;
  /** What is wrong; empty when nothing is. */
  detail: string;
}

export interface HealthOptions {
  checkReadiness(): Promise<ReadinessCheck[]>;
}

const readinessSchema = z.object({
  ready: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});

/** `/healthz`: the process lives. `/readyz`: it can take and store spans. `/openapi.json`: the API. None asks for a key. */
export function healthRoutes(options: HealthOptions): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    app.get(
      "/healthz",
      { schema: { summary: "The process lives", response: { 200: z.object({ status: z.literal("ok") }) } } },
      async () => ({ status: "ok" as const }),
    );
    app.get(
      "/readyz",
      {
        schema: { summary: "Spans can be taken and stored", response: { 200: readinessSchema, 503: readinessSchema } },
      },
      async (_request, reply) => {
        const checks = await options.checkReadiness();
        const ready = checks.every((check) => check.ok);
        return reply.code(ready ? 200 : 503).send({ ready, checks });
      },
    );
    app.get("/openapi.json", { schema: { hide: true } }, async () => app.swagger());
  };
}
