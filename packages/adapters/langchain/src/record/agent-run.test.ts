// When a run is over, read from what its hooks see: the answer, the host's abort after a fatal error, a pause, a saved state.
import { AsyncLocalStorage } from "node:async_hooks";

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { MemorySpan } from "../../test/memory-recorder.ts";
import { AgentRun } from "./agent-run.ts";
import type { HookEnd } from "./agent-run.ts";
import type { SavedState } from "./way-out.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

type Options = Partial<ConstructorParameters<typeof AgentRun>[1]>;

function runOf(options: Options = {}) {
  const span = new MemorySpan(new AsyncLocalStorage(), { kind: "run", name: "agent", parent: undefined, request: {} });
  const onEnd = vi.fn<() => void>();
  const run = new AgentRun(span, { place: "root", ...options, onEnd });
  return { run, span, onEnd };
}

const answered = { kind: "answered", output: "done" } as const;
const wentOn = { kind: "went-on" } as const;
const failed = { kind: "failed", error: new Error("bad") } as const;
const settled = () => vi.advanceTimersByTimeAsync(250);

test("a run of its own waits a moment after the answer, and ends at the time of the answer", async () => {
  const { run, span, onEnd } = runOf();
  run.enter({});
  run.leave(answered);
  const answeredAtMs = Date.now();
  expect(span.ended).toBe(false);
  await settled();
  expect(span.outcome).toEqual({ output: "done", endTimeMs: answeredAtMs });
  expect(onEnd).toHaveBeenCalledOnce();
});

test("a guard that sends the model to work again keeps the run open", async () => {
  const { run, span } = runOf();
  run.enter({});
  run.leave(answered);
  await vi.advanceTimersByTimeAsync(200);
  run.enter({});
  await settled();
  expect(span.ended).toBe(false);
  run.leave(answered);
  await settled();
  expect(span.ended).toBe(true);
});

test("inside another run it ends with its answer", () => {
  const { run, span } = runOf({ place: "inside" });
  run.enter({});
  run.leave(answered);
  expect(span.outcome).toMatchObject({ output: "done" });
});

test("a flush ends what only waits, and nothing that works", () => {
  const { run, span } = runOf();
  run.enter({});
  run.settle();
  run.leave(wentOn);
  run.settle();
  expect(span.ended).toBe(false);
  run.enter({});
  run.leave(answered);
  run.settle();
  expect(span.ended).toBe(true);
});

test("after a fatal error the run ends when the last of its parallel tools has", () => {
  const { run, span } = runOf();
  const abort = new AbortController();
  run.enter(abort);
  run.enter(abort);
  run.leave(failed);
  abort.abort();
  expect(span.ended).toBe(false);
  run.leave(wentOn);
  expect(span.outcome).toMatchObject({ error: failed.error });
});

test("an error that somebody handles is none of the run's", async () => {
  const { run, span } = runOf();
  run.enter({});
  run.leave(failed);
  run.enter({});
  run.leave(answered);
  await settled();
  expect(span.outcome).toMatchObject({ output: "done" });
});

test("an abort of the user ends the run with its reason", () => {
  const { run, span } = runOf();
  const abort = new AbortController();
  run.enter(abort);
  run.leave(wentOn);
  abort.abort(new Error("enough"));
  expect(span.outcome).toMatchObject({ error: { message: "enough" } });
});

test.each([
  ["__interrupt__", { value: "may I?" }, { interrupted: true }],
  [
    "__error__",
    { name: "RangeError", message: "out of steps" },
    { error: { name: "RangeError", message: "out of steps" } },
  ],
])("%s in the saved state of a run that has gone quiet", async (channel, value, outcome) => {
  const { run, span } = runOf({ savedState: async () => ({ pendingWrites: [["task", channel, value]] }) });
  run.enter({});
  run.leave(wentOn);
  await settled();
  expect(span.outcome).toMatchObject(outcome);
});

test("a run that says nothing is looked at ten times, then left to the collector", async () => {
  const savedState = vi.fn<() => Promise<SavedState>>().mockRejectedValue(new Error("gone"));
  const { run, span } = runOf({ savedState });
  run.enter({});
  run.leave(wentOn);
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  expect(savedState).toHaveBeenCalledTimes(10);
  expect(span.ended).toBe(false);
});

test("the host's last step, with more to do, ends the run as failed; by the limit of the invocation that began with it", async () => {
  const { run, span } = runOf();
  const step = (langgraph_step: number) => ({ recursionLimit: 3, metadata: { langgraph_step } });
  for (const at of [5, 6, 6]) {
    run.enter(step(at));
    run.leave(wentOn);
    await settled();
    expect(span.ended).toBe(false);
  }
  run.enter(step(7));
  run.leave(wentOn);
  await settled();
  expect(span.outcome?.error).toMatchObject({
    name: "GraphRecursionError",
    message: expect.stringContaining("Recursion limit of 3 reached"),
  });
});

test.each<{ title: string; ends: HookEnd[]; outcome: unknown }>([
  { title: "an answer", ends: [wentOn, answered], outcome: expect.objectContaining({ output: "done" }) },
  { title: "a command that may lead to the end", ends: [{ kind: "led-on" }, wentOn], outcome: undefined },
])("in the host's last step, $title decides", async ({ ends, outcome }) => {
  const { run, span } = runOf();
  for (const _ of ends) run.enter({ recursionLimit: 1, metadata: { langgraph_step: 1 } });
  for (const end of ends) run.leave(end);
  await settled();
  expect(span.outcome).toEqual(outcome);
});

test("an invocation after an answer begins to count anew", async () => {
  const { run, span } = runOf();
  run.enter({ recursionLimit: 2, metadata: { langgraph_step: 1 } });
  run.leave(answered);
  for (const langgraph_step of [4, 5]) {
    expect(span.ended).toBe(false);
    run.enter({ recursionLimit: 2, metadata: { langgraph_step } });
    run.leave(wentOn);
  }
  await settled();
  expect(span.outcome?.error).toMatchObject({ name: "GraphRecursionError" });
});

function agentIn(place: "graph" | "root" = "graph") {
  const graph = runOf({ place });
  return {
    graph,
    one: runOf({ place: "inside", around: graph.run }),
    two: runOf({ place: "inside", around: graph.run }),
  };
}

test("a graph is as busy as its agents, and ends with the answer of the last", async () => {
  const { graph, one, two } = agentIn();
  one.run.enter({});
  one.run.leave(answered);
  expect(one.span.ended).toBe(true);
  await vi.advanceTimersByTimeAsync(4_000);
  two.run.enter({});
  await vi.advanceTimersByTimeAsync(60_000);
  expect(graph.span.ended).toBe(false);
  two.run.leave({ kind: "answered", output: "all done" });
  const answeredAtMs = Date.now();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(graph.span.outcome).toEqual({ output: "all done", endTimeMs: answeredAtMs });
});

test("an agent's failure that the graph handles is none of the graph's", async () => {
  const { graph, one, two } = agentIn();
  const ofNode = new AbortController();
  one.run.enter(ofNode);
  one.run.leave(failed);
  ofNode.abort();
  expect(one.span.outcome).toMatchObject({ error: failed.error });
  two.run.enter({});
  two.run.leave(answered);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(graph.span.outcome).toMatchObject({ output: "done" });
});

test("what aborts the whole invocation ends the graph and what is open inside", () => {
  const { graph, one } = agentIn();
  const all = new AbortController();
  one.run.enter({ configurable: { __pregel_abort_signals: { externalAbortSignal: all.signal } } });
  one.run.leave(wentOn);
  all.abort(new Error("enough"));
  for (const { span } of [graph, one]) expect(span.outcome).toMatchObject({ error: { message: "enough" } });
});

test("a pause of the graph is one of the agent that waits inside", async () => {
  const { graph, one } = agentIn();
  one.run.enter({});
  one.run.leave(wentOn);
  graph.run.pause();
  graph.run.settle();
  for (const { span } of [graph, one]) expect(span.outcome).toMatchObject({ interrupted: true });
});
