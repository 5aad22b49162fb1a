import { JsonTraceSerializer, ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DecodeError } from "../model/decode-error.ts";
import type { SpanBatch } from "../model/span-batch.ts";
import { decodeTraces } from "./otlp-protobuf.ts";
import { decodeTracesJson } from "./otlp-json.ts";
import { readableSpans } from "./traces.arbitrary.ts";

// OpenTelemetry's own serializers are the oracle: what they wrote, we must read, in both encodings and with the same outcome.

describe("decodeTraces", () => {
  test("reads what OpenTelemetry's protobuf serializer wrote", () => {
    fc.assert(
      fc.property(readableSpans, (spans) => {
        expect(sorted(described(decodeTraces(ProtobufTraceSerializer.serializeRequest(spans)!)))).toEqual(
          sorted(spans.map(expected)),
        );
      }),
      { numRuns: 150 },
    );
  });

  test("reads the same from OTLP/JSON", () => {
    fc.assert(
      fc.property(readableSpans, (spans) => {
        const json = decodeTracesJson(JsonTraceSerializer.serializeRequest(spans)!);
        const protobuf = decodeTraces(ProtobufTraceSerializer.serializeRequest(spans)!);
        expect(described(json)).toEqual(described(protobuf));
      }),
      { numRuns: 100 },
    );
  });

  test("throws nothing but DecodeError for bodies that were cut or changed", () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(readableSpans, changes, fc.nat(), (spans, flips, cut) => {
        const body = ProtobufTraceSerializer.serializeRequest(spans)!.slice();
        for (const [at, byte] of flips) if (body.length > 0) body[at % body.length] = byte;
        expect(faultOf(() => described(decodeTraces(body.subarray(0, cut % (body.length + 1)))))).toBeUndefined();
        expect(faultOf(() => described(decodeTraces(body)))).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  test("throws nothing but DecodeError for JSON that was cut or changed", () => {
    fc.assert(
      fc.property(readableSpans, fc.nat(), fc.nat(255), (spans, at, byte) => {
        const body = JsonTraceSerializer.serializeRequest(spans)!.slice();
        body[at % body.length] = byte;
        expect(faultOf(() => described(decodeTracesJson(body)))).toBeUndefined();
        expect(faultOf(() => described(decodeTracesJson(body.subarray(0, at % body.length))))).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });

  test("throws nothing but DecodeError for any JSON value in any place", () => {
    const request = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: "small" }, fc.jsonValue(), tie("object")),
      object: fc.dictionary(
        fc.constantFrom("resourceSpans", "resource", "scopeSpans", "spans", "attributes", "value", "arrayValue", "key"),
        fc.oneof(tie("value"), fc.array(tie("value"), { maxLength: 3 })),
        { maxKeys: 4 },
      ),
    })).object;
    fc.assert(
      fc.property(request, (body) => {
        expect(faultOf(() => decodeTracesJson(Buffer.from(JSON.stringify(body))))).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
});

/** What was thrown, unless it was a DecodeError. */
function faultOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    if (!(error instanceof DecodeError)) return error;
  }
  return undefined;
}

type Described = Record<string, unknown>;

/** Everything a batch holds, as plain values. */
function described(batch: SpanBatch): Described[] {
  const { spans } = batch;
  return Array.from({ length: spans.count }, (_, row) => {
    const resource = batch.resources[spans.resource[row]!]!;
    return {
      traceId: hex(batch, spans.traceAt[row]!, 16),
      spanId: hex(batch, spans.spanAt[row]!, 8),
      parentId: spans.parentAt[row] === 0 ? undefined : hex(batch, spans.parentAt[row]!, 8),
      name: batch.spanName(row),
      kind: spans.kind[row],
      start: nanos(spans.startLow[row]!, spans.startHigh[row]!),
      end: nanos(spans.endLow[row]!, spans.endHigh[row]!),
      status: spans.status[row],
      message: batch.text(spans.messageAt[row]!, spans.messageLength[row]!),
      scope: batch.scopes[spans.scope[row]!],
      resource: attributesOf(batch, resource.attributesFrom, resource.attributesTo),
      attributes: attributesOf(batch, spans.attributesFrom[row]!, spans.attributesTo[row]!),
      events: rows(spans.eventsFrom[row]!, spans.eventsTo[row]!, (event) => ({
        name: batch.eventName(event),
        time: nanos(batch.events.timeLow[event]!, batch.events.timeHigh[event]!),
        attributes: attributesOf(batch, batch.events.attributesFrom[event]!, batch.events.attributesTo[event]!),
      })),
      links: rows(spans.linksFrom[row]!, spans.linksTo[row]!, (link) => ({
        traceId: hex(batch, batch.links.traceAt[link]!, 16),
        spanId: hex(batch, batch.links.spanAt[link]!, 8),
        attributes: attributesOf(batch, batch.links.attributesFrom[link]!, batch.links.attributesTo[link]!),
      })),
    };
  });
}

function expected(span: ReadableSpan): Described {
  return {
    traceId: span.spanContext().traceId,
    spanId: span.spanContext().spanId,
    parentId: span.parentSpanContext?.spanId,
    name: wellFormed(span.name),
    kind: span.kind + 1,
    start: nanosOf(span.startTime),
    end: nanosOf(span.endTime),
    status: span.status.code,
    message: wellFormed(span.status.message ?? ""),
    scope: {
      name: wellFormed(span.instrumentationScope.name),
      version: wellFormed(span.instrumentationScope.version ?? ""),
    },
    resource: plain(span.resource.attributes),
    attributes: plain(span.attributes),
    events: span.events.map((event) => ({
      name: wellFormed(event.name),
      time: nanosOf(event.time),
      attributes: plain(event.attributes ?? {}),
    })),
    links: span.links.map((link) => ({
      traceId: link.context.traceId,
      spanId: link.context.spanId,
      attributes: plain(link.attributes ?? {}),
    })),
  };
}

/** The oracle groups spans by resource and scope, so only their set can be compared. */
function sorted(spans: Described[]): Described[] {
  return spans.toSorted((a, b) => (JSON.stringify(a, bigints) < JSON.stringify(b, bigints) ? -1 : 1));
}

function bigints(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

function attributesOf(batch: SpanBatch, from: number, to: number): Record<string, unknown> {
  return Object.fromEntries(rows(from, to, (row) => [batch.key(row), JSON.parse(batch.valueJson(row)) as unknown]));
}

function plain(attributes: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [wellFormed(key), JSON.parse(wellFormed(JSON.stringify(value)))]),
  );
}

function wellFormed(text: string): string {
  return text.toWellFormed();
}

function rows<T>(from: number, to: number, read: (row: number) => T): T[] {
  return Array.from({ length: to - from }, (_, index) => read(from + index));
}

function hex(batch: SpanBatch, at: number, length: number): string {
  return batch.bytes.toString("hex", at, at + length);
}

function nanos(low: number, high: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}

function nanosOf([seconds, rest]: [number, number]): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(rest);
}
