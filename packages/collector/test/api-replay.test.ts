// A question goes from a program that replays to a person, and the decision back; it is kept before it is told.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Question } from "../src/replay/question.ts";
import type { BegunReplay, Confirmation } from "../src/replay/replay-store.ts";
import { failingRun, type RecordedRun } from "./recorded-run.ts";
import { runCollector, type RunningCollector } from "./running-collector.ts";

interface ReplayAnswer {
  replay: BegunReplay;
  questions: Question[];
  confirmations: Confirmation[];
  runId: string | null;
}

let running: RunningCollector;
let failed: RecordedRun;

beforeAll(async () => {
  running = await runCollector();
  failed = failingRun();
  await running.store(failed.request);
});

afterAll(() => running?.stop());

const begin = {
  from: 2,
  mode: "live",
  onDivergence: "stop",
  edits: [{ path: "step.2.arguments.from", value: "EUR" }],
  command: ["node", "agent.js"],
  begunBy: "maria@laptop",
};
const asked = {
  step: 2,
  kind: "tool",
  name: "send_mail",
  arguments: { to: "otto" },
  effect: "non_idempotent",
  callId: "call_1",
};

async function begun(): Promise<string> {
  const { status, body } = await running.post<{ replayId: string }>("/api/replays", {
    ...begin,
    originRunId: failed.runId,
  });
  expect(status).toBe(200);
  return `/api/replays/${body.replayId}`;
}

test("a person's yes reaches the program that waits, and is kept with who and when", async () => {
  const replay = await begun();
  const { body: question } = await running.post<{ questionId: string }>(`${replay}/questions`, asked);
  const waiting = running.get(`${replay}/questions/${question.questionId}?waitMs=20000`);
  const open = await running.get<ReplayAnswer>(replay);
  expect(open.body).toMatchObject({
    replay: { ...begin, originRunId: failed.runId },
    questions: [{ ...asked, questionId: question.questionId, state: "open" }],
    confirmations: [],
    runId: null,
  });
  const decision = { questionId: question.questionId, decision: "yes", by: "maria@laptop" };
  expect((await running.post(`${replay}/confirmations`, decision)).status).toBe(200);
  expect((await waiting).body).toEqual({ state: "answered", decision: "yes", by: "maria@laptop" });
  const { body } = await running.get<ReplayAnswer>(replay);
  expect(body.questions).toMatchObject([{ state: "answered", decision: "yes", by: "maria@laptop" }]);
  expect(body.confirmations).toMatchObject([{ ...decision, step: 2, name: "send_mail", arguments: { to: "otto" } }]);
  expect(body.confirmations[0]!.decidedAt).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  const again = await running.post(`${replay}/confirmations`, { ...decision, decision: "no" });
  expect(again).toMatchObject({ status: 409, body: { error: { code: "RUNREEL_QUESTION_ANSWERED" } } });
});

test("an unanswered question is open, and stays so for who does not wait", async () => {
  const replay = await begun();
  const { body: question } = await running.post<{ questionId: string }>(`${replay}/questions`, {
    ...asked,
    step: null,
  });
  const { body } = await running.get(`${replay}/questions/${question.questionId}?waitMs=10`);
  expect(body).toEqual({ state: "open", decision: null, by: null });
});

test("the run that carries a replay out is found by it", async () => {
  const replay = await begun();
  const replayId = replay.split("/").at(-1)!;
  const run = failingRun({ failed: false, replayOf: failed.runId });
  await running.store(JSON.parse(JSON.stringify(run.request).replaceAll("rp_test", replayId)));
  expect((await running.get<ReplayAnswer>(replay)).body.runId).toBe(run.runId);
});

test("what does not exist is not found, and what is wrong is not taken", async () => {
  const unknown = await running.post("/api/replays", { ...begin, originRunId: "f".repeat(32) });
  expect(unknown).toMatchObject({ status: 404, body: { error: { code: "RUNREEL_RUN_NOT_FOUND" } } });
  expect(await running.get("/api/replays/rp_none")).toMatchObject({
    status: 404,
    body: { error: { code: "RUNREEL_REPLAY_NOT_FOUND" } },
  });
  expect(await running.post("/api/replays/rp_none/questions", asked)).toMatchObject({ status: 404 });
  const replay = await begun();
  const lost = await running.get(`${replay}/questions/q_none?waitMs=1000`);
  expect(lost).toMatchObject({ status: 404, body: { error: { code: "RUNREEL_QUESTION_NOT_FOUND" } } });
  expect((await running.post(`${replay}/questions`, { ...asked, effect: "harmless" })).status).toBe(400);
  expect((await running.post(`${replay}/confirmations`, { questionId: "q", decision: "maybe", by: "x" })).status).toBe(
    400,
  );
});

test("a stop lets a waiting program go", async () => {
  const replay = await begun();
  const { body: question } = await running.post<{ questionId: string }>(`${replay}/questions`, asked);
  const waiting = running.get(`${replay}/questions/${question.questionId}?waitMs=30000`);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await running.collector.stop();
  expect((await waiting).body).toMatchObject({ state: "open" });
});
