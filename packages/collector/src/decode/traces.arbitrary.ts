import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { resourceFromAttributes } from "@opentelemetry/resources";
import * as fc from "fast-check";

const text = fc.oneof(fc.string({ maxLength: 12 }), fc.string({ unit: "binary", maxLength: 6 }));
const scalar = fc.oneof(
  text,
  fc.boolean(),
  fc.integer(),
  fc.maxSafeInteger(),
  // The oracle writes whole numbers as 64-bit integers, those that do not fit as well: they are not compared.
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }).filter((value) => !Object.is(value, -0)),
);
const list = fc.oneof(
  fc.array(text, { maxLength: 4 }),
  fc.array(fc.boolean(), { maxLength: 4 }),
  fc.array(fc.integer(), { maxLength: 4 }),
);
/** Attributes as the OpenTelemetry API takes them. */
const attributes = fc.dictionary(fc.string({ minLength: 1, maxLength: 20 }), fc.oneof(scalar, list), { maxKeys: 6 });

const hex = (digits: number): fc.Arbitrary<string> =>
  fc
    .array(fc.integer({ min: 0, max: 15 }), { minLength: digits, maxLength: digits })
    .map((all) => all.map((digit) => digit.toString(16)).join(""))
    .filter((id) => /[1-9a-f]/.test(id));
const context = fc.record({ traceId: hex(32), spanId: hex(16), traceFlags: fc.constant(1) });
const time = fc.tuple(fc.integer({ min: 1, max: 2_000_000_000 }), fc.integer({ min: 0, max: 999_999_999 }));

const scope = fc.record({ name: fc.string({ minLength: 1 }), version: text });
const resource = attributes.map((all) => resourceFromAttributes(all));

/** A span as the OpenTelemetry SDK hands it to its exporters. */
const span = fc
  .record({
    name: text,
    kind: fc.integer({ min: 0, max: 4 }),
    context,
    parentSpanContext: fc.option(context, { nil: undefined }),
    startTime: time,
    endTime: time,
    status: fc.record({ code: fc.integer({ min: 0, max: 2 }), message: text }),
    attributes,
    events: fc.array(fc.record({ name: text, time, attributes, droppedAttributesCount: fc.nat(3) }), { maxLength: 3 }),
    links: fc.array(fc.record({ context, attributes }), { maxLength: 2 }),
  })
  .map((record) => ({ ...record, spanContext: () => record.context }));

/** Requests of some spans that share some resources and scopes. */
export const readableSpans: fc.Arbitrary<ReadableSpan[]> = fc
  .record({
    resources: fc.array(resource, { minLength: 1, maxLength: 2 }),
    scopes: fc.array(scope, { minLength: 1, maxLength: 2 }),
    spans: fc.array(fc.tuple(span, fc.nat(1), fc.nat(1)), { maxLength: 6 }),
  })
  .map(({ resources, scopes, spans }) =>
    spans.map(
      ([each, resourceIndex, scopeIndex]) =>
        ({
          ...each,
          resource: resources[resourceIndex % resources.length],
          instrumentationScope: scopes[scopeIndex % scopes.length],
          duration: [0, 0],
          ended: true,
          droppedAttributesCount: 0,
          droppedEventsCount: 0,
          droppedLinksCount: 0,
        }) as unknown as ReadableSpan,
    ),
  );
