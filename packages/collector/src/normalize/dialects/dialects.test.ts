import { describe, expect, test } from "vitest";
import { decodeTracesJson } from "../../decode/otlp-json.ts";
import { NormalizedSpan, UNREPORTED } from "../../model/normalized-span.ts";
import { Normalizer } from "../normalizer.ts";
import { foreign } from "./index.ts";
import { genai } from "./genai.ts";
import { genaiVariants } from "./genai-variants.ts";
import { otel } from "./otel.ts";

// What single keys of foreign dialects mean. Whole captures are in golden.test.ts.

type Value = string | number;
type Attributes = Record<string, Value>;

test("no key belongs to two dialects", () => {
  const keys = [...Object.values(foreign), genai, genaiVariants, otel].flatMap((dialect) => Object.keys(dialect));
  expect(keys.filter((key, place) => keys.indexOf(key) !== place)).toEqual([]);
});

describe("kinds", () => {
  test.each<[Attributes, string]>([
    [{ "openinference.span.kind": "LLM", "llm.token_count.prompt": 1 }, "inference"],
    [{ "openinference.span.kind": "LLM", "llm.output_messages.0.message.role": "assistant" }, "inference"],
    [{ "openinference.span.kind": "LLM", "output.value": "a prompt" }, "other"],
    [{ "openinference.span.kind": "RERANKER" }, "retrieval"],
    [{ "openinference.span.kind": "CHAIN" }, "workflow"],
    [{ "openinference.span.kind": "constructor" }, "other"],
    [{ "traceloop.span.kind": "task", "gen_ai.operation.name": "execute_tool" }, "tool"],
    [{ "llm.request.type": "chat", "gen_ai.usage.prompt_tokens": 3 }, "inference"],
    [{ "ai.operationId": "ai.streamText" }, "agent"],
    [{ "ai.operationId": "ai.streamText.doStream" }, "inference"],
    [{ "ai.operationId": "ai.embed.doEmbed" }, "embedding"],
    [{ "langfuse.observation.type": "generation", "langfuse.observation.output": "hi" }, "inference"],
    [{ "langsmith.span.kind": "prompt" }, "other"],
    [{ "mlflow.spanType": '"TOOL"' }, "tool"],
    [{ "mlflow.spanType": '"CHAT_MODEL' }, "other"],
  ])("%j is %s", (attributes, kind) => {
    expect(read(attributes).kind).toBe(kind);
  });

  test("a chain below another span is a step, and a model's span that failed is an inference", () => {
    expect(read({ "openinference.span.kind": "CHAIN" }, { parent: true }).kind).toBe("other");
    expect(read({ "openinference.span.kind": "LLM" }, { status: 2 }).kind).toBe("inference");
  });

  test("the scope tells what a tool's name cannot", () => {
    const merged = { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "(merged tools)" };
    expect(read(merged, { scope: "gcp.vertex.agent" }).kind).toBe("other");
    expect(read(merged).kind).toBe("tool");
  });

  test("of a streamed call in two spans the one with usage counts", () => {
    const chat = { "gen_ai.operation.name": "chat", "gen_ai.request.model": "m" };
    expect(read(chat, { scope: "logfire.openai" }).kind).toBe("other");
    expect(read({ ...chat, "gen_ai.usage.input_tokens": 1 }, { scope: "logfire.openai" }).kind).toBe("inference");
    expect(read(chat, { scope: "logfire.openai", status: 2 }).kind).toBe("inference");
    expect(read(chat).kind).toBe("inference");
  });
});

describe("tokens", () => {
  test.each<[string, object, (number | null)[]]>([
    [
      "OpenAI's",
      {
        prompt_tokens: 100,
        completion_tokens: 20,
        total_tokens: 120,
        prompt_tokens_details: { cached_tokens: 60 },
        completion_tokens_details: { reasoning_tokens: 5 },
      },
      [40, 60, null, 20, 5],
    ],
    [
      "Langfuse's own",
      { input: 40, input_cache_read: 60, output: 15, output_reasoning: 5, total: 120 },
      [40, 60, null, 20, 5],
    ],
    [
      "Langfuse's, with the cache inside",
      { input: 100, input_cache_read: 60, output: 20, total: 120 },
      [40, 60, null, 20, null],
    ],
    ["Anthropic's own", { input_tokens: 40, cache_read_input_tokens: 60, output_tokens: 2 }, [40, 60, null, 2, null]],
    [
      "Anthropic's with a sum over it",
      { input_tokens: 100, cache_read_input_tokens: 60, output_tokens: 2, total_tokens: 102 },
      [40, 60, null, 2, null],
    ],
    [
      "LangChain's",
      { input_tokens: 100, output_tokens: 2, input_token_details: { cache_read: 60, cache_creation: 30 } },
      [10, 60, 30, 2, null],
    ],
    ["of a word", { input: "many" }, [null, null, null, null, null]],
  ])("%s object of usage", (_name, usage, expected) => {
    const json = JSON.stringify(usage);
    const type = { "langfuse.observation.type": "generation", "langfuse.observation.output": "x" };
    expect(tokens(read({ ...type, "langfuse.observation.usage_details": json }))).toEqual(expected);
  });

  test.each(["", "{", "null", "[1]", "3"])("usage %j is none", (json) => {
    const span = read({ "gen_ai.operation.name": "chat", "gen_ai.usage.raw": json });
    expect(tokens(span)).toEqual([null, null, null, null, null]);
  });

  test("a sum beside tells that the input has no cache in it, though it is larger", () => {
    const counts = { "llm.token_count.prompt": 100, "llm.token_count.prompt_details.cache_read": 60 };
    const call = { "openinference.span.kind": "LLM", ...counts, "llm.token_count.completion": 2 };
    expect(tokens(read({ ...call, "llm.token_count.total": 162 }))).toEqual([100, 60, null, 2, null]);
    expect(tokens(read({ ...call, "llm.token_count.total": 102 }))).toEqual([40, 60, null, 2, null]);
  });

  test("the name of today counts, whichever comes first, and the other one stays", () => {
    const chat = { "gen_ai.operation.name": "chat" };
    const older = { "gen_ai.usage.prompt_tokens": 7 };
    const newer = { "gen_ai.usage.input_tokens": "5" };
    for (const counts of [
      { ...older, ...newer },
      { ...newer, ...older },
    ]) {
      const span = read({ ...chat, ...counts });
      expect(tokens(span)).toEqual([5, null, null, null, null]);
      expect(keptOf(span)).toEqual(["gen_ai.usage.prompt_tokens"]);
    }
  });
});

describe("what happened", () => {
  test("failures that the status does not tell", () => {
    const langfuse = { "langfuse.observation.type": "tool", "langfuse.observation.level": "ERROR" };
    const span = read({ ...langfuse, "langfuse.observation.status_message": "timed out" });
    expect([span.tool, span.status, span.statusMessage]).toEqual(["x", "error", "timed out"]);
    expect(read({ "langfuse.observation.level": "WARNING" }).status).toBe("ok");
    expect(read({ "gen_ai.operation.name": "execute_tool", "gen_ai.tool.status": "error" }).status).toBe("error");
  });

  test("tools that a model asked for are no tool that ran", () => {
    const asked = { "gen_ai.tool.name": "a, b", "gen_ai.tool.call.id": "1, 2" };
    const span = read({ "gen_ai.operation.name": "chat", ...asked });
    expect([span.kind, span.tool, span.toolCallId]).toEqual(["inference", "", ""]);
    expect(keptOf(span)).toEqual(Object.keys(asked));
  });

  test("content of the key that counts replaces the other's, which stays", () => {
    const span = read({ "traceloop.entity.input": "wrapped", "gen_ai.tool.call.arguments": "plain" });
    expect(span.inlineInput.bytes.toString("utf8", span.inlineInput.at, span.inlineInput.at + 5)).toBe("plain");
    expect(keptOf(span)).toEqual(["traceloop.entity.input"]);
    expect(keptOf(read({ "gen_ai.tool.call.arguments": "plain", "traceloop.entity.input": "wrapped" }))).toEqual([
      "traceloop.entity.input",
    ]);
  });

  test("the first token comes in milliseconds or seconds", () => {
    const first = { "gen_ai.server.time_to_first_token": 2 };
    expect(read(first, { scope: "strands.telemetry.tracer" }).timeToFirstChunkNs).toBe(2_000_000);
    expect(read(first).timeToFirstChunkNs).toBe(2_000_000_000);
    expect(read({ "ai.response.msToFirstChunk": 1.5 }).timeToFirstChunkNs).toBe(1_500_000);
  });
});

test("the scope names the dialect, then the keys do", () => {
  const keys = { "openinference.span.kind": "CHAIN", "gen_ai.operation.name": "chat" };
  expect(read(keys).mapper).toBe("openinference@2");
  expect(read(keys, { scope: "langsmith" }).mapper).toBe("langsmith@2");
  expect(read({ ...keys, "runreel.run.name": "r" }, { scope: "langsmith" }).mapper).toBe("runreel@2");
  expect(read({}).mapper).toBe("otel@2");
});

function read(attributes: Attributes, { scope = "my-app", status = 0, parent = false } = {}): NormalizedSpan {
  const span = {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    ...(parent ? { parentSpanId: "b7ad6b7169203332" } : {}),
    name: "x",
    startTimeUnixNano: "1",
    endTimeUnixNano: "9",
    status: { code: status },
    attributes: Object.entries(attributes).map(([key, value]) => ({
      key,
      value: anyValue(value),
    })),
  };
  const scopeSpans = [{ scope: { name: scope }, spans: [span] }];
  const batch = decodeTracesJson(Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans }] })));
  const normalizer = new Normalizer();
  const record = new NormalizedSpan();
  normalizer.begin(batch);
  normalizer.normalize(0, record);
  return record;
}

function keptOf(span: NormalizedSpan): string[] {
  return span.attributes.map((row) => span.batch.key(row));
}

function tokens(span: NormalizedSpan): (number | null)[] {
  const { inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens, reasoningTokens } = span;
  return [inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens, reasoningTokens].map((count) =>
    count === UNREPORTED ? null : count,
  );
}

function anyValue(value: Value): object {
  if (typeof value === "string") return { stringValue: value };
  return Number.isInteger(value) ? { intValue: value } : { doubleValue: value };
}
