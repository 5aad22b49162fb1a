/** How the spans of a request were taken; `rejected` of them were not, for `reason`. */
export interface ExportOutcome {
  rejected: number;
  reason: string;
}

export type Encoding = "protobuf" | "json";

export const contentTypes: Record<Encoding, string> = {
  protobuf: "application/x-protobuf",
  json: "application/json",
};

/**
 * Writes an ExportTraceServiceResponse (opentelemetry/proto/collector/trace/v1/trace_service.proto): empty when everything was taken, else
 * `partial_success = 1 { int64 rejected_spans = 1; string error_message = 2; }`.
 */
export function encodeExportResponse(encoding: Encoding, outcome: ExportOutcome): Buffer {
  if (encoding === "json") {
    const partial = { partialSuccess: { rejectedSpans: String(outcome.rejected), errorMessage: outcome.reason } };
    return Buffer.from(JSON.stringify(outcome.rejected === 0 ? {} : partial));
  }
  if (outcome.rejected === 0) return Buffer.alloc(0);
  const message = Buffer.from(outcome.reason);
  const partial = Buffer.concat([
    Buffer.from([0x08, ...varint(outcome.rejected), 0x12, ...varint(message.length)]),
    message,
  ]);
  return Buffer.concat([Buffer.from([0x0a, ...varint(partial.length)]), partial]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}
