import { FieldReader } from "./field-reader.ts";

/** Tags of `ExportTraceServiceResponse.partial_success` and of its fields. */
const PARTIAL_SUCCESS = 0x0a;
const REJECTED_SPANS = 0x08;
const ERROR_MESSAGE = 0x12;

/** What an endpoint says it has not taken of a request that it accepted; undefined when it took all, or cannot be understood. */
export function readPartialSuccess(response: Uint8Array): { spanCount: number; error: string } | undefined {
  const reader = new FieldReader(response);
  for (let tag = reader.varint(); tag !== undefined; tag = reader.varint()) {
    const bytes = reader.bytes();
    if (bytes === undefined) return undefined;
    if (tag === PARTIAL_SUCCESS) return readRejected(bytes);
  }
  return undefined;
}

function readRejected(message: Uint8Array): { spanCount: number; error: string } | undefined {
  const reader = new FieldReader(message);
  let spanCount = 0;
  let error = "";
  for (let tag = reader.varint(); tag !== undefined; tag = reader.varint()) {
    if (tag === REJECTED_SPANS) spanCount = reader.varint() ?? 0;
    else if (tag === ERROR_MESSAGE) error = Buffer.from(reader.bytes() ?? []).toString("utf8");
    else return undefined;
  }
  return spanCount === 0 ? undefined : { spanCount, error };
}
