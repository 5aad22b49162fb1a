// What Vercel's AI SDK 5, 6 and 7 really sent for a known story, and what happened in it: each call and its tokens once, each tool's run with
// its arguments and failure, and what was said.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

import { decodeTracesJson } from "../../decode/otlp-json.ts";
import { decodeTraces } from "../../decode/otlp-protobuf.ts";
import { NormalizedSpan, UNREPORTED } from "../../model/normalized-span.ts";
import { Normalizer } from "../normalizer.ts";

interface Truth {
  what_happened: {
    final_answer: string;
    model_calls: { n: number; response_id: string }[];
    tool_runs: { name: string; result: unknown; error: unknown }[];
    conversation_id: string | null;
  };
  readable: {
    per_call: Record<"input_total" | "cache_read" | "cache_write" | "output_total" | "reasoning", number | null>[];
    tool_runs: { name: string; args: unknown; error: boolean; call_id: string }[];
  };
}

interface Part {
  type: string;
  name?: string;
  content?: string;
}
interface Message {
  role: string;
  parts: Part[];
}

const fixture = (name: string): Buffer => readFileSync(new URL(`../../../test/golden/${name}`, import.meta.url));

function read(name: string): NormalizedSpan[] {
  const batch = name.endsWith(".json") ? decodeTracesJson(fixture(name)) : decodeTraces(fixture(name));
  const normalizer = new Normalizer();
  normalizer.begin(batch);
  return Array.from({ length: batch.spans.count }, (_, index) => {
    const span = new NormalizedSpan();
    normalizer.normalize(index, span);
    return span;
  }).toSorted((a, b) => a.startHigh - b.startHigh || a.startLow - b.startLow);
}

const json = ({ bytes, at, length }: NormalizedSpan["inlineInput"]): unknown =>
  JSON.parse(bytes.toString("utf8", at, at + length));
const reported = (count: number): number | null => (count === UNREPORTED ? null : count);
const sum = (...counts: number[]): number => counts.reduce((total, count) => total + Math.max(0, count), 0);
const answerOf = (span: NormalizedSpan): Message => {
  const value = json(span.inlineOutput) as Message | Message[];
  return Array.isArray(value) ? value[0]! : value;
};

describe.each([
  ["ai-sdk-v5/request-01.json", "openai", "gpt-5-mini-2025-08-07"],
  ["ai-sdk-v6-anthropic/request-01.pb", "anthropic", "claude-sonnet-4-5"],
  ["ai-sdk-v7/request-01.pb", "openai", "gpt-5-mini-2025-08-07"],
])("%s", (name, provider, model) => {
  const truth = JSON.parse(fixture(`${name.split("/")[0]}/truth.json`).toString()) as Truth;
  const spans = read(name);
  const calls = spans.filter(({ kind }) => kind === "inference");
  const tools = spans.filter(({ kind }) => kind === "tool");

  test("tokens of each call, and none twice", () => {
    expect(
      calls.map((span) => ({
        input_total: sum(span.inputTokens, span.cacheReadTokens, span.cacheWriteTokens),
        cache_read: reported(span.cacheReadTokens),
        cache_write: reported(span.cacheWriteTokens),
        output_total: reported(span.outputTokens),
        reasoning: reported(span.reasoningTokens),
      })),
    ).toEqual(truth.readable.per_call);
    expect(spans.filter(({ isSpent }) => isSpent)).toHaveLength(calls.length);
    for (const span of spans.filter(({ isSpent }) => !isSpent)) expect(span.inputTokens).toBe(UNREPORTED);
    expect(calls.map((span) => [span.provider, span.model])).toEqual(calls.map(() => [provider, model]));
  });

  test("runs of tools, with arguments, results and failures", () => {
    const runs = tools.map((span) => ({
      name: span.tool,
      args: json(span.inlineInput),
      error: span.status === "error",
      call_id: span.toolCallId,
    }));
    const inOrder = <T extends { call_id: string }>(of: T[]): T[] =>
      of.toSorted((a, b) => (a.call_id < b.call_id ? -1 : 1));
    expect(inOrder(runs)).toEqual(inOrder(truth.readable.tool_runs));
    const results = tools.filter(({ status }) => status === "ok").map((span) => json(span.inlineOutput));
    const expected = truth.what_happened.tool_runs.filter(({ error }) => error === null).map(({ result }) => result);
    expect(results).toEqual(expect.arrayContaining(expected));
    expect(results).toHaveLength(expected.length);
  });

  test("what was said, as messages of the conventions", () => {
    const [first, second, third] = calls as [NormalizedSpan, NormalizedSpan, NormalizedSpan];
    expect(json(first.inlineSystem)).toMatchObject([
      { type: "text", content: expect.stringContaining("[mark-system]") },
    ]);
    expect(json(first.inlineInput)).toMatchObject([
      { role: "user", parts: [{ type: "text", content: expect.stringContaining("[mark-question]") }] },
    ]);
    const asked = answerOf(first).parts.filter(({ type }) => type === "tool_call");
    expect(asked).toMatchObject([
      { name: "lookup_order", arguments: { order_id: "A-1042" } },
      { name: "convert_currency", arguments: { amount: 80, to: "EUR" } },
    ]);
    const given = (json(second.inlineInput) as Message[]).flatMap(({ parts }) => parts);
    expect(given.filter(({ type }) => type === "tool_call_response")).toMatchObject([
      { response: { order_id: "A-1042" } },
      { response: expect.stringContaining("rate service timed out") },
    ]);
    expect(answerOf(third)).toMatchObject({
      role: "assistant",
      parts: [{ type: "text", content: truth.what_happened.final_answer }],
    });
    expect(json(first.inlineTools)).toMatchObject([{ name: "lookup_order" }, { name: "convert_currency" }]);
    for (const span of calls) expect(span.finishReason).toMatch(/^(tool-calls|stop)$/);
  });
});

test("reasoning stands first in an answer, and the conversation and the agent are known", () => {
  const [first] = read("ai-sdk-v6-anthropic/request-01.pb").filter(({ kind }) => kind === "inference");
  expect(answerOf(first!).parts.map(({ type }) => type)).toEqual(["reasoning", "tool_call", "tool_call"]);
  expect(first).toMatchObject({ agent: "order_clerk", conversationId: "conv-7f3a", mapper: "vercel@2" });
});
