import type { FastifyPluginAsync } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { compareRuns, diffAnswerSchema } from "./compare-runs.ts";
import { checkpointsAnswerSchema, listCheckpoints } from "./list-checkpoints.ts";
import { listProcesses, processesAnswerSchema, processesQuerySchema } from "./list-processes.ts";
import { listRuns, runsAnswerSchema, runsQuerySchema } from "./list-runs.ts";
import type { QueryContext } from "./read-runs.ts";
import { runIdSchema } from "./run.ts";
import { sqlAnswerSchema, sqlBodySchema, type SqlReader } from "./run-sql.ts";
import { recordingAnswerSchema, showRecording } from "./show-recording.ts";
import { runAnswerSchema, showRun } from "./show-run.ts";
import { showSpan, spanAnswerSchema } from "./show-span.ts";
import { showState, stateAnswerSchema, stateQuerySchema } from "./show-state.ts";
import { showUsage, usageAnswerSchema, usageQuerySchema } from "./show-usage.ts";

export interface QueryRoutesOptions extends QueryContext {
  sql: SqlReader;
}

const runParams = z.object({ runId: runIdSchema });
const spanParams = runParams.extend({ spanId: z.string().regex(/^[0-9a-f]{16}$/, "a span id of 16 hex digits") });
const diffParams = runParams.extend({ otherRunId: runIdSchema });

/** Every question that is answered from the store, and where it is asked. */
export function queryRoutes(options: QueryRoutesOptions): FastifyPluginAsync {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const run = "/api/runs/:runId";
    app.get(
      "/api/runs",
      { schema: { summary: "The newest runs", querystring: runsQuerySchema, response: { 200: runsAnswerSchema } } },
      ({ project, query }) => listRuns(options, project, query),
    );
    app.get(
      run,
      { schema: { summary: "A run, step by step", params: runParams, response: { 200: runAnswerSchema } } },
      ({ project, params }) => showRun(options, project, params.runId),
    );
    app.get(
      `${run}/spans/:spanId`,
      { schema: { summary: "A span, whole", params: spanParams, response: { 200: spanAnswerSchema } } },
      ({ project, params }) => showSpan(options, project, params.runId, params.spanId),
    );
    app.get(
      `${run}/checkpoints`,
      { schema: { summary: "Checkpoints of a run", params: runParams, response: { 200: checkpointsAnswerSchema } } },
      ({ project, params }) => listCheckpoints(options, project, params.runId),
    );
    const state = { params: runParams, querystring: stateQuerySchema, response: { 200: stateAnswerSchema } };
    app.get(
      `${run}/state`,
      { schema: { summary: "The agent's state after a step", ...state } },
      ({ project, params, query }) => showState(options, project, params.runId, query),
    );
    app.get(
      `${run}/recording`,
      { schema: { summary: "What a replay needs", params: runParams, response: { 200: recordingAnswerSchema } } },
      ({ project, params }) => showRecording(options, project, params.runId),
    );
    app.get(
      `${run}/diff/:otherRunId`,
      { schema: { summary: "Two runs, aligned", params: diffParams, response: { 200: diffAnswerSchema } } },
      ({ project, params }) => compareRuns(options, project, params.runId, params.otherRunId),
    );
    app.get(
      "/api/usage",
      { schema: { summary: "Tokens and cost", querystring: usageQuerySchema, response: { 200: usageAnswerSchema } } },
      ({ project, query }) => showUsage(options.database, project, query),
    );
    const processes = { querystring: processesQuerySchema, response: { 200: processesAnswerSchema } };
    app.get(
      "/api/processes",
      { schema: { summary: "What processes say of themselves", ...processes } },
      ({ project, query }) => listProcesses(options, project, query),
    );
    app.post(
      "/api/sql",
      { schema: { summary: "SQL, reading only", body: sqlBodySchema, response: { 200: sqlAnswerSchema } } },
      ({ project, body }) => options.sql.read(project, body.query),
    );
  };
}
