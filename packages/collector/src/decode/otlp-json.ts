import { DecodeError } from "../model/decode-error.ts";
import { SpanBatch } from "../model/span-batch.ts";
import { type DecodeLimits, defaultDecodeLimits } from "./limits.ts";
import { decodeTraces } from "./otlp-protobuf.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";

/**
 * Reads an OTLP/JSON trace request by writing it again as protobuf, so that there is one meaning and one reader of both.
 *
 * As the OTLP specification has it: ids in hex, 64-bit integers as text or number, enums by number (or name), unknown members ignored.
 *
 * @throws DecodeError `invalid_json`, `too_many_spans` or `too_many_values`; nothing else.
 */
export function decodeTracesJson(
  body: Uint8Array,
  limits: DecodeLimits = defaultDecodeLimits,
  into: SpanBatch = new SpanBatch(),
): SpanBatch {
  const request = object(parse(body), "the body");
  const out = new ProtobufWriter(body.length);
  each(request["resourceSpans"], "resourceSpans", (entry) => writeResourceSpans(out, entry, limits));
  return decodeTraces(out.take(), limits, into);
}

type Json = Record<string, unknown>;

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8"));
  } catch (cause) {
    throw new DecodeError("invalid_json", "Not an OTLP trace request: the body is not JSON.", { cause });
  }
}

function writeResourceSpans(out: ProtobufWriter, entry: Json, limits: DecodeLimits): void {
  const start = out.open(10);
  if (isGiven(entry["resource"])) {
    const resource = out.open(10);
    writeAttributes(out, 10, object(entry["resource"], "resource")["attributes"], limits);
    out.close(resource);
  }
  each(entry["scopeSpans"], "scopeSpans", (scoped) => {
    const scopeStart = out.open(18);
    if (isGiven(scoped["scope"])) {
      const scope = object(scoped["scope"], "scope");
      const inner = out.open(10);
      writeText(out, 10, scope["name"], "scope.name");
      writeText(out, 18, scope["version"], "scope.version");
      out.close(inner);
    }
    each(scoped["spans"], "spans", (span) => writeSpan(out, span, limits));
    out.close(scopeStart);
  });
  out.close(start);
}

const SPAN_KINDS = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"];
const STATUS_CODES = ["UNSET", "OK", "ERROR"];

function writeSpan(out: ProtobufWriter, span: Json, limits: DecodeLimits): void {
  const start = out.open(18);
  writeId(out, 10, span["traceId"]);
  writeId(out, 18, span["spanId"]);
  writeId(out, 34, span["parentSpanId"]);
  writeText(out, 42, span["name"], "name");
  out.varint(48, enumNumber(span["kind"], "SPAN_KIND_", SPAN_KINDS));
  writeTime(out, 57, span["startTimeUnixNano"], "startTimeUnixNano");
  writeTime(out, 65, span["endTimeUnixNano"], "endTimeUnixNano");
  writeAttributes(out, 74, span["attributes"], limits);
  each(span["events"], "events", (event) => {
    const inner = out.open(90);
    writeTime(out, 9, event["timeUnixNano"], "timeUnixNano");
    writeText(out, 18, event["name"], "event.name");
    writeAttributes(out, 26, event["attributes"], limits);
    out.close(inner);
  });
  each(span["links"], "links", (link) => {
    const inner = out.open(106);
    writeId(out, 10, link["traceId"]);
    writeId(out, 18, link["spanId"]);
    writeAttributes(out, 34, link["attributes"], limits);
    out.close(inner);
  });
  if (isGiven(span["status"])) {
    const status = object(span["status"], "status");
    const inner = out.open(122);
    writeText(out, 18, status["message"], "status.message");
    out.varint(24, enumNumber(status["code"], "STATUS_CODE_", STATUS_CODES));
    out.close(inner);
  }
  out.close(start);
}

function writeAttributes(out: ProtobufWriter, tag: number, attributes: unknown, limits: DecodeLimits): void {
  each(attributes, "attributes", (attribute) => writeKeyValue(out, tag, attribute, limits.depthMax));
}

function writeKeyValue(out: ProtobufWriter, tag: number, attribute: Json, depth: number): void {
  const start = out.open(tag);
  writeText(out, 10, attribute["key"], "key");
  if (isGiven(attribute["value"])) writeAnyValue(out, 18, object(attribute["value"], "value"), depth);
  out.close(start);
}

/** Below the depth that is allowed it writes one level more and no content: enough for the reader to see that it is too deep. */
function writeAnyValue(out: ProtobufWriter, tag: number, value: Json, depth: number): void {
  const start = out.open(tag);
  if (isGiven(value["stringValue"])) writeText(out, 10, value["stringValue"], "stringValue");
  else if (isGiven(value["boolValue"])) out.varint(16, value["boolValue"] === true ? 1n : 0n);
  else if (isGiven(value["intValue"])) writeInteger(out, value["intValue"]);
  else if (isGiven(value["doubleValue"])) out.double(33, double(value["doubleValue"]));
  else if (isGiven(value["bytesValue"])) out.raw(58, Buffer.from(text(value["bytesValue"], "bytesValue"), "base64"));
  else if (isGiven(value["arrayValue"])) {
    const inner = out.open(42);
    const { values } = object(value["arrayValue"], "arrayValue");
    if (depth > 0) each(values, "arrayValue.values", (item) => writeAnyValue(out, 10, item, depth - 1));
    out.close(inner);
  } else if (isGiven(value["kvlistValue"])) {
    const inner = out.open(50);
    const { values } = object(value["kvlistValue"], "kvlistValue");
    if (depth > 0) each(values, "kvlistValue.values", (item) => writeKeyValue(out, 10, item, depth - 1));
    out.close(inner);
  }
  out.close(start);
}

/** JavaScript emitters write whole numbers beyond 64 bits as integers, too. */
function writeInteger(out: ProtobufWriter, value: unknown): void {
  if (typeof value === "number" && Math.abs(value) >= 2 ** 63) out.double(33, value);
  else out.varint(24, integer(value, "intValue"));
}

/** An id that is not hex is written empty: the reader rejects its span and keeps the others. */
function writeId(out: ProtobufWriter, tag: number, id: unknown): void {
  if (!isGiven(id) || id === "") return;
  const isHex = typeof id === "string" && /^(?:[0-9a-f]{2})+$/i.test(id);
  out.raw(tag, isHex ? Buffer.from(id, "hex") : Buffer.of(0));
}

function writeText(out: ProtobufWriter, tag: number, value: unknown, name: string): void {
  if (isGiven(value)) out.text(tag, text(value, name));
}

function writeTime(out: ProtobufWriter, tag: number, value: unknown, name: string): void {
  if (isGiven(value)) out.fixed64(tag, BigInt.asUintN(64, integer(value, name)));
}

function enumNumber(value: unknown, prefix: string, names: string[]): bigint {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return BigInt(Math.min(value, 127));
  if (typeof value !== "string") return 0n;
  return BigInt(Math.max(0, names.indexOf(value.slice(prefix.length))));
}

function integer(value: unknown, name: string): bigint {
  const isWhole =
    typeof value === "number" ? Number.isInteger(value) : typeof value === "string" && /^-?[0-9]{1,20}$/.test(value);
  const number = isWhole ? BigInt(value as number | string) : undefined;
  if (number !== undefined && number >= -(2n ** 63n) && number < 2n ** 64n) return number;
  throw mismatch(name, "a 64-bit integer, as number or text", value);
}

function double(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "string" && value.trim() !== "" && (value === "NaN" || !Number.isNaN(Number(value)))) {
    return Number(value);
  }
  throw mismatch("doubleValue", "a number", value);
}

function text(value: unknown, name: string): string {
  if (typeof value === "string") return value;
  throw mismatch(name, "text", value);
}

function object(value: unknown, name: string): Json {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Json;
  throw mismatch(name, "an object", value);
}

function each(values: unknown, name: string, write: (entry: Json) => void): void {
  if (!isGiven(values)) return;
  if (!Array.isArray(values)) throw mismatch(name, "an array", values);
  for (const value of values) write(object(value, `an element of ${name}`));
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function mismatch(name: string, expected: string, value: unknown): DecodeError {
  const found = value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
  return new DecodeError("invalid_json", `Not an OTLP trace request: ${name} is ${found} where ${expected} belongs.`);
}
