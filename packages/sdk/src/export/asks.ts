import { FieldReader } from "./field-reader.ts";

/** What a collector asks of this process. */
export interface Asks {
  /** Says, with the next request, that this was heard. */
  token: string;
  /** Hashes of blobs that the collector does not have. */
  blobs: readonly string[];
  /** Runs that are sampled out and should be sent after all. */
  keep: readonly KeepAsk[];
}

interface KeepAsk {
  runId: string;
  reason: string;
}

/** Tag of the field that our collector adds to `ExportTraceServiceResponse`: number 1000, JSON as text. Others skip what they do not know. */
const ASKS = (1_000 << 3) | 2;

/** The most that one answer can hold. */
const ASKED_MAX_COUNT = 2_000;

const ID = /^[0-9a-f]{32}$/;
const TOKEN = /^[\w-]{1,64}$/;

/** What an answer asks for; undefined when it asks for nothing, or cannot be understood. */
export function readAsks(response: Uint8Array): Asks | undefined {
  const reader = new FieldReader(response);
  for (let tag = reader.varint(); tag !== undefined; tag = reader.varint()) {
    const bytes = reader.bytes();
    if (bytes === undefined) return undefined;
    if (tag === ASKS) return parseAsks(Buffer.from(bytes).toString("utf8"));
  }
  return undefined;
}

function parseAsks(text: string): Asks | undefined {
  try {
    const { token, blobs, keep } = JSON.parse(text) as Record<string, unknown>;
    if (typeof token !== "string" || !TOKEN.test(token)) return undefined;
    return { token, blobs: listOf(blobs).filter(isId), keep: listOf(keep).filter(isKeepAsk) };
  } catch {
    return undefined;
  }
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value.slice(0, ASKED_MAX_COUNT) : [];
}

function isId(value: unknown): value is string {
  return typeof value === "string" && ID.test(value);
}

function isKeepAsk(value: unknown): value is KeepAsk {
  const { runId, reason } = (value ?? {}) as Record<string, unknown>;
  return isId(runId) && typeof reason === "string";
}
