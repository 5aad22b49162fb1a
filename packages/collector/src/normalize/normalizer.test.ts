import { decodeTracesJson } from "../decode/otlp-json.ts";
import { describe, expect, test } from "vitest";
import { NormalizedSpan, UNREPORTED } from "../model/normalized-span.ts";
import type { SpanBatch } from "../model/span-batch.ts";
import { Normalizer } from "./normalizer.ts";

// What a span of each dialect becomes; spans go in as OTLP and come out as the record that is stored.

type Value = string | number | boolean | string[];
interface SpanInput {
  name?: string;
  parent?: boolean;
  end?: string;
  status?: { code: number; message?: string };
  events?: object[];
  attributes?: Record<string, Value>;
}

const HASH = "5f1c0a4b6c0d9e8f7a6b5c4d3e2f1a0b";

describe("kinds", () => {
  test.each<[SpanInput, string, string]>([
    [{ attributes: { "gen_ai.operation.name": "chat" } }, "inference", "inference"],
    [{ attributes: { "gen_ai.operation.name": "text_completion" } }, "inference", "inference"],
    [{ attributes: { "gen_ai.operation.name": "execute_tool" } }, "tool", "tool"],
    [{ attributes: { "gen_ai.operation.name": "invoke_agent" } }, "agent", ""],
    [{ attributes: { "gen_ai.operation.name": "invoke_workflow" } }, "workflow", ""],
    [{ attributes: { "gen_ai.operation.name": "embeddings" } }, "embedding", ""],
    [{ attributes: { "gen_ai.operation.name": "retrieval" } }, "retrieval", ""],
    [{ attributes: { "gen_ai.operation.name": "constructor" } }, "other", ""],
    [{ attributes: { "gen_ai.request.model": "m", "gen_ai.usage.input_tokens": 1 } }, "inference", "inference"],
    [{ attributes: { "gen_ai.tool.name": "t", "gen_ai.tool.call.id": "1" } }, "tool", "tool"],
    [{ attributes: { "gen_ai.agent.name": "a" } }, "other", ""],
    [{ attributes: { "runreel.step.kind": "code" } }, "code", "code"],
    [{ attributes: { "runreel.step.kind": "dance" } }, "other", ""],
    [{ name: "checkpoint", attributes: { "runreel.checkpoint.id": "c" } }, "checkpoint", ""],
    [{ name: "checkpoint" }, "other", ""],
    [{ name: "GET /", attributes: { "http.request.method": "GET" } }, "other", ""],
  ])("%j is %s", (input, kind, stepKind) => {
    const span = normalized(input);
    expect([span.kind, span.stepKind]).toEqual([kind, stepKind]);
  });
});

describe("tokens", () => {
  const usage = (counts: Record<string, Value>, more: Record<string, Value> = {}): (number | null)[] => {
    const attributes = Object.fromEntries(Object.entries(counts).map(([key, value]) => [`gen_ai.usage.${key}`, value]));
    return tokens(normalized({ attributes: { "gen_ai.operation.name": "chat", ...attributes, ...more } }));
  };

  test("inclusive totals become disjoint, and what nobody reported stays unknown", () => {
    const all = { input_tokens: 1000, "cache_read.input_tokens": 600, "cache_creation.input_tokens": 100 };
    expect(usage({ ...all, output_tokens: 50, "reasoning.output_tokens": 20 })).toEqual([300, 600, 100, 50, 20]);
    expect(usage({ input_tokens: 10, output_tokens: 0 })).toEqual([10, null, null, 0, null]);
    expect(usage({})).toEqual([null, null, null, null, null]);
  });

  test("parts larger than their total mean that the total was without them", () => {
    expect(usage({ input_tokens: 211, "cache_read.input_tokens": 1024 })).toEqual([211, 1024, null, null, null]);
    expect(usage({ output_tokens: 10, "reasoning.output_tokens": 40 })).toEqual([null, null, null, 50, 40]);
  });

  test("numbers come as doubles and as text; what is no count is not taken", () => {
    expect(usage({ input_tokens: "12", output_tokens: 3.0 })).toEqual([12, null, null, 3, null]);
    expect(usage({ input_tokens: -1, output_tokens: 2.5 })).toEqual([null, null, null, null, null]);
    expect(usage({ input_tokens: "many", output_tokens: 2 ** 33 })).toEqual([null, null, null, null, null]);
  });

  test("sums on agents, cached answers and served steps are not counted, and stay as attributes", () => {
    const counts = { "gen_ai.usage.input_tokens": 5, "gen_ai.usage.reasoning.output_tokens": 1 };
    const uncounted: Record<string, Value>[] = [
      { "gen_ai.operation.name": "invoke_agent" },
      { "gen_ai.operation.name": "chat", "runreel.usage.cached": true },
      { "runreel.step.kind": "inference", "runreel.step.served": "recorded" },
    ];
    for (const attributes of uncounted) {
      const span = normalized({ attributes: { ...counts, ...attributes } });
      expect(tokens(span)).toEqual([null, null, null, null, null]);
      expect(span.isSpent).toBe(false);
      expect(attributesOf(span)).toMatchObject({ "gen_ai.usage.input_tokens": "5" });
    }
  });
});

describe("failures", () => {
  const exception = {
    name: "exception",
    timeUnixNano: "5",
    attributes: [
      { key: "exception.type", value: { stringValue: "RangeError" } },
      { key: "exception.message", value: { stringValue: "too far" } },
      { key: "exception.stacktrace", value: { stringValue: "at a\nat b" } },
    ],
  };
  const tool = { "gen_ai.operation.name": "execute_tool" };

  test.each<[string, SpanInput, string[]]>([
    ["the status says so", { status: { code: 2, message: "no" } }, ["error", "", "no"]],
    ["status and exception", { status: { code: 2 }, events: [exception] }, ["error", "RangeError", "too far"]],
    ["an error type alone", { attributes: { "error.type": "timeout" } }, ["error", "timeout", ""]],
    ["an exception got out of a tool", { attributes: tool, events: [exception] }, ["error", "RangeError", "too far"]],
    ["an exception that was handled", { events: [exception] }, ["ok", "", ""]],
    ["status ok weighs more", { attributes: { "error.type": "x" }, status: { code: 1 } }, ["ok", "x", ""]],
    ["a pause", { attributes: { "runreel.run.interrupted": true } }, ["interrupted", "", ""]],
  ])("%s", (_name, input, expected) => {
    const span = normalized(input);
    expect([span.status, span.errorType, span.statusMessage]).toEqual(expected);
  });

  test("events keep the stack", () => {
    const span = normalized({ events: [exception] });
    expect(JSON.parse(span.events)).toEqual([
      {
        name: "exception",
        timeUnixNano: "5",
        attributes: {
          "exception.type": "RangeError",
          "exception.message": "too far",
          "exception.stacktrace": "at a\nat b",
        },
      },
    ]);
  });
});

test("models, names and content of an inference", () => {
  const span = normalized({
    name: "chat gpt-5",
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-5",
      "gen_ai.response.model": "gpt-5-2025-08-07",
      "gen_ai.response.finish_reasons": ["tool_calls", "stop"],
      "gen_ai.response.time_to_first_chunk": 0.25,
      "gen_ai.input.messages": "[1]",
      "gen_ai.output.messages": ["a"],
      "gen_ai.request.temperature": 0.5,
    },
  });
  expect(span).toMatchObject({
    model: "gpt-5-2025-08-07",
    requestModel: "gpt-5",
    stepName: "gpt-5",
    finishReason: "tool_calls",
    timeToFirstChunkNs: 250_000_000,
    mapper: "genai@2",
  });
  expect(inline(span, "inlineInput")).toBe("[1]");
  expect(inline(span, "inlineOutput")).toBe('["a"]');
  expect(attributesOf(span)).toEqual({ "gen_ai.request.temperature": "0.5" });
});

test.each([
  ['["length"]', "length"],
  ["stop", "stop"],
  ["[nonsense", ""],
])("a finish reason %s as text", (text, reason) => {
  expect(normalized({ attributes: { "gen_ai.response.finish_reasons": text } }).finishReason).toBe(reason);
});

test("a run of ours that is replayed", () => {
  const span = normalized({
    attributes: {
      "runreel.run.name": "research",
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": "clerk",
      "runreel.framework": "langchain",
      "runreel.content.input": HASH,
      "runreel.content.output": "not a hash",
      "runreel.replay.id": "rp_1",
      "runreel.replay.of_run": HASH,
      "runreel.replay.from": 7,
      "runreel.replay.mode": "live",
    },
  });
  expect(span).toMatchObject({
    kind: "agent",
    runName: "research",
    agent: "clerk",
    framework: "langchain",
    replayId: "rp_1",
    replayFrom: 7,
    replayMode: "live",
    mapper: "runreel@2",
  });
  expect(Buffer.from(span.contentInput).toString("hex")).toBe(HASH);
  expect(Buffer.from(span.replayOf).toString("hex")).toBe(HASH);
  expect(attributesOf(span)).toEqual({ "runreel.content.output": "not a hash" });
});

test("start records and spans without an end are open; a record that is used again forgets", () => {
  const normalizer = new Normalizer();
  const span = new NormalizedSpan();
  const batch = batchOf([
    { attributes: { "runreel.span.pending": true, "runreel.content.input": HASH, "gen_ai.input.messages": "x" } },
    { end: "0" },
    {},
  ]);
  normalizer.begin(batch);
  const open = [0, 1, 2].map((index) => {
    normalizer.normalize(index, span);
    return span.isPending;
  });
  expect(open).toEqual([true, true, false]);
  expect(span.contentInput.every((byte) => byte === 0)).toBe(true);
  expect(span.hasInlineContent).toBe(false);
  expect(span.inlineInput.length).toBe(0);
});

function normalized(input: SpanInput): NormalizedSpan {
  const normalizer = new Normalizer();
  const span = new NormalizedSpan();
  normalizer.begin(batchOf([input]));
  normalizer.normalize(0, span);
  return span;
}

function batchOf(inputs: SpanInput[]): SpanBatch {
  const spans = inputs.map(({ name = "x", end = "9", status, events, attributes = {} }) => ({
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    name,
    startTimeUnixNano: "1",
    endTimeUnixNano: end,
    ...(status === undefined ? {} : { status }),
    ...(events === undefined ? {} : { events }),
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) })),
  }));
  return decodeTracesJson(Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })));
}

function anyValue(value: Value): object {
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

function tokens(span: NormalizedSpan): (number | null)[] {
  const { inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens, reasoningTokens } = span;
  return [inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens, reasoningTokens].map((count) =>
    count === UNREPORTED ? null : count,
  );
}

function attributesOf(span: NormalizedSpan): Record<string, string> {
  return Object.fromEntries(span.attributes.map((row) => [span.batch.key(row), span.batch.valueText(row)]));
}

function inline(span: NormalizedSpan, field: "inlineInput" | "inlineOutput"): string {
  const { bytes, at, length } = span[field];
  return bytes.toString("utf8", at, at + length);
}
