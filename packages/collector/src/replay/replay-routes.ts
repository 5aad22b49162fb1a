import { randomBytes } from "node:crypto";
import type { FastifyPluginAsync } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { CollectorError } from "../errors.ts";
import type { QuestionBoard } from "./question-board.ts";
import { askedSchema, decisionSchema, questionSchema, type Decision } from "./question.ts";
import type { BegunReplay, Confirmation, ReplayStore } from "./replay-store.ts";

export interface ReplayRoutesOptions {
  store: ReplayStore;
  board: QuestionBoard;
  observeDecision(decision: Decision): void;
}

const WAIT_MAX_MS = 30_000;

const beginSchema = z.object({
  originRunId: z.string().regex(/^[0-9a-f]{32}$/, "a run id of 32 hex digits"),
  from: z.int().min(1),
  mode: z.enum(["recorded", "tools-recorded", "live"]),
  onDivergence: z.enum(["stop", "continue"]).default("stop"),
  edits: z.array(z.unknown()).max(1000).default([]),
  command: z.array(z.string()).default([]),
  begunBy: z.string().max(200).default(""),
});

const replaySchema: z.ZodType<BegunReplay> = z.object({
  replayId: z.string(),
  originRunId: z.string(),
  from: z.number(),
  mode: z.enum(["recorded", "tools-recorded", "live"]),
  onDivergence: z.enum(["stop", "continue"]),
  edits: z.array(z.unknown()),
  command: z.array(z.string()),
  begunBy: z.string(),
  begunAt: z.string(),
});

const confirmationSchema: z.ZodType<Confirmation> = z.object({
  questionId: z.string(),
  step: z.number().nullable(),
  name: z.string(),
  effect: z.string(),
  arguments: z.unknown(),
  decision: decisionSchema,
  by: z.string(),
  askedAt: z.string(),
  decidedAt: z.string(),
});

const replayAnswerSchema = z.object({
  replay: replaySchema,
  questions: z.array(questionSchema),
  confirmations: z.array(confirmationSchema),
  runId: z.string().nullable(),
});

const decideSchema = z.object({ questionId: z.string(), decision: decisionSchema, by: z.string().min(1).max(200) });
const answerSchema = z.object({
  state: z.enum(["open", "answered"]),
  decision: decisionSchema.nullable(),
  by: z.string().nullable(),
});
const replayParams = z.object({ replayId: z.string().max(100) });
const questionParams = replayParams.extend({ questionId: z.string().max(100) });

/** Begins replays, and carries questions from the program to the person and the decision back. */
export function replayRoutes(options: ReplayRoutesOptions): FastifyPluginAsync {
  const { store, board } = options;

  async function requireReplay(project: string, replayId: string): Promise<BegunReplay> {
    const replay = await store.findReplay(project, replayId);
    if (replay) return replay;
    throw new CollectorError("RUNREEL_REPLAY_NOT_FOUND", `No replay ${replayId} was begun.`);
  }

  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const begun = z.object({ replayId: z.string() });
    app.post(
      "/api/replays",
      { schema: { summary: "Begin a replay", body: beginSchema, response: { 200: begun } } },
      async ({ project, body }) => {
        if (!(await store.hasRun(project, body.originRunId))) {
          throw new CollectorError("RUNREEL_RUN_NOT_FOUND", `There is no run ${body.originRunId} to replay.`);
        }
        const replayId = `rp_${randomBytes(12).toString("hex")}`;
        await store.saveReplay(project, { ...body, replayId, begunAt: new Date().toISOString() });
        return { replayId };
      },
    );

    const read = { summary: "A replay and its questions", params: replayParams, response: { 200: replayAnswerSchema } };
    app.get("/api/replays/:replayId", { schema: read }, async ({ project, params: { replayId } }) => {
      const [replay, confirmations, runId] = await Promise.all([
        requireReplay(project, replayId),
        store.confirmations(project, replayId),
        store.runOf(project, replayId),
      ]);
      return { replay, questions: board.list(boardKey(project, replayId)), confirmations, runId };
    });

    const ask = { summary: "Ask whether a step may run", params: replayParams, body: askedSchema };
    app.post(
      "/api/replays/:replayId/questions",
      { schema: { ...ask, response: { 200: z.object({ questionId: z.string() }) } } },
      async ({ project, params: { replayId }, body }) => {
        await requireReplay(project, replayId);
        return { questionId: board.ask(boardKey(project, replayId), body).questionId };
      },
    );

    const querystring = z.object({ waitMs: z.coerce.number().int().min(0).max(WAIT_MAX_MS).default(0) });
    const wait = {
      summary: "Wait for a decision",
      params: questionParams,
      querystring,
      response: { 200: answerSchema },
    };
    app.get("/api/replays/:replayId/questions/:questionId", { schema: wait }, async (request, reply) => {
      const { replayId, questionId } = request.params;
      const hungUp = new AbortController();
      reply.raw.once("close", () => hungUp.abort());
      const key = boardKey(request.project, replayId);
      const { state, decision, by } = await board.wait(key, questionId, request.query.waitMs, hungUp.signal);
      return { state, decision, by };
    });

    const decide = { summary: "A person's decision", params: replayParams, body: decideSchema };
    app.post(
      "/api/replays/:replayId/confirmations",
      { schema: { ...decide, response: { 200: z.object({ question: questionSchema }) } } },
      async ({ project, params: { replayId }, body: { questionId, decision, by } }) => {
        const question = await board.answer(boardKey(project, replayId), questionId, { decision, by }, (asked) =>
          store.saveConfirmation(project, replayId, asked, { decision, by }),
        );
        options.observeDecision(decision);
        return { question };
      },
    );
  };
}

/** Questions of one project are never seen from another. */
function boardKey(project: string, replayId: string): string {
  return `${project}/${replayId}`;
}
