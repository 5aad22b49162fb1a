import { canonicalJson } from "@runreel/content";

import type { StepKind } from "../record/outcome.ts";
import type { RecordedStep } from "./plan.ts";
import { RunreelDivergenceError } from "./replay-error.ts";
import type { DivergedStep, Divergence } from "./replay-error.ts";

interface LiveStep {
  kind: StepKind;
  name: string;
  arguments: unknown;
}

/** Arguments longer than this are cut to where they first differ, so that a report stays readable and a span small. */
const REPORTED_MAX_LENGTH = 2_048;

/** Reports that the program took another step than the recording holds. */
export function divergenceError(
  expected: RecordedStep | undefined,
  actual: LiveStep,
  end: number,
): RunreelDivergenceError {
  const step = expected?.index ?? end;
  const where = expected === undefined ? [] : firstDifference(expected.arguments, actual.arguments);
  const divergence: Divergence = {
    step,
    expected: expected === undefined ? null : reported(expected, where),
    actual: reported(actual, where),
  };
  return new RunreelDivergenceError(divergence, messageOf(divergence, where));
}

function messageOf({ step, expected, actual }: Divergence, where: readonly string[]): string {
  const took = `${actual.kind} ${actual.name}`;
  if (expected === null)
    return `The replay diverged: the program takes ${took}, but the recording ends before step ${step}`;
  if (expected.kind !== actual.kind || expected.name !== actual.name) {
    return `The replay diverged at step ${step}: expected ${expected.kind} ${expected.name}, the program takes ${took}`;
  }
  const place = where.length === 0 ? "" : ` at ${where.join(".")}`;
  const values = `expected ${short(expected.arguments)}, got ${short(actual.arguments)}`;
  return `The replay diverged at step ${step}: ${took} has other arguments${place}; ${values}`;
}

function reported(step: LiveStep, where: readonly string[]): DivergedStep {
  const { kind, name } = step;
  if (canonicalJson(step.arguments).length <= REPORTED_MAX_LENGTH) return { kind, name, arguments: step.arguments };
  const part = where.reduce<unknown>(
    (value, key) => (value as Record<string, unknown> | undefined)?.[key],
    step.arguments,
  );
  return { kind, name, arguments: { at: where.join("."), start: canonicalJson(part).slice(0, REPORTED_MAX_LENGTH) } };
}

const short = (value: unknown): string => {
  const text = canonicalJson(value);
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
};

/** The keys that lead to the first place where two values differ. */
function firstDifference(a: unknown, b: unknown): string[] {
  if (!isContainer(a) || !isContainer(b) || Array.isArray(a) !== Array.isArray(b)) return [];
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    if (canonicalJson(left[key]) !== canonicalJson(right[key])) return [key, ...firstDifference(left[key], right[key])];
  }
  return [];
}

const isContainer = (value: unknown): boolean => typeof value === "object" && value !== null;
