import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { PassThrough } from "node:stream";

import { expect, test } from "vitest";

import type { Question } from "../answers.ts";
import { failedRun, runWith, stepWith } from "../print/failed-run.fixture.ts";
import { createPerson } from "./ask-person.ts";
import { parseConfirmation } from "./confirmation.ts";
import { exitCodeOf, summarize } from "./outcome.ts";
import { parseEdit } from "./parse-edit.ts";
import { writePlanFile } from "./plan-file.ts";

test("The value of --set is JSON where it can be read as JSON, otherwise text", () => {
  expect(parseEdit("step.7.arguments.from=NOK")).toEqual({ path: "step.7.arguments.from", value: "NOK" });
  expect(parseEdit("step.7.arguments.amount=4950")).toEqual({ path: "step.7.arguments.amount", value: 4950 });
  expect(parseEdit('step.7.arguments.text="4950"')).toMatchObject({ value: "4950" });
  expect(parseEdit("messages.3.content=a=b")).toEqual({ path: "messages.3.content", value: "a=b" });
  expect(() => parseEdit("step.7.arguments.from")).toThrow("expected path=value");
  expect(() => parseEdit("temperature=1")).toThrow("names nothing that can be changed");
});

test("--confirm is a way to be asked, or the steps that are confirmed beforehand", () => {
  expect(parseConfirmation("deny").way).toBe("deny");
  expect([...parseConfirmation("8, 11").confirmedSteps]).toEqual([8, 11]);
  expect(() => parseConfirmation("yes")).toThrow("expected ask, deny, stdin");
});

const question: Question = {
  questionId: "q1",
  step: 11,
  kind: "tool",
  name: "send_mail",
  arguments: { to: "ada@example.com" },
  effect: "non_idempotent",
};

function personWith(confirm: string, input = new PassThrough()): { ask: () => Promise<string>; told: string[] } {
  const told: string[] = [];
  const person = createPerson({
    confirmation: parseConfirmation(confirm),
    input: input as unknown as NodeJS.ReadStream,
    output: new PassThrough() as unknown as NodeJS.WriteStream,
    tell: (text) => told.push(text),
  });
  return { ask: () => person(question, new AbortController().signal), told };
}

test("Without a terminal the answer is no, and the question with its arguments is shown all the same", async () => {
  const { ask, told } = personWith("ask");
  await expect(ask()).resolves.toBe("no");
  expect(told.join("\n")).toContain('"to": "ada@example.com"');
  expect(told.join("\n")).toContain("send_mail, which cannot be taken back");
});

test("A step that is named on the command line is confirmed, another is not", async () => {
  await expect(personWith("11").ask()).resolves.toBe("yes");
  await expect(personWith("8").ask()).resolves.toBe("no");
  await expect(personWith("deny").ask()).resolves.toBe("no");
});

test("Answers from standard input: only a clear yes is one, and the end of input is a no", async () => {
  const input = new PassThrough();
  const { ask } = personWith("stdin", input);
  input.write("yes\nmaybe\n");
  await expect(ask()).resolves.toBe("yes");
  await expect(ask()).resolves.toBe("no");
  input.end();
  await expect(ask()).resolves.toBe("no");
});

test("A question whose program has gone is not answered with yes", async () => {
  const person = createPerson({
    confirmation: parseConfirmation("stdin"),
    input: new PassThrough() as unknown as NodeJS.ReadStream,
    output: new PassThrough() as unknown as NodeJS.WriteStream,
    tell: () => undefined,
  });
  const gone = new AbortController();
  const answer = person(question, gone.signal);
  gone.abort();
  await expect(answer).resolves.toBe("no");
});

test("The plan can be read by its user alone and is gone afterwards", async () => {
  const plan = await writePlanFile({ version: 1 });
  expect((await stat(plan.path)).mode & 0o777).toBe(0o600);
  expect((await stat(dirname(plan.path))).mode & 0o777).toBe(0o700);
  await plan.remove();
  await expect(stat(dirname(plan.path))).rejects.toThrow("ENOENT");
});

test("A replay ends with the reason that comes first: divergence, an effect not confirmed, the program's failure", () => {
  const asked = { originRunId: failedRun.run.runId, from: 7, mode: "live" as const };
  const steps = ["recorded", "recorded", "live", "confirmed", "blocked"].map((served, at) =>
    stepWith({ index: at + 1, kind: "tool", name: "t", served }),
  );
  const blocked = summarize(asked, { ...failedRun, run: runWith({ status: "error" }), steps });
  expect(blocked).toMatchObject({ served: 2, executed: 2, confirmed: 1, blocked: 1, divergence: null });
  expect(exitCodeOf(blocked, { code: 1 }, "stop")).toBe(4);
  const diverged = { ...blocked, divergence: { step: 3, expected: null, actual: null } };
  expect(exitCodeOf(diverged, { code: 1 }, "stop")).toBe(3);
  const done = { ...blocked, blocked: 0, status: "ok" };
  expect(exitCodeOf(done, { code: 0 }, "stop")).toBe(0);
  expect(exitCodeOf(done, { code: 7 }, "stop")).toBe(1);
  expect(exitCodeOf({ ...done, status: "error" }, { code: 0 }, "stop")).toBe(1);
});
