import { expect, test } from "vitest";
import { createQuestionBoard } from "./question-board.ts";
import type { Asked } from "./question.ts";

const asked: Asked = {
  step: 11,
  kind: "tool",
  name: "send_mail",
  arguments: { to: "maria" },
  effect: "non_idempotent",
  callId: null,
};
const never = new AbortController().signal;
const keep = async (): Promise<void> => {};

test("a waiting program is told the answer, and who gave it", async () => {
  const board = createQuestionBoard({ openQuestionsMax: 10 });
  const { questionId } = board.ask("rp_1", asked);
  const waiting = board.wait("rp_1", questionId, 30_000, never);
  await board.answer("rp_1", questionId, { decision: "yes", by: "maria@laptop" }, keep);
  expect(await waiting).toMatchObject({ state: "answered", decision: "yes", by: "maria@laptop", name: "send_mail" });
});

test("the first answer stands", async () => {
  const board = createQuestionBoard({ openQuestionsMax: 10 });
  const { questionId } = board.ask("rp_1", asked);
  const first = board.answer("rp_1", questionId, { decision: "no", by: "maria" }, keep);
  const yes = { decision: "yes" as const, by: "otto" };
  await expect(board.answer("rp_1", questionId, yes, keep)).rejects.toThrow("is being answered");
  await first;
  await expect(board.answer("rp_1", questionId, yes, keep)).rejects.toThrow("no by maria");
  expect(board.get("rp_1", questionId).decision).toBe("no");
});

test("a decision that could not be kept is none, and can be given again", async () => {
  const board = createQuestionBoard({ openQuestionsMax: 10 });
  const { questionId } = board.ask("rp_1", asked);
  const yes = { decision: "yes" as const, by: "maria" };
  const failing = () => Promise.reject(new Error("disk full"));
  await expect(board.answer("rp_1", questionId, yes, failing)).rejects.toThrow("disk full");
  expect(board.get("rp_1", questionId).state).toBe("open");
  expect((await board.answer("rp_1", questionId, yes, keep)).decision).toBe("yes");
});

test("who waits too long, hangs up, or outlives the collector finds the question open", async () => {
  const board = createQuestionBoard({ openQuestionsMax: 10 });
  const { questionId } = board.ask("rp_1", asked);
  expect((await board.wait("rp_1", questionId, 1, never)).state).toBe("open");
  const gone = new AbortController();
  const hungUp = board.wait("rp_1", questionId, 30_000, gone.signal);
  gone.abort();
  expect((await hungUp).state).toBe("open");
  const left = board.wait("rp_1", questionId, 30_000, never);
  board.close();
  expect((await left).state).toBe("open");
});

test("questions of one replay are not those of another, and their number is limited", async () => {
  const board = createQuestionBoard({ openQuestionsMax: 1 });
  const { questionId } = board.ask("rp_1", asked);
  expect(() => board.get("rp_2", questionId)).toThrow(questionId);
  expect(() => board.ask("rp_1", asked)).toThrow("1 questions");
  await board.answer("rp_1", questionId, { decision: "no", by: "maria" }, keep);
  board.ask("rp_1", asked);
  expect(board.list("rp_1").map((question) => question.state)).toEqual(["answered", "open"]);
});
