import { readFileSync } from "node:fs";

import type { ReplayPlan } from "./plan.ts";
import { RunreelReplayError } from "./replay-error.ts";

/**
 * Reads the file that `RUNREEL_REPLAY` names.
 *
 * @throws RunreelReplayError RUNREEL_REPLAY_PLAN_INVALID: a program that was meant to replay must never run live because of a bad file
 */
export function readReplayPlan(path: string): ReplayPlan {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw invalid(`The replay plan that RUNREEL_REPLAY names cannot be read: ${(cause as Error).message}`, cause);
  }
  return parseReplayPlan(text);
}

/** @throws RunreelReplayError RUNREEL_REPLAY_PLAN_INVALID, with every fault */
export function parseReplayPlan(text: string): ReplayPlan {
  let plan: unknown;
  try {
    plan = JSON.parse(text);
  } catch (cause) {
    throw invalid(`The replay plan is no JSON: ${(cause as Error).message}`, cause);
  }
  const faults = faultsOf(plan);
  if (faults.length > 0) throw invalid(`The replay plan cannot be used: ${faults.join("; ")}`);
  return plan as ReplayPlan;
}

const invalid = (message: string, cause?: unknown): RunreelReplayError =>
  new RunreelReplayError(
    "RUNREEL_REPLAY_PLAN_INVALID",
    `${message}. Nothing has run. Start the replay again with "runreel replay".`,
    { cause },
  );

type Unknown = Record<string, unknown>;

function faultsOf(value: unknown): string[] {
  if (!isObject(value)) return ["expected an object"];
  const faults: string[] = [];
  const expect = (isRight: boolean, fault: string): void => {
    if (!isRight) faults.push(fault);
  };
  expect(value["version"] === 1, `version is ${JSON.stringify(value["version"])}, this SDK reads version 1`);
  expect(typeof value["replayId"] === "string", "replayId is no text");
  const origin = value["origin"];
  expect(isObject(origin) && typeof origin["runId"] === "string", "origin.runId is no text");
  expect(isObject(origin) && typeof origin["rootSpanId"] === "string", "origin.rootSpanId is no text");
  expect(Number.isInteger(value["from"]) && Number(value["from"]) >= 1, "from is no whole number from 1");
  expect(
    ["recorded", "tools-recorded", "live"].includes(String(value["mode"])),
    "mode is not recorded, tools-recorded or live",
  );
  expect(["stop", "continue"].includes(String(value["onDivergence"])), "onDivergence is not stop or continue");
  expect(typeof value["endpoint"] === "string" && URL.canParse(value["endpoint"]), "endpoint is no URL");
  expect(value["apiKey"] === undefined || typeof value["apiKey"] === "string", "apiKey is no text");
  const edits = value["edits"];
  expect(Array.isArray(edits) && edits.every(isEdit), "edits is no list of {path, value}");
  const steps = value["steps"];
  if (Array.isArray(steps)) faults.push(...stepFaults(steps));
  else faults.push("steps is no list");
  return faults;
}

function stepFaults(steps: readonly unknown[]): string[] {
  const faults: string[] = [];
  const seen = new Set<unknown>();
  for (const [at, step] of steps.entries()) {
    if (!isStep(step)) faults.push(`steps[${at}] is no recorded step`);
    else if (seen.has(step["index"])) faults.push(`step ${String(step["index"])} is there twice`);
    else seen.add(step["index"]);
  }
  return faults;
}

const isObject = (value: unknown): value is Unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isTextOrNull = (value: unknown): boolean => value === null || typeof value === "string";

const isEdit = (value: unknown): boolean => isObject(value) && typeof value["path"] === "string" && "value" in value;

function isStep(value: unknown): value is Unknown {
  return (
    isObject(value) &&
    Number.isInteger(value["index"]) &&
    ["inference", "tool", "code"].includes(String(value["kind"])) &&
    typeof value["name"] === "string" &&
    isTextOrNull(value["callId"]) &&
    isTextOrNull(value["argumentsHash"]) &&
    ["none", "read", "idempotent", "non_idempotent", "unknown"].includes(String(value["effect"])) &&
    isErrorOrNull(value["error"])
  );
}

const isErrorOrNull = (value: unknown): boolean =>
  value === null || (isObject(value) && typeof value["name"] === "string" && typeof value["message"] === "string");
