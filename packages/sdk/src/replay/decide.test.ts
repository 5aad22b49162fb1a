// The rules of a replay: what is served, what runs, what is blocked.
import { contentHash } from "@runreel/content";
import { expect, test } from "vitest";

import { createReplay } from "./create-replay.ts";
import type { LiveStep } from "./decide.ts";
import type { EffectGuard, Question } from "./effect-guard.ts";
import type { ReplayPlan } from "./plan.ts";
import { planOf, recordedStep } from "../../test/replay/recording.ts";
import { RunreelDivergenceError, RunreelEffectBlockedError } from "./replay-error.ts";

const search = recordedStep({ index: 1, arguments: { q: "a" }, result: "found" });
const failed = recordedStep({
  index: 2,
  name: "fail",
  arguments: {},
  error: { name: "TypeError", message: "bad", stack: null },
});
const asked = recordedStep({
  index: 3,
  kind: "inference",
  name: "gpt",
  arguments: [{ role: "user" }],
  result: { role: "assistant" },
});
const mail = recordedStep({ index: 4, name: "mail", arguments: { to: "x" }, effect: "non_idempotent", result: "sent" });
const steps = [search, failed, asked, mail];

const live = (
  step: { kind: LiveStep["kind"]; name: string; arguments: unknown },
  effect: LiveStep["effect"] = "read",
): LiveStep => ({
  kind: step.kind,
  name: step.name,
  arguments: step.arguments,
  effect,
});

function guardOf(answer: "yes" | "no"): EffectGuard & { questions: Question[] } {
  const questions: Question[] = [];
  return {
    questions,
    ask: async (question) => {
      questions.push(question);
      return answer === "yes"
        ? { isAllowed: true, by: "maria" }
        : { isAllowed: false, by: "maria", reason: "the answer was no" };
    },
  };
}

const replayOf = (plan: Partial<ReplayPlan>, guard: EffectGuard = guardOf("no")) =>
  createReplay({ plan: planOf(steps, plan), hash: contentHash, guard });

test("before the checkpoint everything is served, errors too, even what would change the world", async () => {
  const replay = replayOf({ from: 5 });
  for (const step of [mail, asked, failed, search]) {
    expect(await replay.decide(live(step, "non_idempotent"))).toMatchObject({
      action: "serve",
      recorded: { index: step.index },
    });
  }
  expect(replay.divergence).toBeUndefined();
});

test("a step that the recording does not hold stops the replay, and everything after it", async () => {
  const replay = replayOf({ from: 3 });
  const verdict = await replay.decide(live({ ...search, arguments: { q: "b" } }));
  expect(verdict).toMatchObject({ action: "block", reason: "divergence" });
  const error = (verdict as unknown as { error: RunreelDivergenceError }).error;
  expect(error).toBeInstanceOf(RunreelDivergenceError);
  expect(error.message).toContain("at q");
  expect(error.divergence).toEqual({
    step: 1,
    expected: { kind: "tool", name: "search", arguments: { q: "a" } },
    actual: { kind: "tool", name: "search", arguments: { q: "b" } },
  });
  expect(replay.divergence).toEqual(error.divergence);
  expect(await replay.decide(live(search))).toMatchObject({ action: "block", error });
});

test("onDivergence continue goes on under the rules of live, and still tells of it", async () => {
  const guard = guardOf("no");
  const replay = replayOf({ from: 3, onDivergence: "continue" }, guard);
  expect(await replay.decide(live({ ...search, arguments: { q: "b" } }))).toMatchObject({
    action: "run",
    served: "live",
  });
  expect(await replay.decide(live({ ...search, name: "wire" }, "unknown"))).toMatchObject({
    action: "block",
    reason: "effect",
  });
  expect(replay.divergence).toMatchObject({ step: 1 });
  expect(guard.questions).toHaveLength(1);
});

test("live: inferences and repeatable tools run, the others are asked about", async () => {
  const guard = guardOf("yes");
  const replay = replayOf({ from: 1 }, guard);
  expect(await replay.decide(live(asked, "unknown"))).toMatchObject({
    action: "run",
    served: "live",
    origin: { index: 3 },
  });
  expect(await replay.decide(live(search, "idempotent"))).toMatchObject({ action: "run", served: "live" });
  expect(guard.questions).toEqual([]);
  expect(await replay.decide({ ...live(mail, "non_idempotent"), callId: "c9" })).toMatchObject({
    action: "run",
    served: "confirmed",
    confirmedBy: "maria",
    arguments: { to: "x" },
  });
  expect(guard.questions).toEqual([
    { step: 4, kind: "tool", name: "mail", arguments: { to: "x" }, effect: "non_idempotent", callId: "c9" },
  ]);
});

test("a question about a step that was never recorded carries the number that the step has in the replay", async () => {
  const guard = guardOf("no");
  const replay = replayOf({ from: 4 }, guard);
  for (const step of [search, failed, asked]) await replay.decide(live(step));
  await replay.decide(live({ kind: "tool", name: "post", arguments: {} }, "unknown"));
  await replay.decide(live({ kind: "tool", name: "call", arguments: {} }, "unknown"));
  expect(guard.questions.map(({ step, name }) => [step, name])).toEqual([
    [4, "post"],
    [5, "call"],
  ]);
});

test("a no blocks the step, and the same call is not asked about again", async () => {
  const guard = guardOf("no");
  const replay = replayOf({ from: 1 }, guard);
  const first = await replay.decide(live(mail, "unknown"));
  expect(first).toMatchObject({ action: "block", reason: "effect" });
  expect((first as { error: Error }).error).toBeInstanceOf(RunreelEffectBlockedError);
  expect(await replay.decide(live(mail, "unknown"))).toEqual(first);
  expect(guard.questions).toHaveLength(1);
});

test("tools-recorded: tools come from the recording, models run", async () => {
  const replay = replayOf({ from: 1, mode: "tools-recorded" });
  expect(await replay.decide(live(asked))).toMatchObject({ action: "run", served: "live" });
  expect(await replay.decide(live(mail, "non_idempotent"))).toMatchObject({ action: "serve", recorded: { index: 4 } });
  expect(await replay.decide(live({ ...mail, arguments: { to: "y" } }))).toMatchObject({
    action: "block",
    reason: "divergence",
  });
});

test("recorded: nothing runs, and one step too many is a divergence with nothing expected", async () => {
  const replay = replayOf({ from: 1, mode: "recorded" });
  for (const step of steps) expect(await replay.decide(live(step))).toMatchObject({ action: "serve" });
  const verdict = await replay.decide(live(search));
  expect(verdict).toMatchObject({ action: "block", error: { divergence: { step: 5, expected: null } } });
});

test("edited arguments are what runs and what is asked about", async () => {
  const guard = guardOf("yes");
  const replay = replayOf({ from: 4, edits: [{ path: "step.4.arguments.to", value: "z" }] }, guard);
  expect(await replay.decide(live(mail, "non_idempotent"))).toMatchObject({ action: "run", arguments: { to: "z" } });
  expect(guard.questions).toMatchObject([{ step: 4, arguments: { to: "z" } }]);
});

test("what fails inside is a block", async () => {
  const hash = (): string => {
    throw new Error("no hash");
  };
  const replay = createReplay({ plan: planOf([search], { from: 1 }), hash, guard: guardOf("yes") });
  expect(await replay.decide(live(search))).toMatchObject({
    action: "block",
    reason: "failure",
    error: { code: "RUNREEL_REPLAY_FAILED" },
  });
  const rejecting: EffectGuard = { ask: () => Promise.reject(new Error("gone")) };
  expect(await replayOf({ from: 1 }, rejecting).decide(live(mail, "unknown"))).toMatchObject({
    action: "block",
    reason: "failure",
  });
});

test("a long report is cut to where the arguments differ", async () => {
  const long = (tail: string) => ["x".repeat(5_000), { tail }];
  const plan = planOf([recordedStep({ arguments: long("a") })], { from: 2 });
  const replay = createReplay({ plan, hash: contentHash, guard: guardOf("no") });
  await replay.decide(live({ kind: "tool", name: "search", arguments: long("b") }));
  expect(replay.divergence).toMatchObject({
    expected: { arguments: { at: "1.tail", start: '"a"' } },
    actual: { arguments: { at: "1.tail", start: '"b"' } },
  });
});
