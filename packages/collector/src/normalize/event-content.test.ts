// Content that stands in the events of a span, as Strands sends it; both captures are in golden.test.ts.
import { expect, test } from "vitest";
import { decodeTracesJson } from "../decode/otlp-json.ts";
import { NormalizedSpan } from "../model/normalized-span.ts";
import { Normalizer } from "./normalizer.ts";

type Texts = Record<string, string>;

test("messages, instructions and the choice of a call", () => {
  const call = read({ "gen_ai.operation.name": "chat" }, [
    ["gen_ai.system.message", { content: '[{"text":"Be brief."}]' }],
    ["gen_ai.user.message", { content: "Hello" }],
    ["gen_ai.assistant.message", { content: '[{"toolUse":{"toolUseId":"1","name":"f","input":{"a":1}}}]' }],
    ["gen_ai.tool.message", { content: '[{"toolResult":{"toolUseId":"1","content":[{"text":"ok"}]}}]' }],
    [
      "gen_ai.choice",
      { finish_reason: "end", message: '[{"reasoningContent":{"reasoningText":{"text":"Hm"}}},{"x":1}]' },
    ],
    ["something.else", { content: "not this" }],
  ]);
  expect(json(call, "inlineSystem")).toEqual([{ type: "text", content: "Be brief." }]);
  expect(json(call, "inlineInput")).toEqual([
    { role: "user", parts: [{ type: "text", content: "Hello" }] },
    { role: "assistant", parts: [{ type: "tool_call", id: "1", name: "f", arguments: { a: 1 } }] },
    { role: "tool", parts: [{ type: "tool_call_response", id: "1", response: [{ text: "ok" }] }] },
  ]);
  expect(json(call, "inlineOutput")).toEqual([
    { role: "assistant", parts: [{ type: "reasoning", content: "Hm" }, { x: 1 }] },
  ]);
  expect(call.finishReason).toBe("end");
});

test("arguments and result of a tool are as they came, and what was cut is a text", () => {
  const tool = read({ "gen_ai.operation.name": "execute_tool" }, [
    ["gen_ai.tool.message", { content: '{"a":1}' }],
    ["gen_ai.choice", { message: '[{"text":"ok"}]' }],
  ]);
  expect(json(tool, "inlineInput")).toEqual({ a: 1 });
  expect(json(tool, "inlineOutput")).toEqual([{ text: "ok" }]);
  const cut = read({ "gen_ai.operation.name": "chat" }, [["gen_ai.user.message", { content: '[{"text":"Hel' }]]);
  expect(json(cut, "inlineInput")).toEqual([{ role: "user", parts: [{ type: "text", content: '[{"text":"Hel' }] }]);
});

test("attributes weigh more than events, and the first event more than the next", () => {
  const details = "gen_ai.client.inference.operation.details";
  const call = read({ "gen_ai.operation.name": "chat", "gen_ai.output.messages": "[1]" }, [
    [details, { "gen_ai.input.messages": "[2]" }],
    [details, { "gen_ai.input.messages": "[3]", "gen_ai.output.messages": "[4]" }],
  ]);
  expect([json(call, "inlineInput"), json(call, "inlineOutput")]).toEqual([[2], [1]]);
});

function read(attributes: Texts, events: [string, Texts][]): NormalizedSpan {
  const listOf = (texts: Texts): object[] =>
    Object.entries(texts).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  const span = {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    name: "x",
    startTimeUnixNano: "1",
    endTimeUnixNano: "9",
    attributes: listOf(attributes),
    events: events.map(([name, texts]) => ({ name, timeUnixNano: "5", attributes: listOf(texts) })),
  };
  const normalizer = new Normalizer();
  const record = new NormalizedSpan();
  normalizer.begin(
    decodeTracesJson(Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }))),
  );
  normalizer.normalize(0, record);
  return record;
}

function json(span: NormalizedSpan, field: "inlineInput" | "inlineOutput" | "inlineSystem"): unknown {
  const { bytes, at, length } = span[field];
  return JSON.parse(bytes.toString("utf8", at, at + length));
}
