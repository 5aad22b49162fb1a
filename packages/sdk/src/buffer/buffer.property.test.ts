// Proves, over arbitrary orders of what can happen to it, that the buffer keeps its limit, that its counts add up, and what it gives up first.
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { resourceFromAttributes } from "@opentelemetry/resources";
import * as fc from "fast-check";
import { expect, test } from "vitest";

import { Ledger } from "../status.ts";
import { SpanBuffer } from "./buffer.ts";
import type { Batch } from "./buffer.ts";

const context = { traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags: 1 };
const resource = resourceFromAttributes({});

function span(isRoot: boolean, size: number): ReadableSpan {
  return {
    name: isRoot ? "root" : "leaf",
    kind: SpanKind.INTERNAL,
    spanContext: () => context,
    ...(isRoot ? {} : { parentSpanContext: context }),
    startTime: [1, 0],
    endTime: [2, 0],
    duration: [1, 0],
    ended: true,
    status: { code: SpanStatusCode.UNSET },
    attributes: { text: "x".repeat(size) },
    links: [],
    events: [],
    resource,
    instrumentationScope: { name: "test" },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

const size = fc.integer({ min: 0, max: 3_000 });
const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("leaf" as const), size }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("root" as const), size: fc.constant(0) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("blob" as const), size }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom("take" as const, "deliver" as const, "lose" as const), size }),
  },
);

test("the limit holds and the counts add up", () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
      const ledger = new Ledger();
      const maxBytes = 30_000;
      let forgotten = 0;
      const onContentLost = (): void => void (forgotten += 1);
      const buffer = new SpanBuffer({ maxBytes, ledger, startRecords: true, onContentLost });
      const underWay: Batch[] = [];
      actions.forEach((one, index) => {
        if (one.do === "blob") buffer.addBlob({ hash: String(index), type: "text", data: "y".repeat(one.size) });
        else if (one.do === "take") {
          const batch = buffer.take(one.size * 5, 0);
          if (batch !== undefined) underWay.push(batch);
        } else if (one.do === "deliver" || one.do === "lose") {
          const batch = underWay.shift();
          if (batch !== undefined) buffer.settle(batch, one.do === "lose" ? "lost" : undefined);
        } else {
          buffer.ended(span(one.do === "root", one.size));
        }
        const onTheWay = underWay.reduce((sum, batch) => sum + batch.bytes, 0);
        expect(buffer.bytes).toBeLessThanOrEqual(Math.max(maxBytes, onTheWay));
      });
      for (const batch of underWay) buffer.settle(batch);
      for (let batch = buffer.take(10_000, 0); batch !== undefined; batch = buffer.take(10_000, 0)) {
        // One thing always fits, however large it is.
        expect(batch.bytes).toBeLessThanOrEqual(10_000 + 4_000);
        buffer.settle(batch);
      }
      expect(buffer.bytes).toBe(0);
      expect(buffer.isEmpty).toBe(true);
      for (const tally of [ledger.spans, ledger.content]) {
        expect(tally.buffered).toBe(0);
        expect(tally.recorded).toBe(tally.delivered + tally.droppedTotal);
      }
      expect(forgotten > 0).toBe(ledger.content.droppedTotal > 0);
    }),
    { numRuns: 150 },
  );
});

test("content goes first, then the oldest leaves, and roots only when nothing else is left", () => {
  const ledger = new Ledger();
  const buffer = new SpanBuffer({ maxBytes: 10_000, ledger, startRecords: false, onContentLost: () => {} });
  buffer.addBlob({ hash: "a", type: "text", data: "y".repeat(3_000) });
  buffer.ended(span(true, 0));
  buffer.ended(span(false, 3_000));
  expect(ledger.content.dropped).toEqual({});
  buffer.ended(span(false, 2_000));
  expect(ledger.content.dropped).toEqual({ buffer_full: 1 });
  expect(ledger.spans.dropped).toEqual({});
  buffer.ended(span(false, 3_000));
  expect(ledger.spans.dropped).toEqual({ buffer_full: 1 });
  for (let index = 0; index < 20; index += 1) buffer.ended(span(true, 0));
  expect(ledger.spans.dropped["buffer_full"]).toBe(3);
  expect(ledger.spans.dropped["buffer_exhausted"]).toBeGreaterThan(0);
});
