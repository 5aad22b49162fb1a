import { describe, expect, test } from "vitest";
import { DecodeError } from "../model/decode-error.ts";
import { defaultDecodeLimits } from "./limits.ts";
import { decodeTraces } from "./otlp-protobuf.ts";
import { decodedBatches } from "../model/decoded-batches.ts";
import { inspectTraces, type TraceInspection } from "./inspect-traces.ts";
import { decodeTracesJson } from "./otlp-json.ts";

// What is refused, with which reason, and that the rest of the request is kept.

const good = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", startTimeUnixNano: "1" };

describe("spans that are refused singly", () => {
  test.each([
    ["no trace id", { ...good, traceId: "" }, "invalid_trace_id"],
    ["a trace id of zeros", { ...good, traceId: "0".repeat(32) }, "invalid_trace_id"],
    ["a trace id of 8 bytes", { ...good, traceId: "a1".repeat(8) }, "invalid_trace_id"],
    ["a trace id that is no hex", { ...good, traceId: "x".repeat(32) }, "invalid_trace_id"],
    ["no span id", { ...good, spanId: undefined }, "invalid_span_id"],
    ["a span id of 16 bytes", { ...good, spanId: "a1".repeat(16) }, "invalid_span_id"],
    ["a parent id of 4 bytes", { ...good, parentSpanId: "a1".repeat(4) }, "invalid_parent_id"],
    ["no start", { ...good, startTimeUnixNano: "0" }, "invalid_time"],
    ["a start in the year 2554", { ...good, startTimeUnixNano: String(2n ** 64n - 1n) }, "invalid_time"],
    ["an attribute of 40 levels", { ...good, attributes: [{ key: "deep", value: nested(40) }] }, "attribute_too_deep"],
    [
      "a deep attribute of an event",
      { ...good, events: [{ attributes: [{ value: nested(40) }] }] },
      "attribute_too_deep",
    ],
    ["5,000 attributes", { ...good, attributes: Array.from({ length: 5000 }, () => ({})) }, "too_many_attributes"],
    ["2,000 links", { ...good, links: Array.from({ length: 2000 }, () => ({})) }, "too_many_links"],
  ])("%s", (_name, bad, reason) => {
    const batch = decodeTracesJson(requestOf(good, bad, { ...good, name: "last" }));
    expect([...batch.rejected]).toEqual([[reason, 1]]);
    expect(batch.spans.count).toBe(2);
    expect(batch.spanName(1)).toBe("last");
    expect(batch.attributes.count).toBe(0);
  });

  test("a parent id of zeros is no parent, and 32 levels are allowed", () => {
    const span = { ...good, parentSpanId: "0".repeat(16), attributes: [{ key: "deep", value: nested(32) }] };
    const batch = decodeTracesJson(requestOf(span));
    expect(batch.spans.parentAt[0]).toBe(0);
    expect(batch.valueText(0)).toBe("[".repeat(32) + "]".repeat(32));
  });

  test("10,000 levels do not exhaust the stack", () => {
    const deep = `${'{"arrayValue":{"values":['.repeat(10_000)}{}${"]}}".repeat(10_000)}`;
    const body = JSON.stringify({ ...good, attributes: [{ key: "deep", value: "@" }] }).replace('"@"', deep);
    const batch = decodeTracesJson(Buffer.from(`{"resourceSpans":[{"scopeSpans":[{"spans":[${body}]}]}]}`));
    expect([...batch.rejected]).toEqual([["attribute_too_deep", 1]]);
  });
});

describe("requests that are refused", () => {
  test("too many spans", () => {
    const limits = { ...defaultDecodeLimits, spansMax: 2 };
    expect(codeOf(() => decodeTracesJson(requestOf(good, good, good), limits))).toBe("too_many_spans");
    expect(decodeTracesJson(requestOf(good, good), limits).spans.count).toBe(2);
  });

  test.each([
    "",
    "nonsense",
    "[]",
    '{"resourceSpans":{}}',
    '{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":1}]}]}]}',
  ])("JSON %j", (body) => expect(codeOf(() => decodeTracesJson(Buffer.from(body)))).toBe("invalid_json"));

  test("protobuf that ends early, and text", () => {
    expect(codeOf(() => decodeTraces(Buffer.from([10, 5, 1])))).toBe("invalid_protobuf");
    expect(codeOf(() => decodeTraces(Buffer.from('{"resourceSpans":[]}')))).toBe("invalid_protobuf");
  });
});

test("values keep their exact text", () => {
  const values = [
    { intValue: "9223372036854775807" },
    { intValue: -5 },
    { doubleValue: 0.5 },
    { doubleValue: "NaN" },
    { boolValue: true },
    { bytesValue: "AQI=" },
    { kvlistValue: { values: [{ key: "a", value: { intValue: "9007199254740993" } }] } },
    { arrayValue: { values: [{ stringValue: 'a"b' }, {}] } },
    {},
    undefined,
  ];
  const batch = decodeTracesJson(requestOf({ ...good, attributes: values.map((value) => ({ key: "k", value })) }));
  expect(values.map((_, index) => batch.valueText(index))).toEqual([
    "9223372036854775807",
    "-5",
    "0.5",
    "NaN",
    "true",
    "AQI=",
    '{"a":9007199254740993}',
    '["a\\"b",null]',
    "",
    "",
  ]);
});

test("unknown fields are stepped over, and a batch is used again", () => {
  const batch = decodeTracesJson(requestOf({ ...good, flags: 1, traceState: "a=b", droppedEventsCount: 2, other: {} }));
  expect(decodeTraces(Buffer.alloc(0), defaultDecodeLimits, batch).spans.count).toBe(0);
});

function requestOf(...spans: object[]): Buffer {
  return Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
}

function nested(levels: number): object {
  let value: object = { arrayValue: {} };
  for (let level = 1; level < levels; level++) value = { arrayValue: { values: [value] } };
  return value;
}

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof DecodeError) return error.code;
    throw error;
  }
  return undefined;
}

type Found = TraceInspection & { ok: true };

test("an inspection says what will be kept, and never throws", () => {
  const { decoded, ...found } = inspectTraces(requestOf(good, { ...good, spanId: "" }), "json") as Found;
  expect(decoded?.spans.count).toBe(1);
  decodedBatches.giveBack(decoded!);
  expect(found).toEqual({
    ok: true,
    spans: 1,
    traceId: Uint8Array.from(Buffer.from(good.traceId, "hex")),
    rejected: { invalid_span_id: 1 },
    reason: "Some spans were not taken: invalid_span_id (1).",
  });
  expect(inspectTraces(Buffer.from("x"), "json")).toMatchObject({ ok: false, code: "invalid_json" });
  expect(inspectTraces(Buffer.alloc(0), "protobuf")).toMatchObject({ ok: true, spans: 0 });
});
