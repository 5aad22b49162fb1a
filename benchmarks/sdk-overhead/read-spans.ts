// Reads what the sink was sent, whoever sent it: OTLP as protobuf or JSON, and LangSmith's own multipart.
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { protobufFields, spansOf } from "../measure/protobuf-fields.ts";

/** As much of a span as is needed to tell whether it is there, and in its place. */
export interface SentSpan {
  id: string;
  traceId: string;
  /** Empty for a root. */
  parentId: string;
  name: string;
  /** False for the record of a start. */
  isEnded: boolean;
  /** The id of the task that the span's texts speak of, if they speak of any. */
  task: string | undefined;
}

export interface Body {
  type: string;
  encoding: string | undefined;
  bytes: Buffer;
}

const unpackers: Record<string, (bytes: Buffer) => Buffer> = { gzip: gunzipSync, zstd: zstdDecompressSync };

/** The body without its compression. */
export const unpack = ({ encoding, bytes }: Body): Buffer => unpackers[encoding ?? ""]?.(bytes) ?? bytes;

export async function readSpans(body: Body): Promise<SentSpan[]> {
  const bytes = unpack(body);
  if (body.type.startsWith("multipart/")) return readRuns(body.type, bytes);
  if (body.type.startsWith("application/json")) return readJson(bytes);
  return readProtobuf(bytes);
}

/** Task ids end in three digits, so that whatever follows them in the bytes is not taken for a part of them. */
const taskIn = (text: string): string | undefined => /(?:measured|placed|warmup)-\d{3}/.exec(text)?.[0];

function readProtobuf(request: Buffer): SentSpan[] {
  return [...spansOf(request)].map(({ start, end }) => {
    const span: SentSpan = { id: "", traceId: "", parentId: "", name: "", isEnded: false, task: undefined };
    for (const field of protobufFields(request, start, end)) {
      const hex = (): string => request.toString("hex", field.start, field.end);
      if (field.number === 1) span.traceId = hex();
      else if (field.number === 2) span.id = hex();
      else if (field.number === 4) span.parentId = hex();
      else if (field.number === 5) span.name = request.toString("utf8", field.start, field.end);
      else if (field.number === 8) span.isEnded = request.readBigUInt64LE(field.start) > 0n;
    }
    span.task = taskIn(request.toString("latin1", start, end));
    return span;
  });
}

interface JsonSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
}

function readJson(bytes: Buffer): SentSpan[] {
  const { resourceSpans = [] } = JSON.parse(bytes.toString()) as {
    resourceSpans?: { scopeSpans: { spans: JsonSpan[] }[] }[];
  };
  return resourceSpans
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap(({ spans }) => spans)
    .map((span) => ({
      id: span.spanId,
      traceId: span.traceId,
      parentId: span.parentSpanId ?? "",
      name: span.name,
      isEnded: true,
      task: taskIn(JSON.stringify(span)),
    }));
}

/** A run comes in parts, `post.ID`, `post.ID.inputs`, `patch.ID` and so on, some of which may come in a later request. */
async function readRuns(type: string, bytes: Buffer): Promise<SentSpan[]> {
  const spans: SentSpan[] = [];
  const form = await new Response(new Uint8Array(bytes), { headers: { "content-type": type } }).formData();
  for (const [name, value] of form) {
    const [, id = "", part] = name.split(".");
    const text = typeof value === "string" ? value : await value.text();
    const run = part === undefined ? (JSON.parse(text) as Record<string, unknown>) : {};
    const read = (key: string): string => (typeof run[key] === "string" ? run[key] : "");
    spans.push({
      id,
      traceId: read("trace_id"),
      parentId: read("parent_run_id"),
      name: read("name"),
      isEnded: read("end_time") !== "" || typeof run["end_time"] === "number",
      task: taskIn(text),
    });
  }
  return spans;
}

/** One for each span that has ended, of whatever was told of it in pieces. */
export function mergeSpans(pieces: Iterable<SentSpan>): SentSpan[] {
  const merged = new Map<string, SentSpan>();
  for (const piece of pieces) {
    const known = merged.get(piece.id);
    if (known === undefined) merged.set(piece.id, { ...piece });
    else {
      known.traceId ||= piece.traceId;
      known.parentId ||= piece.parentId;
      known.name ||= piece.name;
      known.isEnded ||= piece.isEnded;
      known.task ??= piece.task;
    }
  }
  return [...merged.values()].filter(({ isEnded }) => isEnded);
}
