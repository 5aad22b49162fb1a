// A plan that cannot be read stops the program before anything runs, and says everything that is wrong with it.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

import { parseReplayPlan, readReplayPlan } from "./read-plan.ts";
import { planOf, recordedStep } from "../../test/replay/recording.ts";

test("a file is read", () => {
  const file = join(mkdtempSync(join(tmpdir(), "runreel-plan-")), "plan.json");
  const plan = planOf([recordedStep()]);
  writeFileSync(file, JSON.stringify(plan));
  expect(readReplayPlan(file)).toEqual(plan);
});

test("a missing file, no JSON and a foreign version are refused", () => {
  expect(() => readReplayPlan(join(tmpdir(), "no-such-plan.json"))).toThrow(/cannot be read: ENOENT/);
  expect(() => parseReplayPlan("{")).toThrow(/is no JSON/);
  expect(() => parseReplayPlan(JSON.stringify({ ...planOf([]), version: 2 }))).toThrow(/version is 2/);
});

test("all faults are told at once, with the code that docs/errors.md explains", () => {
  const broken = { ...planOf([recordedStep(), recordedStep()]), from: 0, mode: "fast", endpoint: "here", edits: [{}] };
  const error = caught(() => parseReplayPlan(JSON.stringify(broken)));
  expect(error).toMatchObject({ code: "RUNREEL_REPLAY_PLAN_INVALID" });
  for (const fault of ["from is", "mode is", "endpoint is", "edits is", "step 1 is there twice"]) {
    expect(error.message).toContain(fault);
  }
});

test("a step with an effect that nobody knows is refused", () => {
  const step = { ...recordedStep(), effect: "harmless" };
  expect(() => parseReplayPlan(JSON.stringify({ ...planOf([]), steps: [step] }))).toThrow(
    /steps\[0\] is no recorded step/,
  );
});

function caught(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error("expected a throw");
}
