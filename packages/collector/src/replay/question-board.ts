import { randomUUID } from "node:crypto";
import { CollectorError } from "../errors.ts";
import type { Asked, Decision, Question } from "./question.ts";

/**
 * The questions of replays in progress. They live in memory alone: when the collector is gone nobody can be asked, and the call stays blocked, which is
 * the safe side.
 */
export interface QuestionBoard {
  /** @throws CollectorError when too many questions of the replay are open. */
  ask(replay: string, asked: Asked): Question;
  /** In the order in which they were asked. */
  list(replay: string): Question[];
  /** @throws CollectorError when there is no such question. */
  get(replay: string, questionId: string): Question;
  /**
   * Answers a question once `keep` has made the decision durable: an effect never happens on a decision that nobody can find afterwards. Only the first
   * answer counts; one that could not be kept is none.
   *
   * @throws CollectorError when there is no such question, or it has been answered, or is being answered.
   */
  answer(
    replay: string,
    questionId: string,
    verdict: Verdict,
    keep: (question: Question) => Promise<void>,
  ): Promise<Question>;
  /** Resolves when the question is answered, after `waitMs`, or when `signal` aborts or the board closes; the question says which. */
  wait(replay: string, questionId: string, waitMs: number, signal: AbortSignal): Promise<Question>;
  /** Lets everyone go who waits. */
  close(): void;
}

/** What a person decided, and who it was. */
export interface Verdict {
  decision: Decision;
  by: string;
}

export interface QuestionBoardOptions {
  /** Questions of one replay that may be open at once. */
  openQuestionsMax: number;
}

/** Replays whose questions are remembered; the oldest are forgotten first. */
const REPLAYS_MAX = 1000;

export function createQuestionBoard(options: QuestionBoardOptions): QuestionBoard {
  const replays = new Map<string, Map<string, Question>>();
  const waiting = new Map<Question, Set<() => void>>();
  const beingAnswered = new Set<Question>();
  let closed = false;

  function find(replay: string, questionId: string): Question {
    const question = replays.get(replay)?.get(questionId);
    if (question) return question;
    throw new CollectorError("RUNREEL_QUESTION_NOT_FOUND", `No question ${questionId} of replay ${replay} is known.`);
  }

  function release(question: Question): void {
    for (const go of waiting.get(question) ?? []) go();
  }

  return {
    ask(replay, asked) {
      const questions = replays.get(replay) ?? new Map<string, Question>();
      const open = [...questions.values()].filter((question) => question.state === "open").length;
      if (open >= options.openQuestionsMax) {
        throw new CollectorError(
          "RUNREEL_REPLAY_TOO_MANY_QUESTIONS",
          `${open} questions of replay ${replay} are open.`,
        );
      }
      const question: Question = {
        ...asked,
        questionId: `q_${randomUUID()}`,
        askedAt: new Date().toISOString(),
        state: "open",
        decision: null,
        by: null,
      };
      replays.set(replay, questions.set(question.questionId, question));
      if (replays.size > REPLAYS_MAX) replays.delete(replays.keys().next().value!);
      return question;
    },
    list: (replay) => [...(replays.get(replay)?.values() ?? [])],
    get: find,
    async answer(replay, questionId, verdict, keep) {
      const question = find(replay, questionId);
      if (question.state === "answered") {
        const given = `${question.decision} by ${question.by}`;
        throw new CollectorError("RUNREEL_QUESTION_ANSWERED", `Question ${questionId} has been answered: ${given}.`);
      }
      if (beingAnswered.has(question)) {
        throw new CollectorError(
          "RUNREEL_QUESTION_ANSWERED",
          `Question ${questionId} is being answered by someone else.`,
        );
      }
      beingAnswered.add(question);
      try {
        await keep(question);
      } finally {
        beingAnswered.delete(question);
      }
      Object.assign(question, { ...verdict, state: "answered" });
      release(question);
      return question;
    },
    async wait(replay, questionId, waitMs, signal) {
      const question = find(replay, questionId);
      if (question.state === "answered" || waitMs === 0 || closed || signal.aborted) return question;
      await new Promise<void>((resolve) => {
        const waiters = waiting.get(question) ?? new Set();
        waiting.set(question, waiters);
        const timer = setTimeout(go, waitMs);
        function go(): void {
          clearTimeout(timer);
          signal.removeEventListener("abort", go);
          waiters.delete(go);
          if (waiters.size === 0) waiting.delete(question);
          resolve();
        }
        waiters.add(go);
        signal.addEventListener("abort", go);
      });
      return question;
    },
    close() {
      closed = true;
      for (const question of waiting.keys()) release(question);
    },
  };
}
