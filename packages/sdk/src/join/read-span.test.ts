// What the hosts' span classes have, as they have it; the real ones are in test/coexistence and test/hosts.
import * as fc from "fast-check";
import { expect, test } from "vitest";

import { readHostSpan } from "./read-span.ts";

const context = { traceId: "a".repeat(32), spanId: "b".repeat(16), traceFlags: 1 };
const spanContext = () => context;

test("Sentry 11 and Sentry 10 say the same in other words", () => {
  const times = { parent_span_id: "c".repeat(16), start_timestamp: 1_700_000_000.25 };
  const eleven = { name: "x", end_timestamp: 1_700_000_001.5, status: "error", attributes: { a: 1 }, ...times };
  const ten = { description: "x", timestamp: 1_700_000_001.5, status: "internal_error", data: { a: 1 }, ...times };
  const read = readHostSpan({ spanContext, getSpanJSON: () => eleven });
  expect(readHostSpan({ spanContext, getSpanJSON: () => ten })).toEqual(read);
  expect(read).toMatchObject({
    name: "x",
    context,
    parentSpanId: "c".repeat(16),
    startTime: [1_700_000_000, 250_000_000],
    endTime: [1_700_000_001, 500_000_000],
    status: { code: 2 },
    attributes: { a: 1 },
  });
});

test("a span that says how long it took instead of when it ended", () => {
  const span = { name: "x", spanContext, startTime: [5, 900_000_000], duration: 1_200.5, parentSpanId: "f00" };
  expect(readHostSpan(span)).toMatchObject({ endTime: [7, 100_500_000], parentSpanId: "f00".padStart(16, "0") });
});

test("a text that is too long is cut", () => {
  const attributes = { long: "x".repeat(600 * 1024), list: [1, 2], short: "y" };
  const read = readHostSpan({ name: "x", spanContext, startTime: [1, 0], endTime: [2, 0], attributes });
  expect(read?.attributes).toEqual({ long: "x".repeat(512 * 1024), list: [1, 2], short: "y" });
});

test("what is no span is none", () => {
  const isNone = (value: unknown): boolean => readHostSpan(value) === undefined;
  expect(() => fc.assert(fc.property(fc.anything(), isNone))).not.toThrow();
});
