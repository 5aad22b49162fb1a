import type { Codec } from "@runreel/content";

import { answerOutcome } from "./answer.ts";
import { describeRequest } from "./read-request.ts";
import type { InferenceOptions, ModelRequest } from "./read-request.ts";
import { nameText } from "./name-text.ts";
import type { Effect } from "./outcome.ts";
import type { InferenceRequest, Recorder } from "./recorder.ts";
import { assembleAnswer } from "./streamed-answer.ts";
import { takeStep } from "./take-step.ts";

export interface StepOptions {
  /** What running the step does to the world; `unknown` unless given, which a replay treats like `non_idempotent`. */
  effect?: Effect;
}

/** A tool whose calls are recorded. */
export interface ToolDefinition<A, R> {
  name: string;
  description?: string;
  /** What a call does to the world; `unknown` unless given, which a replay treats like `non_idempotent`: it asks before it runs. */
  effect?: Effect;
  execute(args: A): R | PromiseLike<R>;
}

/** A tool as the program calls it; without arguments where `execute` needs none. */
export type Tool<A, R> = undefined extends A ? (args?: A) => Promise<R> : (args: A) => Promise<R>;

/** Where a step is recorded, with the codecs that give back what a replay serves. */
export interface Recording {
  recorder: Recorder;
  codecs: readonly Codec[];
}

/** Runs a piece of code whose result comes from outside the program. */
export async function recordStep<T>(
  { recorder, codecs }: Recording,
  givenName: string,
  fn: () => T | PromiseLike<T>,
  options: StepOptions,
): Promise<T> {
  if (isPlain(recorder)) return await fn();
  const name = nameText(givenName);
  const effect = effectOf(options);
  return await takeStep<T>(recorder, {
    kind: "code",
    name,
    arguments: null,
    effect,
    codecs,
    open: ({ served, confirmedBy }) => recorder.beginCode(withVerdict({ name, effect }, served, confirmedBy)),
    perform: fn,
    describe: (output) => ({ output }),
  });
}

/** Runs a call of a tool. */
export async function recordToolCall<A, R>(
  { recorder, codecs }: Recording,
  definition: ToolDefinition<A, R>,
  args: A,
): Promise<R> {
  if (isPlain(recorder)) return await definition.execute(args);
  const request = describeTool(definition);
  const { name, effect } = request;
  // A call without arguments is recorded as one with null, so that a replay finds it again.
  const recorded = args === undefined ? null : args;
  return await takeStep<R>(recorder, {
    kind: "tool",
    name,
    arguments: recorded,
    effect,
    codecs,
    open: (verdict) =>
      recorder.beginTool(
        withVerdict({ ...request, arguments: verdict.arguments }, verdict.served, verdict.confirmedBy),
      ),
    perform: (verdict) => definition.execute(verdict.arguments === recorded ? args : (verdict.arguments as A)),
    describe: (output) => ({ output }),
  });
}

/** Makes a model request and gives the provider's own answer. */
export async function recordInference<T, Q extends ModelRequest>(
  { recorder, codecs }: Recording,
  given: Q,
  fn: (request: Q) => T | PromiseLike<T>,
  options: InferenceOptions,
): Promise<T> {
  if (isPlain(recorder)) return await fn(given);
  const request = describeRequest(given, options);
  const { model, messages } = request;
  return await takeStep<T>(recorder, {
    kind: "inference",
    name: model,
    arguments: messages,
    effect: "read",
    codecs,
    open: (verdict) =>
      recorder.beginInference(
        withVerdict({ ...request, messages: verdict.arguments as unknown[] }, verdict.served, undefined),
      ),
    // The program's own messages, unless a replay has changed them.
    perform: (verdict) => fn(verdict.arguments === messages ? given : withMessages(given, verdict.arguments)),
    describe: answerOutcome,
    assemble: assembleAnswer,
  });
}

/** What is recorded of a tool. A definition that is none fails when the tool is called, as it would without us. */
function describeTool<A, R>(definition: ToolDefinition<A, R>): { name: string; effect: Effect; description?: string } {
  try {
    const { name, description } = definition;
    const request = { name: nameText(name), effect: effectOf(definition) };
    return description === undefined ? request : { ...request, description };
  } catch {
    return { name: "unreadable", effect: "unknown" };
  }
}

function effectOf(of: { effect?: Effect } | null | undefined): Effect {
  try {
    return of?.effect ?? "unknown";
  } catch {
    return "unknown";
  }
}

function withMessages<Q extends ModelRequest>(given: Q, messages: unknown): Q {
  return { ...given, [given.messages === undefined && given.input !== undefined ? "input" : "messages"]: messages };
}

/** A replay decides also where nothing is recorded. */
function isPlain(recorder: Recorder): boolean {
  return !recorder.enabled && recorder.replay === undefined;
}

function withVerdict<R extends object>(
  request: R,
  served: InferenceRequest["served"],
  confirmedBy: string | undefined,
): R & { served?: NonNullable<typeof served>; confirmedBy?: string } {
  return {
    ...request,
    ...(served === undefined ? {} : { served }),
    ...(confirmedBy === undefined ? {} : { confirmedBy }),
  };
}
