import type { SpansRecord } from "../model/block.ts";
import { decodedBatches } from "../model/decoded-batches.ts";
import { DecodeError } from "../model/decode-error.ts";
import type { SpanBatch } from "../model/span-batch.ts";
import { type DecodeLimits, defaultDecodeLimits } from "./limits.ts";
import { decodeTracesJson } from "./otlp-json.ts";
import { decodeTraces } from "./otlp-protobuf.ts";

/** What a look at a request found: enough to answer its sender. */
export type TraceInspection =
  | {
      ok: true;
      spans: number;
      traceId: Uint8Array;
      rejected: Record<string, number>;
      reason: string;
      decoded?: SpanBatch;
    }
  | { ok: false; code: DecodeError["code"]; message: string };

/** Decodes a body into `into`, whichever of the two encodings it has. */
export function decodeBody(
  body: Uint8Array,
  encoding: SpansRecord["encoding"],
  limits: DecodeLimits,
  into: SpanBatch,
): SpanBatch {
  return encoding === "json" ? decodeTracesJson(body, limits, into) : decodeTraces(body, limits, into);
}

/**
 * Decodes a request before it is acknowledged, to see whether it can be taken and which of its spans cannot. The same bytes and limits give the
 * same answer when the block is built.
 *
 * `traceId` is the one of the first span: 16 bytes, copied; all zero when there is no span. `decoded` are the spans, where there is room to keep them:
 * whoever has them gives them back to `decodedBatches`.
 */
export function inspectTraces(
  body: Uint8Array,
  encoding: SpansRecord["encoding"],
  limits: DecodeLimits = defaultDecodeLimits,
): TraceInspection {
  const batch = decodedBatches.take();
  try {
    decodeBody(body, encoding, limits, batch);
    const at = batch.spans.traceAt[0]!;
    const traceId = batch.spans.count === 0 ? new Uint8Array(16) : Uint8Array.from(batch.bytes.subarray(at, at + 16));
    const rejected = Object.fromEntries(batch.rejected);
    const reasons = [...batch.rejected].map(([reason, count]) => `${reason} (${count})`).join(", ");
    const reason = reasons === "" ? "" : `Some spans were not taken: ${reasons}.`;
    const found = { ok: true, spans: batch.spans.count, traceId, rejected, reason } as const;
    if (found.spans > 0) return decodedBatches.keep(batch) ? { ...found, decoded: batch } : found;
    decodedBatches.giveBack(batch);
    return found;
  } catch (error) {
    decodedBatches.giveBack(batch);
    if (error instanceof DecodeError) return { ok: false, code: error.code, message: error.message };
    throw error;
  }
}
