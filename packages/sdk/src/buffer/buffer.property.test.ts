// Proves, over arbitrary orders of what can happen to it, that the buffer keeps its limit, that its counts add up, and what it gives up first.
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import * as fc from "fast-check";
import { expect, test } from "vitest";

import type { RequestParts } from "../encode/write-request.ts";
import { Ledger } from "../status.ts";
import { SpanBuffer } from "./buffer.ts";
import type { Batch } from "./buffer.ts";

const parentSpanContext = { traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags: 1 };

/** As much of a span as the buffer looks at. */
const span = (isRoot: boolean): ReadableSpan =>
  ({ attributes: {}, ...(isRoot ? {} : { parentSpanContext }) }) as unknown as ReadableSpan;

/** A request that is its parts, one after the other. */
const write = ({ blobs, spans }: RequestParts): Uint8Array =>
  Uint8Array.from(Buffer.concat([...blobs, ...spans].map(({ buffer, start, end }) => buffer.subarray(start, end))));

/** Whoever looks at it again sees it. */
const giveBack = (body: Uint8Array): void => void body.fill(255);

/** As compression does, about. */
const pack = (body: Uint8Array): Uint8Array => body.slice(0, Math.ceil(body.length / 3));

/** Bytes that tell to whom they belong. */
const bytesOf = (index: number, size: number): Uint8Array => new Uint8Array(size).fill(index % 251);

const KiB = 1024;

const createBuffer = (ledger: Ledger): SpanBuffer =>
  new SpanBuffer({
    maxBytes: 1024 * KiB,
    ledger,
    startRecords: false,
    onContentLost: () => {},
    onContentGone: () => {},
    write,
    giveBack,
    pack,
  });

const size = fc.oneof(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 3_000, max: 100_000 }));
const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("leaf" as const), size }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("root" as const), size: fc.constantFrom(1, 400) }) },
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
      const maxBytes = 600 * KiB;
      let forgotten = 0;
      const onContentLost = (): void => void (forgotten += 1);
      const told = { onContentLost, onContentGone: onContentLost };
      const buffer = new SpanBuffer({ maxBytes, ledger, startRecords: true, ...told, write, giveBack, pack });
      const underWay: Batch[] = [];
      actions.forEach((one, index) => {
        if (one.do === "blob") buffer.addBlob(String(index), bytesOf(index, one.size));
        else if (one.do === "take") {
          const batch = buffer.take(one.size * 5, 0);
          if (batch !== undefined) underWay.push(batch);
        } else if (one.do === "deliver" || one.do === "lose") {
          const batch = underWay.shift();
          if (batch !== undefined)
            buffer.settle(batch, one.do === "lose" ? { kind: "lost", reason: "lost" } : { kind: "delivered" });
        } else {
          buffer.ended(span(one.do === "root"), bytesOf(index, one.size));
        }
        const onTheWay = underWay.reduce((sum, batch) => sum + batch.body.length, 0);
        expect(buffer.bytes).toBeLessThanOrEqual(Math.max(maxBytes, onTheWay));
      });
      for (const batch of underWay) buffer.settle(batch, { kind: "delivered" });
      for (let batch = buffer.take(10_000, 0); batch !== undefined; batch = buffer.take(10_000, 0)) {
        // One thing always fits, however large it is, and what was packed together.
        expect(batch.body.length).toBeLessThanOrEqual(200_000);
        buffer.settle(batch, { kind: "delivered" });
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
  const buffer = createBuffer(ledger);
  for (let index = 0; index < 3; index += 1) buffer.addBlob(`blob ${index}`, bytesOf(index, 100 * KiB));
  for (let index = 0; index < 5; index += 1) buffer.ended(span(true), bytesOf(index, 60 * KiB));
  for (let index = 0; index < 4; index += 1) buffer.ended(span(false), bytesOf(index, 100 * KiB));
  expect(ledger.content.dropped).toEqual({});
  buffer.ended(span(false), bytesOf(0, 100 * KiB));
  expect(ledger.content.dropped).toEqual({ buffer_full: 2 });
  expect(ledger.spans.dropped).toEqual({});
  for (let index = 0; index < 4; index += 1) buffer.ended(span(false), bytesOf(index, 100 * KiB));
  expect(ledger.content.dropped).toEqual({ buffer_full: 3 });
  expect(ledger.spans.dropped["buffer_full"]).toBeGreaterThan(0);
  expect(ledger.spans.dropped["buffer_exhausted"]).toBeUndefined();
  for (let index = 0; index < 20; index += 1) buffer.ended(span(true), bytesOf(index, 60 * KiB));
  expect(ledger.spans.dropped["buffer_full"]).toBe(9);
  expect(ledger.spans.dropped["buffer_exhausted"]).toBeGreaterThan(0);
});

test("content that cannot be sent is packed, goes out first, and the oldest is given up first", () => {
  const ledger = new Ledger();
  const buffer = createBuffer(ledger);
  for (let index = 0; index < 28; index += 1) buffer.addBlob(`blob ${index}`, bytesOf(index, 90 * KiB));
  expect(ledger.content.dropped).toEqual({});
  expect(buffer.bytes).toBeLessThanOrEqual(1024 * KiB);
  for (let index = 0; index < 10; index += 1) buffer.ended(span(true), bytesOf(index, 40 * KiB));
  const dropped = ledger.content.dropped["buffer_full"]!;
  expect(dropped).toBeGreaterThan(0);
  const kept: string[] = [];
  let isSpanOut = false;
  for (let batch = buffer.take(200 * KiB, 0); batch !== undefined; batch = buffer.take(200 * KiB, 0)) {
    expect(isSpanOut && batch.blobs.length > 0).toBe(false);
    isSpanOut ||= batch.spanCount > 0;
    kept.push(...batch.blobs.map(({ hash }) => hash));
    buffer.settle(batch, { kind: "delivered" });
  }
  expect(kept).toEqual(Array.from({ length: 28 - dropped }, (_, index) => `blob ${index + dropped}`));
  expect(ledger.spans.delivered).toBe(10);
  expect(buffer.hasBlob("blob 0")).toBe(false);
  expect(buffer.hasBlob("blob 27")).toBe(true);
});

test("roots that outlive the leaves between them hold on to their own memory alone, and to their bytes", () => {
  const ledger = new Ledger();
  const buffer = createBuffer(ledger);
  for (let index = 0; index < 4_000; index += 1) buffer.ended(span(index % 8 === 0), bytesOf(index, 1_000));
  expect(buffer.bytes).toBeLessThanOrEqual(1024 * KiB);
  expect(ledger.spans.dropped["buffer_exhausted"]).toBeUndefined();
  const kept: number[] = [];
  for (let batch = buffer.take(1_000, 0); batch !== undefined; batch = buffer.take(1_000, 0)) {
    expect(new Set(batch.body).size).toBe(1);
    kept.push(batch.body[0]!);
    buffer.settle(batch, { kind: "delivered" });
  }
  expect(kept).toHaveLength(4_000 - ledger.spans.droppedTotal);
  const oldestRoots = Array.from({ length: 300 }, (_, index) => (index * 8) % 251);
  expect(kept.slice(0, 300)).toEqual(oldestRoots);
});
