import type { Database } from "../model/database.ts";
import type { Verdict } from "./question-board.ts";
import type { Decision, Question } from "./question.ts";

/** A replay that was begun, and what the person changed. */
export interface BegunReplay {
  replayId: string;
  originRunId: string;
  from: number;
  mode: "recorded" | "tools-recorded" | "live";
  onDivergence: "stop" | "continue";
  edits: unknown[];
  command: string[];
  begunBy: string;
  begunAt: string;
}

/** A decision as it is kept. */
export interface Confirmation {
  questionId: string;
  step: number | null;
  name: string;
  effect: string;
  arguments: unknown;
  decision: Decision;
  by: string;
  askedAt: string;
  decidedAt: string;
}

/** Where replays and decisions are kept for ever. */
export interface ReplayStore {
  hasRun(project: string, runId: string): Promise<boolean>;
  saveReplay(project: string, replay: BegunReplay): Promise<void>;
  findReplay(project: string, replayId: string): Promise<BegunReplay | null>;
  /** The run that carries the replay out; null before its first span has come. */
  runOf(project: string, replayId: string): Promise<string | null>;
  /** Resolves when the decision is durable. */
  saveConfirmation(project: string, replayId: string, question: Question, verdict: Verdict): Promise<void>;
  confirmations(project: string, replayId: string): Promise<Confirmation[]>;
}

export function createReplayStore(database: Database): ReplayStore {
  return {
    async hasRun(project, runId) {
      const sql =
        "SELECT 1 AS found FROM runs WHERE project = {project:String} AND run_id = unhex({runId:String}) LIMIT 1";
      return (await database.rows(sql, { project, runId })).length > 0;
    },
    saveReplay: (project, replay) =>
      database.insert(SAVE_REPLAY, {
        ...replay,
        project,
        edits: JSON.stringify(replay.edits),
        command: JSON.stringify(replay.command),
      }),
    async findReplay(project, replayId) {
      const rows = await database.rows<ReplayRow>(FIND_REPLAY, { project, replayId });
      const row = rows[0];
      if (!row) return null;
      return { ...row, edits: JSON.parse(row.edits) as unknown[], command: JSON.parse(row.command) as string[] };
    },
    async runOf(project, replayId) {
      const rows = await database.rows<{ runId: string }>(RUN_OF, { project, replayId });
      return rows[0]?.runId ?? null;
    },
    saveConfirmation: (project, replayId, question, verdict) =>
      database.insert(SAVE_CONFIRMATION, {
        project,
        replayId,
        questionId: question.questionId,
        step: question.step ?? 0,
        name: question.name,
        effect: question.effect,
        askedAt: question.askedAt,
        ...verdict,
        arguments: JSON.stringify(question.arguments ?? null),
        decidedAt: new Date().toISOString(),
      }),
    async confirmations(project, replayId) {
      const rows = await database.rows<ConfirmationRow>(CONFIRMATIONS, { project, replayId });
      return rows.map((row) => ({ ...row, arguments: JSON.parse(row.arguments) as unknown }));
    },
  };
}

type ReplayRow = Omit<BegunReplay, "edits" | "command"> & { edits: string; command: string };
type ConfirmationRow = Omit<Confirmation, "arguments"> & { arguments: string };

const SAVE_REPLAY = `
INSERT INTO replays (project, replay_id, origin_run_id, from_step, mode, on_divergence, edits, command, begun_by, begun_at)
SELECT project, replayId, toFixedString(unhex(originRunId), 16), from, mode, onDivergence, edits, command, begunBy,
  parseDateTime64BestEffort(begunAt, 3, 'UTC')
FROM input('project String, replayId String, originRunId String, from UInt32, mode String, onDivergence String, edits String, command String,
  begunBy String, begunAt String')`;

const FIND_REPLAY = `
SELECT replay_id AS replayId, lower(hex(origin_run_id)) AS originRunId, from_step AS from, mode, on_divergence AS onDivergence, edits, command,
  begun_by AS begunBy, formatDateTime(begun_at, '%Y-%m-%dT%H:%i:%S.%fZ', 'UTC') AS begunAt
FROM replays FINAL WHERE project = {project:String} AND replay_id = {replayId:String}`;

const RUN_OF = `
SELECT lower(hex(run_id)) AS runId FROM runs
WHERE project = {project:String} AND replay_id = {replayId:String} ORDER BY first_start LIMIT 1`;

const SAVE_CONFIRMATION = `
INSERT INTO confirmations (project, replay_id, question_id, step, name, effect, arguments, decision, decided_by, asked_at, decided_at)
SELECT project, replayId, questionId, step, name, effect, arguments, decision, by, parseDateTime64BestEffort(askedAt, 3, 'UTC'),
  parseDateTime64BestEffort(decidedAt, 3, 'UTC')
FROM input('project String, replayId String, questionId String, step UInt32, name String, effect String, arguments String, decision String,
  by String, askedAt String, decidedAt String')`;

const CONFIRMATIONS = `
SELECT question_id AS questionId, nullIf(step, 0) AS step, name, effect, arguments, decision, decided_by AS by,
  formatDateTime(asked_at, '%Y-%m-%dT%H:%i:%S.%fZ', 'UTC') AS askedAt, formatDateTime(decided_at, '%Y-%m-%dT%H:%i:%S.%fZ', 'UTC') AS decidedAt
FROM confirmations FINAL WHERE project = {project:String} AND replay_id = {replayId:String} ORDER BY decided_at`;
