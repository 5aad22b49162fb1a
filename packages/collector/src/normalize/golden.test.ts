// What real emitters sent for one small story, read, and compared with what a right reader gets out of it (`readable` in their truth.json).
import { readFileSync, readdirSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createBlockBuilder } from "../build-block.ts";
import { decodeTracesJson } from "../decode/otlp-json.ts";
import { decodeTraces } from "../decode/otlp-protobuf.ts";
import { type ByteSlice, NormalizedSpan, UNREPORTED } from "../model/normalized-span.ts";
import { Normalizer } from "./normalizer.ts";

/**
 * What is compared: how many inferences, usage of each and in sum, tool runs, the conversation's id, the agent's name, and whether the question
 * and the answer are content of an inference.
 */
type Fact = "inferences" | "calls" | "totals" | "tools" | "conversation" | "agent" | "content";

interface Capture {
  /** The dialects its spans are read as. */
  dialects: string[];
  /** What is not read rightly yet, or cannot be. Whoever mends one has to take it from the list. */
  missing?: Fact[];
  because?: string;
}

const captures: Record<string, Capture> = {
  "agent-framework": { dialects: ["genai"] },
  "ai-sdk-v5": { dialects: ["otel", "vercel"] },
  "ai-sdk-v6-anthropic": { dialects: ["vercel"] },
  "ai-sdk-v7": { dialects: ["genai", "otel"] },
  "autogen-team": {
    dialects: ["genai", "otel"],
    missing: ["content"],
    because: "content is on messaging spans of other traces, joined by links",
  },
  "google-adk": { dialects: ["genai"] },
  "langfuse-langchain-js": { dialects: ["langfuse"] },
  "langfuse-langchain-py": { dialects: ["langfuse"] },
  "langfuse-openai-py": { dialects: ["langfuse"] },
  "langsmith-openai-py": { dialects: ["langsmith"] },
  "logfire-openai": { dialects: ["logfire"], missing: ["agent"], because: "no span names the agent" },
  "mlflow-openai-py": { dialects: ["mlflow"], missing: ["conversation"], because: "no span names the conversation" },
  "oi-anthropic-py": { dialects: ["openinference"] },
  "oi-langchain-js": { dialects: ["openinference"] },
  "oi-langchain-py": { dialects: ["openinference"] },
  "oi-llamaindex": { dialects: ["openinference"], missing: ["agent"], because: "no span names the agent" },
  "oi-openai-agents-py": { dialects: ["openinference"] },
  "oi-openai-py": { dialects: ["openinference"] },
  "openlit-openai-py": { dialects: ["genai", "otel"] },
  "otel-openai-v2-latest": { dialects: ["genai", "otel"], missing: ["agent"], because: "no span names the agent" },
  "otel-openai-v2-legacy": {
    dialects: ["genai", "otel"],
    missing: ["agent", "content"],
    because: "no span names the agent, content is in log records",
  },
  "pydantic-ai-anthropic": {
    dialects: ["genai", "pydantic-ai"],
    missing: ["inferences", "calls", "totals"],
    because: "framework and client both report each call",
  },
  "pydantic-ai-logfire": { dialects: ["pydantic-ai"] },
  "semantic-kernel": { dialects: ["genai", "otel"], missing: ["content"], because: "content is in log records" },
  "strands-latest": { dialects: ["genai"] },
  "strands-py": { dialects: ["genai"] },
  "traceloop-anthropic-py": {
    dialects: ["genai", "openllmetry"],
    missing: ["inferences", "calls", "totals"],
    because: "instrumentation and client both report each call",
  },
  "traceloop-langchain-js": { dialects: ["openllmetry"], missing: ["agent"], because: "no span names the agent" },
  "traceloop-langchain-py": { dialects: ["openllmetry"] },
  "traceloop-openai-js": { dialects: ["openllmetry"] },
  "traceloop-openai-py": { dialects: ["openllmetry"] },
};

const folder = new URL("../../test/golden/", import.meta.url);
/** Columns are aligned there. */
const page = readFileSync(new URL("../../../../docs/dialects.md", import.meta.url), "utf8").replace(/ +/g, " ");

test("every capture has its line", () => {
  expect(Object.keys(captures)).toEqual(readdirSync(folder).sort());
});

describe.each(Object.entries(captures))("%s", (name, { dialects, missing = [], because = "" }) => {
  test("reads as its truth says, but for what is known to be missing", () => {
    const { should, is, mappers } = compared(name);
    const facts = Object.keys(should) as Fact[];
    const known = ({ ...all }: Record<Fact, unknown>): object => {
      for (const fact of missing) Reflect.deleteProperty(all, fact);
      return all;
    };
    expect(known(is)).toEqual(known(should));
    expect(facts.filter((fact) => JSON.stringify(is[fact]) !== JSON.stringify(should[fact]))).toEqual(missing);
    expect(mappers).toEqual(dialects);
  });

  test("requests that come twice are the same spans", () => {
    const builder = createBlockBuilder();
    const add = (): { spans: number; duplicates: number }[] =>
      bodiesOf(name).map(({ body, encoding, startMs }) =>
        builder.add({ project: "p", encoding, compression: "none", body }, startMs),
      );
    const first = add();
    expect(first.every(({ spans, duplicates }) => spans > 0 && duplicates === 0)).toBe(true);
    expect(add()).toEqual(first.map(({ spans }) => ({ spans: 0, duplicates: spans, rejected: 0 })));
  });

  test("docs/dialects.md says so", () => {
    const { emitter, versions } = truthOf(name);
    const [library = "", version = ""] = Object.entries(versions)[0] ?? [];
    const read = dialects.map((dialect) => `\`${dialect}\``).join(", ");
    const lack = missing.length === 0 ? "nothing" : `${missing.join(", ")}: ${because}`;
    expect(page).toContain(`| ${emitter} | ${library} ${version} | ${read} | ${lack} |`);
  });
});

interface Truth {
  emitter: string;
  versions: Record<string, string>;
  payload: { marks_in_payload: { question: boolean; answer: boolean } };
  what_happened: { agent: string; model_calls: unknown[]; conversation_id: string | null };
  readable: { per_call: Counts[]; totals: Counts | null; tool_runs: { name: string; error: boolean }[] };
}

interface Counts {
  input_total: number | null;
  cache_read: number | null;
  cache_write: number | null;
  output_total: number | null;
  reasoning: number | null;
}

function truthOf(name: string): Truth {
  return JSON.parse(readFileSync(new URL(`${name}/truth.json`, folder), "utf8")) as Truth;
}

function bodiesOf(name: string): { body: Buffer; encoding: "protobuf" | "json"; startMs: number }[] {
  const { requests } = JSON.parse(readFileSync(new URL(`${name}/meta.json`, folder), "utf8")) as {
    requests: { file: string; signal: string; content_type: string; content_encoding: string | null }[];
  };
  return requests
    .filter(({ signal }) => signal === "traces")
    .map(({ file, content_type, content_encoding }) => {
      const bytes = readFileSync(new URL(`${name}/${file}`, folder));
      const body = content_encoding === "gzip" ? gunzipSync(bytes) : bytes;
      // The day of the captures.
      return {
        body,
        encoding: content_type.includes("json") ? "json" : "protobuf",
        startMs: Date.UTC(2026, 10, 21, 12),
      };
    });
}

function spansOf(name: string): NormalizedSpan[] {
  const normalizer = new Normalizer();
  return bodiesOf(name).flatMap(({ body, encoding }) => {
    const batch = encoding === "json" ? decodeTracesJson(body) : decodeTraces(body);
    normalizer.begin(batch);
    return Array.from({ length: batch.spans.count }, (_, index) => {
      const span = new NormalizedSpan();
      normalizer.normalize(index, span);
      return span;
    });
  });
}

function compared(name: string): { should: Record<Fact, unknown>; is: Record<Fact, unknown>; mappers: string[] } {
  const { what_happened: truth, readable, payload } = truthOf(name);
  const { question, answer } = payload.marks_in_payload;
  const spans = spansOf(name).sort((a, b) => a.startHigh - b.startHigh || a.startLow - b.startLow);
  const inferences = spans.filter(({ kind }) => kind === "inference");
  const calls = inferences.map(countsOf).filter(({ input_total }) => input_total !== null);
  const tools = spans
    .filter(({ kind }) => kind === "tool")
    .map(({ tool, status }) => toolRun(tool, status === "error"));
  const conversations = new Set(spans.map(({ conversationId }) => conversationId).filter((id) => id !== ""));
  const { conversation_id } = truth;
  const agents = spans.flatMap(({ kind, agent, parentAt, runName }) =>
    kind === "agent" ? [agent] : parentAt === 0 ? [runName] : [],
  );
  return {
    should: {
      inferences: readable.per_call.length === 0 ? 0 : truth.model_calls.length,
      calls: readable.per_call,
      totals: readable.totals,
      // Tools that ran at once may have begun in either order.
      tools: readable.tool_runs.map(({ name, error }) => toolRun(name, error)).sort(),
      conversation: conversation_id,
      agent: true,
      content: { question, answer },
    },
    is: {
      inferences: inferences.length,
      calls,
      totals: calls.length === 0 ? null : calls.reduce(sum),
      tools: tools.sort(),
      // Where the program had no way to tell the emitter, any other id is as good as none.
      conversation: conversation_id === null || conversations.size === 0 ? null : [...conversations].join(", "),
      agent: agents.includes(truth.agent),
      content: {
        question: inferences.some(({ inlineInput }) => contains(inlineInput, "[mark-question]")),
        answer: inferences.some(({ inlineOutput }) => contains(inlineOutput, "[mark-answer]")),
      },
    },
    mappers: [...new Set(spans.map(({ mapper }) => mapper.replace(/@\d+$/, "")))].sort(),
  };
}

const toolRun = (name: string, isError: boolean): string => `${name} ${isError ? "failed" : "ok"}`;

const contains = ({ bytes, at, length }: ByteSlice, word: string): boolean =>
  bytes.toString("utf8", at, at + length).includes(word);

/** Totals with their parts, as the truth has them. */
function countsOf(span: NormalizedSpan): Counts {
  const known = (count: number): number | null => (count === UNREPORTED ? null : count);
  const { inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens, reasoningTokens } = span;
  const total = inputTokens + Math.max(0, cacheReadTokens) + Math.max(0, cacheWriteTokens);
  return {
    input_total: inputTokens === UNREPORTED ? null : total,
    cache_read: known(cacheReadTokens),
    cache_write: known(cacheWriteTokens),
    output_total: known(outputTokens),
    reasoning: known(reasoningTokens),
  };
}

function sum(one: Counts, other: Counts): Counts {
  const add = (a: number | null, b: number | null): number | null => (a === null ? b : a + (b ?? 0));
  return {
    input_total: add(one.input_total, other.input_total),
    cache_read: add(one.cache_read, other.cache_read),
    cache_write: add(one.cache_write, other.cache_write),
    output_total: add(one.output_total, other.output_total),
    reasoning: add(one.reasoning, other.reasoning),
  };
}
