import type { FastifyPluginAsync } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { keepRun, type KeepAnswer, type KeepRunsOptions } from "./keep-runs.ts";

const params = z.object({ runId: z.string().regex(/^[0-9a-f]{32}$/, "a run id of 32 hex digits") });
const body = z.object({
  reason: z.string().trim().min(1).max(200).describe("What was found in the run. Stands where the run is shown."),
});
const answerSchema: z.ZodType<KeepAnswer> = z.object({
  runId: z.string(),
  state: z.enum(["asked", "kept"]).describe("kept: the run is stored already. asked: its processes are told next."),
  processes: z.array(z.string()).describe("The processes that are asked."),
});

/** Where somebody who has found something in a run says that it should be sent. */
export function keepRoutes(options: KeepRunsOptions): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const schema = { summary: "Have a run sent that was sampled out", params, body, response: { 200: answerSchema } };
    app.post("/api/runs/:runId/keep", { schema }, (request) =>
      keepRun(options, request.project, { ...request.params, ...request.body }),
    );
  };
}
