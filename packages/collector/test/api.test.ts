// A run goes in as the SDK sends it, and every question is asked of the real store. Each answer has passed the schema of its route on the way out.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DiffAnswer } from "../src/query/compare-runs.ts";
import type { Checkpoint } from "../src/query/list-checkpoints.ts";
import type { Run } from "../src/query/run.ts";
import type { RecordingAnswer } from "../src/query/show-recording.ts";
import type { RunAnswer } from "../src/query/show-run.ts";
import type { SpanAnswer } from "../src/query/show-span.ts";
import type { StateAnswer } from "../src/query/show-state.ts";
import type { UsageRow } from "../src/query/show-usage.ts";
import { contentHash, failingRun, recordRun, type RecordedRun } from "./recorded-run.ts";
import { runCollector, type RunningCollector } from "./running-collector.ts";

interface RunsAnswer {
  runs: Run[];
  nextCursor: string | null;
}

let running: RunningCollector;
let failed: RecordedRun;
let replay: RecordedRun;
let open: RecordedRun;

beforeAll(async () => {
  running = await runCollector();
  const startMs = Date.now() - 10_000;
  failed = failingRun({ startMs });
  replay = failingRun({ startMs: startMs + 2000, failed: false, rate: "EUR", replayOf: failed.runId });
  open = recordRun(
    {
      root: {
        name: "invoke_agent watcher",
        from: 0,
        attributes: { "gen_ai.operation.name": "invoke_agent", "runreel.run.name": "watch" },
      },
      wait: {
        name: "wait",
        parent: "root",
        from: 10,
        attributes: { "runreel.step.kind": "code", "runreel.step.name": "wait" },
      },
    },
    { startMs: startMs + 4000 },
  );
  for (const run of [failed, replay, open]) await running.store(run.request);
});

afterAll(() => running?.stop());

describe("runs", () => {
  test("are listed newest first, a page at a time", async () => {
    const first = await running.get<RunsAnswer>("/api/runs?limit=2");
    expect(first.body.runs.map((run) => run.runId)).toEqual([open.runId, replay.runId]);
    const second = await running.get<RunsAnswer>(`/api/runs?limit=2&cursor=${first.body.nextCursor}`);
    expect(second.body).toMatchObject({ runs: [{ runId: failed.runId }], nextCursor: null });
  });

  test.each([
    ["status=error", () => [failed.runId]],
    ["status=running", () => [open.runId]],
    ["agent=researcher", () => [replay.runId, failed.runId]],
    ["model=gpt-4o-2024-08-06", () => [replay.runId, failed.runId]],
    ["conversation=thread-7&status=ok", () => [replay.runId]],
    ["q=RESEARCH", () => [replay.runId, failed.runId]],
    ["replay=rp_test", () => [replay.runId]],
    ["from=2030-01-01T00:00:00Z", () => []],
    ["to=2020-01-01T00:00:00Z", () => []],
  ])("are found by %s", async (query, expected) => {
    const { body } = await running.get<RunsAnswer>(`/api/runs?${query}`);
    expect(body.runs.map((run) => run.runId)).toEqual(expected());
  });

  test("are found by the first digits of their id", async () => {
    const { body } = await running.get<RunsAnswer>(`/api/runs?prefix=${failed.runId.slice(0, 8)}`);
    expect(body.runs.map((run) => run.runId)).toEqual([failed.runId]);
  });

  test("say how they ended and what they used", async () => {
    const { body } = await running.get<RunsAnswer>("/api/runs?status=error");
    expect(body.runs[0]).toMatchObject({
      name: "research",
      agent: { name: "researcher", version: null },
      status: "error",
      durationMs: 900,
      steps: 2,
      inferences: 1,
      toolCalls: 1,
      tokens: { input: 400, cacheRead: 600, cacheWrite: 0, output: 200, reasoning: 50 },
      error: { name: "RangeError", message: "no rate for NOK" },
      conversationId: "thread-7",
      replayOf: null,
    });
    expect(body.runs[0]!.costUsd).toMatch(/^0\.00\d+$/);
    expect(body.runs[0]!.startTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
    const replays = await running.get<RunsAnswer>("/api/runs?replay=rp_test");
    expect(replays.body.runs[0]).toMatchObject({
      replayId: "rp_test",
      replayOf: { runId: failed.runId, from: 2, mode: "live" },
    });
  });
});

describe("a run", () => {
  test("is shown step by step", async () => {
    const { body } = await running.get<RunAnswer>(`/api/runs/${failed.runId}`);
    expect(body.spans).toHaveLength(4);
    const [chat, convert] = body.steps;
    expect(chat).toMatchObject({
      index: 1,
      parentIndex: null,
      kind: "inference",
      name: "gpt-4o",
      reasoning: "I need a rate.",
      status: "ok",
      durationMs: 200,
      tokens: { input: 400, cacheRead: 600, output: 200, reasoning: 50 },
      truncated: false,
      contentMissing: false,
      arguments: {
        messages: [{ role: "user" }],
        system: [{ type: "text", content: "Be brief." }],
        tools: [{ name: "convert" }],
      },
      result: { role: "assistant", parts: [{ type: "reasoning" }, { type: "tool_call", name: "convert" }] },
    });
    expect(convert).toMatchObject({
      index: 2,
      kind: "tool",
      name: "convert",
      arguments: { from: "NOK" },
      result: null,
      error: { name: "RangeError", message: "no rate for NOK", stack: "RangeError: no rate for NOK\n    at convert" },
      effect: "read",
      callId: "call_1",
      served: "live",
      tokens: null,
    });
  });

  test("shows its open steps while it runs", async () => {
    const { body } = await running.get<RunAnswer>(`/api/runs/${open.runId}`);
    expect(body.run).toMatchObject({ name: "watch", status: "running", endTime: null, durationMs: null });
    expect(body.steps).toMatchObject([{ index: 1, name: "wait", status: "running", durationMs: null }]);
  });

  test("has spans that are shown whole", async () => {
    const { body } = await running.get<SpanAnswer>(`/api/runs/${failed.runId}/spans/${failed.spanId("convert")}`);
    expect(body).toMatchObject({
      name: "execute_tool convert",
      stepIndex: 2,
      arguments: { from: "NOK" },
      error: { name: "RangeError" },
      resource: expect.any(Object),
      events: [{ name: "exception" }],
    });
  });

  test("that does not exist, or a span of it, is not found", async () => {
    const gone = "f".repeat(32);
    for (const path of ["", "/checkpoints", "/state", "/recording", `/diff/${failed.runId}`]) {
      const { status, body } = await running.get(`/api/runs/${gone}${path}`);
      expect({ path, status, body }).toMatchObject({ status: 404, body: { error: { code: "RUNREEL_RUN_NOT_FOUND" } } });
    }
    const span = await running.get(`/api/runs/${failed.runId}/spans/${"e".repeat(16)}`);
    expect(span).toMatchObject({ status: 404, body: { error: { code: "RUNREEL_SPAN_NOT_FOUND" } } });
  });
});

describe("checkpoints", () => {
  test("stand after the step that had ended", async () => {
    const { body } = await running.get<{ checkpoints: Checkpoint[] }>(`/api/runs/${failed.runId}/checkpoints`);
    expect(body.checkpoints).toMatchObject([
      { checkpointId: "cp-1", label: "after-chat", afterStep: 1, namespace: "" },
    ]);
  });

  test("give the state, plain for people and exact for a replay", async () => {
    const { body } = await running.get<StateAnswer>(`/api/runs/${failed.runId}/state?at=1&tree=true`);
    expect(body.checkpoint.checkpointId).toBe("cp-1");
    expect(body.state).toMatchObject({
      messages: [{ role: "user" }, { role: "assistant" }],
      seen: "2026-01-02T03:04:05.000Z",
    });
    expect(body.tree).toMatchObject({ seen: { $date: "2026-01-02T03:04:05.000Z" } });
    expect((await running.get<StateAnswer>(`/api/runs/${failed.runId}/state`)).body).not.toHaveProperty("tree");
  });

  test("are not there for a run that recorded none, and not beyond its steps", async () => {
    const none = await running.get(`/api/runs/${open.runId}/state?at=0`);
    expect(none).toMatchObject({ status: 404, body: { error: { code: "RUNREEL_CHECKPOINT_NOT_FOUND" } } });
    const beyond = await running.get(`/api/runs/${failed.runId}/state?at=3`);
    expect(beyond).toMatchObject({ status: 400, body: { error: { code: "RUNREEL_REQUEST_INVALID" } } });
  });
});

test("a recording holds what a replay serves, in its exact form", async () => {
  const { body } = await running.get<RecordingAnswer>(`/api/runs/${replay.runId}/recording`);
  expect(body).toMatchObject({ runId: replay.runId, rootSpanId: replay.spanId("root"), missing: [] });
  expect(body.steps[1]).toMatchObject({
    index: 2,
    kind: "tool",
    name: "convert",
    callId: "call_1",
    argumentsHash: contentHash({ from: "EUR" }),
    arguments: { from: "EUR" },
    result: "2026-01-02T00:00:00.000Z",
    raw: { $date: "2026-01-02T00:00:00.000Z" },
    error: null,
    effect: "read",
  });
  const failing = await running.get<RecordingAnswer>(`/api/runs/${failed.runId}/recording`);
  expect(failing.body.steps[1]).toMatchObject({ raw: null, error: { name: "RangeError", message: "no rate for NOK" } });
});

test("a recording without its content says what is missing", async () => {
  const { request, runId } = recordRun({
    tool: { name: "t", from: 0, to: 1, attributes: { "runreel.step.kind": "tool" }, content: { input: { a: 1 } } },
  });
  const [resourceSpans] = (request as { resourceSpans: { scopeSpans: { spans: unknown[] }[] }[] }).resourceSpans;
  resourceSpans!.scopeSpans[0]!.spans.shift();
  await running.store(request);
  const { body } = await running.get<RecordingAnswer>(`/api/runs/${runId}/recording`);
  expect(body.missing).toEqual([{ step: 1, hash: contentHash({ a: 1 }) }]);
  const shown = await running.get<RunAnswer>(`/api/runs/${runId}`);
  expect(shown.body.steps[0]).toMatchObject({ arguments: null, contentMissing: true });
});

test("two runs are aligned step by step", async () => {
  const { body } = await running.get<DiffAnswer>(`/api/runs/${failed.runId}/diff/${replay.runId}`);
  expect(body).toMatchObject({ firstDivergence: 1, a: { runId: failed.runId }, b: { runId: replay.runId } });
  expect(body.steps.map((step) => [step.index, step.otherIndex, step.equal])).toEqual([
    [1, 1, false],
    [2, 2, false],
  ]);
  const convert = body.steps[1]!;
  expect(convert.changes.map((change) => change.field)).toEqual(["arguments", "result", "error"]);
  expect(convert.changes[0]).toEqual({ field: "arguments", a: { from: "NOK" }, b: { from: "EUR" } });
  const same = await running.get<DiffAnswer>(`/api/runs/${failed.runId}/diff/${failed.runId}`);
  expect(same.body).toMatchObject({ firstDivergence: null, steps: [{ equal: true }, { equal: true }] });
});

test("usage adds up by whatever is asked", async () => {
  const { body } = await running.get<{ rows: UsageRow[] }>("/api/usage?by=agent,model");
  expect(body.rows.find((row) => row.model === "gpt-4o-2024-08-06")).toMatchObject({
    agent: "researcher",
    inferences: 2,
    inputTokens: 800,
    cacheReadTokens: 1200,
    outputTokens: 400,
    reasoningTokens: 100,
    inferencesWithoutUsage: 0,
  });
  const hours = await running.get<{ rows: UsageRow[] }>("/api/usage?per=hour&from=2020-01-01T00:00:00Z");
  expect(hours.body.rows[0]!.time).toMatch(/:00:00\.000000000Z$/);
  expect(await running.get("/api/usage?by=colour")).toMatchObject({ status: 400 });
});

describe("SQL", () => {
  test("reads", async () => {
    const { body } = await running.post("/api/sql", {
      query: "SELECT count() AS n FROM spans WHERE tool = 'convert';",
    });
    expect(body).toEqual({ columns: [{ name: "n", type: "UInt64" }], rows: [{ n: 2 }] });
  });

  test.each([
    "DROP TABLE spans",
    "INSERT INTO runs (batch) VALUES ('x')",
    "SELECT * FROM url('http://127.0.0.1:1', 'CSV', 'a String')",
    "SELECT",
  ])("does not run %s", async (query) => {
    const { status, body } = await running.post("/api/sql", { query });
    expect({ status, body }).toMatchObject({ status: 400, body: { error: { code: "RUNREEL_SQL_REFUSED" } } });
  });

  test("is limited", async () => {
    const { status, body } = await running.post("/api/sql", { query: "SELECT * FROM numbers(100000000)" });
    expect({ status, body }).toMatchObject({ status: 422, body: { error: { code: "RUNREEL_SQL_LIMIT" } } });
  });
});

describe("the server", () => {
  test("says that it lives, is ready, and what it can be asked", async () => {
    expect(await running.get("/healthz")).toMatchObject({ status: 200, body: { status: "ok" } });
    expect(await running.get("/readyz")).toMatchObject({ status: 200, body: { ready: true } });
    const { body } = await running.get<{ paths: Record<string, unknown> }>("/openapi.json");
    expect(Object.keys(body.paths)).toEqual(
      expect.arrayContaining(["/api/runs", "/api/runs/{runId}", "/api/usage", "/api/replays/{replayId}/confirmations"]),
    );
  });

  test("names every fault of a request", async () => {
    const { status, body } = await running.get<{ error: { message: string } }>(
      "/api/runs?limit=0&from=yesterday&colour=red",
    );
    expect(status).toBe(400);
    expect(body.error.message).toContain("/limit");
    expect(body.error.message).toContain("/from");
    expect(body.error.message).toContain("colour");
  });
});
