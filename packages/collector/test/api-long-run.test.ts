// A conversation that is longer than an answer may be: cut for reading, whole where one asks for it, and a run that nobody hears of any more.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Run } from "../src/query/run.ts";
import type { RecordingAnswer } from "../src/query/show-recording.ts";
import type { RunAnswer } from "../src/query/show-run.ts";
import type { SpanAnswer } from "../src/query/show-span.ts";
import type { StateAnswer } from "../src/query/show-state.ts";
import { recordRun } from "./recorded-run.ts";
import { runCollector, type RunningCollector } from "./running-collector.ts";

let running: RunningCollector;

beforeAll(async () => {
  running = await runCollector({ query: { valueMaxBytes: 2000 }, runs: { silentAfterMs: 1000 } });
});

afterAll(() => running?.stop());

const message = (at: number): unknown => ({
  role: "user",
  parts: [{ type: "text", content: `${at} ${"word ".repeat(60)}` }],
});

test("a long conversation is cut to its newest messages, and is whole in the span and the recording", async () => {
  const input = Array.from({ length: 300 }, (_, at) => message(at));
  const run = recordRun({
    chat: {
      name: "chat m",
      from: 0,
      to: 10,
      attributes: { "runreel.step.kind": "inference", "runreel.step.name": "m" },
      content: { input, output: { role: "assistant", parts: [{ type: "text", content: "long ".repeat(1000) }] } },
    },
  });
  await running.store(run.request);

  const shown = await running.get<RunAnswer>(`/api/runs/${run.runId}`);
  const [step] = shown.body.steps;
  expect(step).toMatchObject({ truncated: true, contentMissing: false, result: { role: "assistant" } });
  const { messages } = step!.arguments as { messages: unknown[] };
  expect(messages.at(-1)).toEqual(message(299));
  expect(messages.length).toBeGreaterThan(1);
  expect(JSON.stringify(messages).length).toBeLessThan(4000);

  const span = await running.get<SpanAnswer>(`/api/runs/${run.runId}/spans/${run.spanId("chat")}`);
  expect(span.body).toMatchObject({ truncated: false, arguments: { messages: input } });
  const recording = await running.get<RecordingAnswer>(`/api/runs/${run.runId}/recording`);
  expect(recording.body.steps[0]!.arguments).toEqual(input);
});

test("a newest message that is too large itself is cut", async () => {
  const large = { role: "user", parts: [{ type: "text", content: "x".repeat(9000) }] };
  const run = recordRun({
    chat: {
      name: "chat m",
      from: 0,
      to: 10,
      attributes: { "runreel.step.kind": "inference" },
      content: { input: [...Array.from({ length: 50 }, (_, at) => message(at)), large] },
    },
  });
  await running.store(run.request);
  const { body } = await running.get<RunAnswer>(`/api/runs/${run.runId}`);
  const { messages } = body.steps[0]!.arguments as { messages: { parts: { content: string }[] }[] };
  expect(messages).toHaveLength(1);
  expect(messages[0]!.parts[0]!.content).toMatch(/^x+… \(\d+ more characters\)$/);
});

test("a long text alone, which has no tree, is read like any value", async () => {
  const text = "what the tool wrote. ".repeat(1000);
  const tool = (output: string) => ({
    tool: {
      name: "t",
      from: 0,
      to: 1,
      attributes: { "runreel.step.kind": "tool", "runreel.step.name": "t" },
      content: { input: { a: 1 }, output },
    },
    after: {
      name: "checkpoint",
      from: 2,
      to: 2,
      attributes: { "runreel.checkpoint.id": "cp" },
      content: { state: output },
    },
  });
  const run = recordRun(tool(text));
  const other = recordRun(tool(`${text}and more`));
  await running.store(run.request);
  await running.store(other.request);

  const shown = await running.get<RunAnswer>(`/api/runs/${run.runId}`);
  expect(shown.body.steps[0]).toMatchObject({ truncated: true, contentMissing: false });
  expect(shown.body.steps[0]!.result).toMatch(/^(what the tool wrote\. )+.*… \(\d+ more characters\)$/);
  const span = await running.get<SpanAnswer>(`/api/runs/${run.runId}/spans/${run.spanId("tool")}`);
  expect(span.body).toMatchObject({ truncated: false, result: text });
  const recording = await running.get<RecordingAnswer>(`/api/runs/${run.runId}/recording`);
  expect(recording.body).toMatchObject({ missing: [], steps: [{ result: text, raw: null }] });
  const state = await running.get<StateAnswer>(`/api/runs/${run.runId}/state?tree=true`);
  expect(state.body).toMatchObject({ state: text, tree: text });
  const diff = await running.get(`/api/runs/${run.runId}/diff/${other.runId}`);
  expect(diff.body).toMatchObject({ firstDivergence: 1, steps: [{ changes: [{ field: "result" }] }] });
});

test("values that differ where they are cut are not called equal", async () => {
  const withEnd = (end: string) => ({
    tool: {
      name: "t",
      from: 0,
      to: 1,
      attributes: { "runreel.step.kind": "tool", "runreel.step.name": "t" },
      content: { input: { text: `${"same ".repeat(5000)}${end}` } },
    },
  });
  const a = recordRun(withEnd("one"));
  const b = recordRun(withEnd("two"));
  await running.store(a.request);
  await running.store(b.request);
  const { body } = await running.get(`/api/runs/${a.runId}/diff/${b.runId}`);
  expect(body).toMatchObject({ firstDivergence: 1, steps: [{ equal: false, changes: [{ field: "arguments" }] }] });
});

test("an open run that nobody hears of is silent, and a finished step does not stay open", async () => {
  const root = { name: "invoke_agent quiet", from: 0, attributes: { "gen_ai.operation.name": "invoke_agent" } };
  const tool = {
    name: "t",
    parent: "root",
    from: 5,
    attributes: { "runreel.step.kind": "tool", "runreel.step.name": "t" },
  };
  const run = recordRun({ root, tool });
  await running.store(run.request);
  const ended = recordRun({ root, tool: { ...tool, to: 50 } }, { runId: run.runId });
  await running.store(ended.request);
  const { body } = await running.get<RunAnswer>(`/api/runs/${run.runId}`);
  expect(body.run.status).toBe("running");
  expect(body.steps).toMatchObject([{ index: 1, status: "ok", durationMs: 45 }]);
  await sleep(1200);
  const listed = await running.get<{ runs: Run[] }>("/api/runs?status=silent");
  expect(listed.body.runs).toMatchObject([{ runId: run.runId, status: "silent", steps: 1 }]);
});
