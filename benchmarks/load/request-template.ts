import { protobufFields, spansOf } from "../measure/protobuf-fields.ts";

/**
 * An encoded request that is sent many times, each time as other spans: its ids and times are rewritten in place, which costs the sender almost
 * nothing. One sending has to be answered before the next is stamped.
 */
export interface RequestTemplate {
  readonly bytes: Buffer;
  readonly spans: number;
  /** Makes other spans of it: `stamp` (from 1 to 2³² - 1) goes into every trace and span id, `shiftMs` is added to every time. */
  stamp(stamp: number, shiftMs: number): void;
}

const FIELD = { traceId: 1, spanId: 2, parentSpanId: 4, startTime: 7, endTime: 8, event: 11, eventTime: 1 };

export function createRequestTemplate(bytes: Buffer): RequestTemplate {
  const traceIds: number[] = [];
  const spanIds: number[] = [];
  const times: number[] = [];
  let spans = 0;
  for (const span of spansOf(bytes)) {
    spans++;
    for (const field of protobufFields(bytes, span.start, span.end)) {
      if (field.number === FIELD.traceId) traceIds.push(field.start);
      else if (field.number === FIELD.spanId || field.number === FIELD.parentSpanId) spanIds.push(field.start);
      else if (field.number === FIELD.startTime || field.number === FIELD.endTime) times.push(field.start);
      else if (field.number === FIELD.event) {
        for (const part of protobufFields(bytes, field.start, field.end)) {
          if (part.number === FIELD.eventTime) times.push(part.start);
        }
      }
    }
  }
  const original = times.map((at) => bytes.readBigUInt64LE(at));
  return {
    bytes,
    spans,
    stamp(stamp, shiftMs) {
      // Stamps in a row would lie side by side in the store; ids of real traces do not. Multiplying by an odd number keeps them distinct.
      const traceStamp = Math.imul(stamp, 0x9e3779b1) >>> 0;
      for (const at of traceIds) bytes.writeUInt32BE(traceStamp, at);
      for (const at of spanIds) bytes.writeUInt32BE(stamp, at);
      const shift = BigInt(shiftMs) * 1_000_000n;
      times.forEach((at, index) => bytes.writeBigUInt64LE((original[index] ?? 0n) + shift, at));
    },
  };
}
