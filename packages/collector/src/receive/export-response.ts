/** How the spans of a request were taken; `rejected` of them were not, for `reason`. */
export interface ExportOutcome {
  rejected: number;
  reason: string;
  /** JSON of what the sender is asked for; in protobuf alone. */
  asks?: string | undefined;
}

/** Tag of a field of our own, number 1000: who does not know it skips it. */
const ASKS = [0xc2, 0x3e];

export type Encoding = "protobuf" | "json";

export const contentTypes: Record<Encoding, string> = {
  protobuf: "application/x-protobuf",
  json: "application/json",
};

/**
 * Writes an ExportTraceServiceResponse (opentelemetry/proto/collector/trace/v1/trace_service.proto): empty when everything was taken, else
 * `partial_success = 1 { int64 rejected_spans = 1; string error_message = 2; }`, and `string asks = 1000` for senders that can be asked.
 */
export function encodeExportResponse(encoding: Encoding, outcome: ExportOutcome): Buffer {
  if (encoding === "json") {
    const partial = { partialSuccess: { rejectedSpans: String(outcome.rejected), errorMessage: outcome.reason } };
    return Buffer.from(JSON.stringify(outcome.rejected === 0 ? {} : partial));
  }
  if (outcome.rejected === 0 && outcome.asks === undefined) return Buffer.alloc(0);
  return Buffer.concat([partialSuccess(outcome), field(ASKS, outcome.asks)]);
}

function partialSuccess({ rejected, reason }: ExportOutcome): Buffer {
  if (rejected === 0) return Buffer.alloc(0);
  const partial = Buffer.concat([Buffer.from([0x08, ...varint(rejected)]), field([0x12], reason)]);
  return field([0x0a], partial);
}

function field(tag: number[], value: string | Buffer | undefined): Buffer {
  if (value === undefined) return Buffer.alloc(0);
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([...tag, ...varint(bytes.length)]), bytes]);
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
