// OpenTelemetry's own serializer is the oracle: what is written here is the same, byte for byte.
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import type { HrTime } from "@opentelemetry/api";
import { ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { hashBlob } from "@runreel/content";
import * as fc from "fast-check";
import { expect, test } from "vitest";

import { readSpans } from "../../test/otlp-reader.ts";
import type { ReceivedSpan } from "../../test/otlp-reader.ts";
import { AttributeEncoder } from "./attribute-encoder.ts";
import { BackwardWriter } from "./backward-writer.ts";
import { BodyMemory } from "./body-memory.ts";
import { BlobEncoder } from "./encode-blob.ts";
import { extendSpan } from "./extend-span.ts";
import type { Piece } from "./piece.ts";
import { writeRequest } from "./write-request.ts";
import { writeSpan } from "./write-span.ts";

const origin = {
  resource: resourceFromAttributes({ "service.name": "tést", count: 3 }),
  scope: { name: "scope", version: "1.2.3", schemaUrl: "https://example.test/schema" },
};

const hexOf = (length: number) =>
  fc.uint8Array({ minLength: length / 2, maxLength: length / 2 }).map((bytes) => Buffer.from(bytes).toString("hex"));
const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "grapheme", minLength: 40, maxLength: 300 }),
  fc.string({ unit: "binary-ascii", minLength: 40, maxLength: 300 }),
);
const time: fc.Arbitrary<HrTime> = fc.tuple(
  fc.integer({ min: 0, max: 4_102_444_800 }),
  fc.integer({ min: 0, max: 999_999_999 }),
);
const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    text,
    fc.boolean(),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double(),
    fc.constantFrom(0, -0, 127, 128, 2 ** 53, -(2 ** 53), 2 ** 62, -(2 ** 63), 2 ** 63, 1e300, NaN),
    fc.uint8Array(),
    fc.constantFrom(null, undefined),
    fc.array(tie("value")),
    fc.dictionary(text, tie("value")),
  ),
})).value;
const attributes = fc.dictionary(text, value) as fc.Arbitrary<Record<string, string>>;
const context = fc.record(
  {
    traceId: hexOf(32),
    spanId: hexOf(16),
    traceFlags: fc.integer({ min: 0, max: 255 }),
    isRemote: fc.boolean(),
    traceState: fc.constant({ serialize: () => "ot=th:8" } as never),
  },
  { requiredKeys: ["traceId", "spanId", "traceFlags"] },
);
const dropped = fc.nat({ max: 100_000 });
const event = fc.record(
  { name: text, time, attributes, droppedAttributesCount: dropped },
  { requiredKeys: ["name", "time"] },
);
const link = fc.record({ context, attributes, droppedAttributesCount: dropped }, { requiredKeys: ["context"] });
const span: fc.Arbitrary<ReadableSpan> = fc
  .record(
    {
      name: text,
      kind: fc.constantFrom(SpanKind.INTERNAL, SpanKind.CLIENT, SpanKind.CONSUMER),
      context,
      parentSpanContext: context,
      startTime: time,
      endTime: time,
      attributes,
      events: fc.array(event),
      links: fc.array(link),
      status: fc.oneof(
        fc.constant({ code: SpanStatusCode.UNSET }),
        fc.record({ code: fc.constant(SpanStatusCode.ERROR), message: text }),
      ),
      droppedAttributesCount: dropped,
      droppedEventsCount: dropped,
      droppedLinksCount: dropped,
    },
    {
      noNullPrototype: true,
      requiredKeys: [
        "name",
        "kind",
        "context",
        "startTime",
        "endTime",
        "attributes",
        "events",
        "links",
        "status",
        "droppedAttributesCount",
        "droppedEventsCount",
        "droppedLinksCount",
      ],
    },
  )
  .map(({ context: own, ...fields }) => ({
    ...fields,
    spanContext: () => own,
    duration: [0, 0],
    ended: true,
    resource: origin.resource,
    instrumentationScope: origin.scope,
  }));

function piece(bytes: Uint8Array): Piece {
  const buffer = Buffer.concat([Buffer.from("before"), bytes, Buffer.from("after")]);
  return { buffer, start: "before".length, end: "before".length + bytes.length };
}

/** Used again and again, as by a process. */
const memory = new BodyMemory();

/** One for all, since it remembers what it has written. */
const attributeEncoder = new AttributeEncoder();

function encoded(one: ReadableSpan): Piece {
  const writer = new BackwardWriter(Buffer.alloc(16));
  writeSpan(writer, one, attributeEncoder);
  return piece(writer.written);
}

test("a request of finished spans is what OpenTelemetry writes", () => {
  fc.assert(
    fc.property(fc.array(span, { minLength: 1, maxLength: 4 }), (spans) => {
      const written = writeRequest(
        { blobs: [], open: [], spans: spans.map(encoded) },
        { origin, time: [1, 2], attributes: new AttributeEncoder(), memory },
      );
      expect(Buffer.from(written).equals(ProtobufTraceSerializer.serializeRequest(spans)!)).toBe(true);
    }),
  );
});

// So that the length of the span takes one byte more each time.
test.each([0, 200, 40_000, 3_000_000])(
  "attributes added to an encoded span stand on it beside a text of %d",
  (length) => {
    const [one] = fc.sample(span, { numRuns: 1, seed: 3 });
    const added = { "runreel.usage.counted": true, "runreel.run.kept_because": "error" };
    const read = (encodedSpan: Piece): ReceivedSpan => {
      const setting = { origin, time: [1, 2] as HrTime, attributes: attributeEncoder, memory };
      return readSpans(Buffer.from(writeRequest({ blobs: [], open: [], spans: [encodedSpan] }, setting)))[0]!;
    };
    const whole = encoded({ ...one!, attributes: { long: "x".repeat(length) } });
    const writer = new BackwardWriter();
    extendSpan(writer, whole.buffer.subarray(whole.start, whole.end), added, attributeEncoder);
    const before = read(whole);
    expect(read(piece(writer.written))).toEqual({ ...before, attributes: { ...before.attributes, ...added } });
  },
);

test("a lone surrogate is replaced and disturbs nothing after it", () => {
  const [one] = fc.sample(span, { numRuns: 1, seed: 1 });
  const broken = { ...one!, name: "a\ud800b", attributes: { ["x".repeat(60) + "\udfff"]: "\ud800".repeat(100) } };
  const mended = { ...one!, name: "a\ufffdb", attributes: { ["x".repeat(60) + "\ufffd"]: "\ufffd".repeat(100) } };
  expect(encoded(broken)).toEqual(encoded(mended));
});

test("blobs stand as events of carriers, 500 in each, before the spans", () => {
  const time: HrTime = [1_700_000_000, 5];
  const encoder = new BlobEncoder(() => time);
  const data = Array.from({ length: 501 }, (_, index) =>
    index % 2 === 0 ? `täxt ${index}` : Buffer.from([index % 7, 0, 255]),
  );
  const blobs = data.map((one) => {
    const type = typeof one === "string" ? "text" : "bytes";
    const { hash, bytes } = encoder.encode(type, one, () => false);
    expect(hash).toBe(hashBlob(type, one));
    return { hash, type, piece: piece(bytes!) };
  });
  const [last] = fc.sample(span, { numRuns: 1, seed: 2 });
  const written = writeRequest(
    { blobs: blobs.map((blob) => blob.piece), open: [], spans: [encoded(last!)] },
    { origin, time, attributes: new AttributeEncoder(), memory },
  );
  // Ids of carriers are made up; the oracle is given those that were written.
  const contexts = readSpans(Buffer.from(written))
    .filter(({ name }) => name === "runreel.content")
    .map(({ traceId, spanId }) => ({ traceId, spanId, traceFlags: 1 }));
  expect(contexts).toHaveLength(2);
  const carriers = contexts.map((own, index): ReadableSpan => ({
    ...last!,
    name: "runreel.content",
    kind: SpanKind.INTERNAL,
    spanContext: () => own,
    parentSpanContext: undefined as never,
    startTime: time,
    endTime: time,
    attributes: {},
    links: [],
    status: { code: SpanStatusCode.UNSET },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    events: blobs.slice(index * 500, (index + 1) * 500).map((blob, at) => ({
      name: "runreel.blob",
      time,
      attributes: {
        "runreel.blob.hash": blob.hash,
        "runreel.blob.type": blob.type,
        "runreel.blob.data": Buffer.from(data[index * 500 + at]! as string) as unknown as string,
      },
    })),
  }));
  expect(Buffer.from(written).equals(ProtobufTraceSerializer.serializeRequest([...carriers, last!])!)).toBe(true);
});

test("a blob that is known is named and not encoded", () => {
  const encoder = new BlobEncoder(() => [1, 0]);
  const asked: string[] = [];
  const result = encoder.encode("tree", "[]", (hash) => asked.push(hash) > 0);
  expect(result).toEqual({ hash: hashBlob("tree", "[]"), bytes: undefined });
  expect(asked).toEqual([result.hash]);
});
