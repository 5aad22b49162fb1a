import { canonicalJson } from "@runreel/content";

import { parsePath, withMember } from "./edit-path.ts";
import { messagesAtCheckpoint } from "./message-edits.ts";
import type { MessageEdit } from "./message-edits.ts";
import type { RecordedStep, ReplayPlan } from "./plan.ts";
import { RunreelReplayError } from "./replay-error.ts";

/** The part of a step that an edit changes. */
type Place = "arguments" | "result" | "raw";

/** What the person changed, sorted by where it takes effect. */
export interface Edits {
  /** What a step is run with: its own arguments, or those that the person changed. */
  argumentsOf(step: RecordedStep | undefined, live: unknown): unknown;
  /** What a served step hands back. */
  resultOf(step: RecordedStep): { recorded: RecordedStep; isResultEdited: boolean };
  readonly messages: readonly MessageEdit[];
}

interface StepEdit {
  step: RecordedStep;
  place: Place;
  keys: readonly string[];
  value: unknown;
}

/**
 * Reads the edits of a plan and tries each on the recording, so that a wrong one is told before anything runs.
 *
 * @throws RunreelReplayError RUNREEL_REPLAY_PLAN_INVALID, with every fault
 */
export function readEdits(plan: ReplayPlan): Edits {
  const faults: string[] = [];
  const ofSteps: StepEdit[] = [];
  const ofMessages: MessageEdit[] = [];
  for (const { path, value } of plan.edits) {
    try {
      const edit = readEdit(plan, parsePath(path), value);
      if ("step" in edit) ofSteps.push(edit);
      else ofMessages.push(edit);
    } catch (fault) {
      faults.push(`${path}: ${(fault as Error).message}`);
    }
  }
  if (faults.length > 0) {
    const message = `The replay's edits cannot be made:\n${faults.map((fault) => `  ${fault}`).join("\n")}`;
    throw new RunreelReplayError("RUNREEL_REPLAY_PLAN_INVALID", message);
  }
  return {
    messages: ofMessages,
    argumentsOf: (step, live) => made(ofSteps, step, "arguments", live),
    resultOf: (step) => {
      const result = made(ofSteps, step, "result", step.result);
      const raw = made(ofSteps, step, "raw", step.raw);
      return { recorded: { ...step, result, raw }, isResultEdited: result !== step.result };
    },
  };
}

function made(edits: readonly StepEdit[], step: RecordedStep | undefined, place: Place, value: unknown): unknown {
  return edits
    .filter((edit) => edit.step === step && edit.place === place)
    .reduce((edited, edit) => withMember(edited, edit.keys, edit.value), value);
}

function readEdit(plan: ReplayPlan, keys: readonly string[], value: unknown): StepEdit | MessageEdit {
  const [root, number, ...rest] = keys;
  const index = /^\d+$/.test(number ?? "") ? Number(number) : undefined;
  if (root === "step" && index !== undefined) return stepEdit(plan, index, rest, value);
  if (root === "messages" && index !== undefined) return messageEdit(plan, index, rest, value);
  throw new Error(
    "expected step.N.arguments…, step.N.result…, step.N.raw… or messages.I…, for example step.7.arguments.currency",
  );
}

function stepEdit(plan: ReplayPlan, index: number, keys: readonly string[], value: unknown): StepEdit {
  const step = plan.steps.find((candidate) => candidate.index === index);
  if (step === undefined)
    throw new Error(`the recording has no step ${index}; its steps are 1 to ${plan.steps.length}`);
  const [place, ...rest] = keys;
  if (place !== "arguments" && place !== "result" && place !== "raw") {
    throw new Error(`of step ${index}, "arguments", "result" and "raw" can be changed, not "${place ?? ""}"`);
  }
  const isServed = isServedIn(plan, step);
  if (place === "arguments" && isServed) {
    throw new Error(
      `step ${index} is served from the recording, so nothing runs with its arguments; change its result`,
    );
  }
  if (place === "arguments" && step.kind === "inference") {
    throw new Error(`step ${index} asks the model; change what it reads with messages.I…`);
  }
  if (place !== "arguments" && !isServed) {
    throw new Error(`step ${index} runs in this replay, so its recorded ${place} is not used; change its arguments`);
  }
  return tried({ step, place, keys: rest, value: place === "arguments" ? value : asTree(value) });
}

function messageEdit(plan: ReplayPlan, index: number, keys: readonly string[], value: unknown): StepEdit | MessageEdit {
  const messages = messagesAtCheckpoint(plan);
  const origin = messages[index];
  if (origin === undefined) {
    throw new Error(`the state at the checkpoint has ${messages.length} messages, counted from 0`);
  }
  if (origin.from === "conversation") {
    if (plan.mode === "recorded") {
      throw new Error("no model runs in mode recorded, so nobody would read the changed message");
    }
    // Only the host knows the form of its messages; where a step gave this one, its own form shows whether the path leads somewhere.
    const form = origin.giver?.raw ?? null;
    if (form !== null) withMember(form, keys, value);
    return { index, path: keys, value, recorded: origin.recorded };
  }
  const { step } = origin;
  if (step.raw !== null) return tried({ step, place: "raw", keys, value: asTree(value) });
  // A message without a form of its own is its result: a tool's message has nothing else to change.
  const [member, ...rest] = keys;
  const isContent = step.kind === "tool" && member === "content";
  return tried({ step, place: "result", keys: isContent ? rest : keys, value: asTree(value) });
}

function tried(edit: StepEdit): StepEdit {
  withMember(edit.step[edit.place], edit.keys, edit.value);
  return edit;
}

function isServedIn(plan: ReplayPlan, step: RecordedStep): boolean {
  if (step.index < plan.from || plan.mode === "recorded") return true;
  return plan.mode === "tools-recorded" && step.kind !== "inference";
}

/** What a person wrote as it stands in a content tree, where keys that start with `$` are escaped. */
const asTree = (value: unknown): unknown => JSON.parse(canonicalJson(value));
