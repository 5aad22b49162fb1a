import { randomUUID as nodeRandomUUID } from "node:crypto";

import { codecs } from "./content/codecs.ts";
import { globalState } from "./global-state.ts";
import { recordRun } from "./record/record-run.ts";
import type { RunOptions } from "./record/record-run.ts";
import { recordInference, recordStep, recordToolCall } from "./record/record-steps.ts";
import type { InferenceOptions, ModelRequest } from "./record/read-request.ts";
import type { Recording, StepOptions, Tool, ToolDefinition } from "./record/record-steps.ts";
import type { TraceContext } from "./record/traceparent.ts";
import type { FlushResult, Session } from "./session.ts";
import { recorder, session } from "./start.ts";
import { Ledger } from "./status.ts";
import type { Status } from "./status.ts";

interface Run {
  /**
   * Records `fn` as a run: everything that is recorded while it runs belongs to it.
   *
   * Gives what `fn` gives, which becomes the run's output, and throws what it throws.
   */
  <T>(name: string, fn: () => T, options?: RunOptions): T;
  /**
   * Sends the run that is going on here, with all that is left of it, although it was sampled out. For programs that have found something
   * in it; `reason` says what, in up to 200 characters, and stands where the run is shown. Does nothing for a run that is sent anyway, and
   * outside a run.
   */
  keep(reason: string): void;
}

export const run: Run = Object.assign(
  <T>(name: string, fn: () => T, options: RunOptions = {}): T => recordRun(recorder(), name, fn, options),
  { keep: (reason: string): void => recorder().keep?.(reason) },
);

/**
 * Records a piece of code whose result comes from outside the program, so that a replay can hand the result back.
 *
 * @throws RunreelReplayError in a replay, when the step may not run
 */
export function step<T>(name: string, fn: () => T | PromiseLike<T>, options: StepOptions = {}): Promise<T> {
  return recordStep(recording(), name, fn, options);
}

/**
 * Makes a tool whose calls are recorded.
 *
 * @throws RunreelReplayError from a call in a replay, when it may not run
 */
export function tool<A, R>(definition: ToolDefinition<A, R>): Tool<A, R> {
  return ((args: A) => recordToolCall(recording(), definition, args)) as Tool<A, R>;
}

/**
 * Records a model request and gives the provider's own answer. Messages and tokens are read from requests and answers of OpenAI's chat
 * completions and responses and of Anthropic's messages; others are recorded as they are. An answer that is streamed is recorded once it
 * has been read, and reaches the program as it comes.
 *
 * @throws RunreelReplayError in a replay, when the request may not be made
 */
export function inference<T, Q extends ModelRequest>(
  request: Q,
  fn: (request: Q) => T | PromiseLike<T>,
  options: InferenceOptions = {},
): Promise<T> {
  return recordInference(recording(), request, fn, options);
}

/** Adds a reasoning text to what is running here. */
export function reasoning(text: string): void {
  recorder().reasoning(text);
}

/** Records the state of the agent at this moment, so that a replay can begin here. Gives the checkpoint's id. */
export function checkpoint(state: unknown, label?: string): string {
  return recorder().checkpoint({ state, ...(label === undefined ? {} : { label }) });
}

/**
 * Where this is, as the W3C headers `traceparent` and `tracestate`: send them to another process and give them to `run()` there, and what
 * happens there becomes part of what is running here. Empty outside a run.
 */
export function traceContext(): TraceContext {
  return recorder().active()?.traceContext ?? {};
}

/** The time in milliseconds since the epoch, as a step: a replay gives the recorded time. */
export function now(): Promise<number> {
  return step("now", () => Date.now(), { effect: "read" });
}

/** A random number from 0 to 1, as a step: a replay gives the recorded number. */
export function random(): Promise<number> {
  return step("random", () => Math.random(), { effect: "read" });
}

/** A random UUID, as a step: a replay gives the recorded one. */
export function randomUUID(): Promise<string> {
  return step("randomUUID", () => nodeRandomUUID(), { effect: "read" });
}

const nothing: FlushResult = { delivered: 0, spooled: 0, dropped: 0, buffered: 0 };

/** Sends all that waits and tells what became of it. Never rejects. */
export function flush(): Promise<FlushResult> {
  return session()?.flush() ?? Promise.resolve(nothing);
}

/** Sends all that waits and stops recording. What is called afterwards works as if `start()` had never run. */
export function shutdown(): Promise<FlushResult> {
  return session()?.shutdown() ?? Promise.resolve(nothing);
}

/** What has become of everything recorded so far. */
export function status(): Status {
  const idle = globalState<Session>().isDisabled ? "disabled" : "idle";
  return session()?.status() ?? new Ledger().status(idle, 0);
}

function recording(): Recording {
  return { recorder: recorder(), codecs: codecs() };
}
