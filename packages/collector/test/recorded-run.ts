import { randomBytes } from "node:crypto";
import { contentHash, encodeContent, hashBlob, type Blob } from "@runreel/content";

/** A span in few words; `recordRun` makes OTLP/JSON of it. */
export interface SpanSketch {
  name: string;
  parent?: string;
  /** Milliseconds after the begin of the run. */
  from: number;
  to?: number;
  attributes?: Record<string, string | number | boolean>;
  content?: Partial<Record<"input" | "output" | "system" | "tools" | "raw" | "state", unknown>>;
  error?: { name: string; message: string; stack: string };
}

export interface RecordedRun {
  runId: string;
  request: unknown;
  spanId(key: string): string;
}

/** What the SDK sends of a run: its spans, and before them a carrier with the blobs of their content. */
export function recordRun(
  sketches: Record<string, SpanSketch>,
  options: { runId?: string; startMs?: number } = {},
): RecordedRun {
  const runId = options.runId ?? randomBytes(16).toString("hex");
  const startMs = options.startMs ?? Date.now() - 5000;
  const blobs = new Map<string, Blob>();
  const keys = Object.keys(sketches);
  const spanId = (key: string): string => (keys.indexOf(key) + 1).toString(16).padStart(16, "0");
  const nano = (ms: number): string => `${startMs + ms}000000`;
  const spans = keys.map((key) => {
    const { name, parent, from, to, attributes = {}, content = {}, error } = sketches[key]!;
    const hashes = Object.entries(content).map(([place, value]) => {
      const hash = isTextBlob(value)
        ? addText(value, blobs)
        : encodeContent(value, (blob) => blobs.set(blob.hash, blob));
      return [`runreel.content.${place}`, hash] as const;
    });
    const pending = to === undefined ? { "runreel.span.pending": true } : {};
    return {
      traceId: runId,
      spanId: spanId(key),
      ...(parent === undefined ? {} : { parentSpanId: spanId(parent) }),
      name,
      kind: 1,
      startTimeUnixNano: nano(from),
      endTimeUnixNano: to === undefined ? "0" : nano(to),
      attributes: attributeList({ ...attributes, ...Object.fromEntries(hashes), ...pending }),
      ...(error ? { status: { code: 2, message: error.message }, events: [exception(error, nano(from))] } : {}),
    };
  });
  const carrier = {
    traceId: randomBytes(16).toString("hex"),
    spanId: randomBytes(8).toString("hex"),
    name: "runreel.content",
    kind: 1,
    startTimeUnixNano: nano(0),
    endTimeUnixNano: nano(0),
    events: [...blobs.values()].map((blob) => blobEvent(blob, nano(0))),
  };
  const resource = { attributes: attributeList({ "service.name": "shop" }) };
  const scopeSpans = [{ scope: { name: "@runreel/sdk" }, spans: [carrier, ...spans] }];
  return { runId, request: { resourceSpans: [{ resource, scopeSpans }] }, spanId };
}

/** An agent that asks a model, and fails in the tool that the model asked for. A date and a class are among its values. */
export function failingRun(
  options: { rate?: string; failed?: boolean; replayOf?: string; startMs?: number } = {},
): RecordedRun {
  const { rate = "NOK", failed = true, replayOf, startMs } = options;
  const text = "a long question about exchange rates. ".repeat(30);
  const question = { role: "user", parts: [{ type: "text", content: text }] };
  const call = { type: "tool_call", id: "call_1", name: "convert", arguments: { from: rate } };
  const answer = { role: "assistant", parts: [{ type: "reasoning", content: "I need a rate." }, call] };
  const error = {
    name: "RangeError",
    message: `no rate for ${rate}`,
    stack: `RangeError: no rate for ${rate}\n    at convert`,
  };
  const replay = {
    "runreel.replay.id": "rp_test",
    "runreel.replay.of_run": replayOf ?? "",
    "runreel.replay.from": 2,
    "runreel.replay.mode": "live",
  };
  return recordRun(
    {
      root: {
        name: "invoke_agent researcher",
        from: 0,
        to: 900,
        attributes: {
          "gen_ai.operation.name": "invoke_agent",
          "gen_ai.agent.name": "researcher",
          "runreel.run.name": "research",
          "gen_ai.conversation.id": "thread-7",
          ...(replayOf === undefined ? {} : replay),
        },
        ...(failed ? { error } : {}),
      },
      chat: {
        name: "chat gpt-4o",
        parent: "root",
        from: 100,
        to: 300,
        attributes: {
          "gen_ai.operation.name": "chat",
          "gen_ai.provider.name": "openai",
          "gen_ai.request.model": "gpt-4o",
          "gen_ai.response.model": "gpt-4o-2024-08-06",
          "gen_ai.usage.input_tokens": 1000,
          "gen_ai.usage.cache_read.input_tokens": 600,
          "gen_ai.usage.output_tokens": 200,
          "gen_ai.usage.reasoning.output_tokens": 50,
          "runreel.step.kind": "inference",
          "runreel.step.name": "gpt-4o",
        },
        content: {
          input: [question],
          output: answer,
          system: [{ type: "text", content: "Be brief." }],
          tools: [{ name: "convert" }],
        },
      },
      before: {
        name: "checkpoint",
        parent: "root",
        from: 350,
        to: 350,
        attributes: { "runreel.checkpoint.id": "cp-1", "runreel.checkpoint.label": "after-chat" },
        content: { state: { messages: [question, answer], seen: new Date("2026-01-02T03:04:05Z") } },
      },
      convert: {
        name: "execute_tool convert",
        parent: "root",
        from: 400,
        to: 450,
        attributes: {
          "gen_ai.operation.name": "execute_tool",
          "gen_ai.tool.name": "convert",
          "gen_ai.tool.call.id": "call_1",
          "runreel.step.kind": "tool",
          "runreel.step.name": "convert",
          "runreel.effect": "read",
        },
        content: failed
          ? { input: { from: rate } }
          : { input: { from: rate }, output: new Date("2026-01-02T00:00:00Z") },
        ...(failed ? { error } : {}),
      },
    },
    startMs === undefined ? {} : { startMs },
  );
}

export { contentHash };

/** A long text alone is a blob of its own, without a tree that names it. */
const isTextBlob = (value: unknown): value is string => typeof value === "string" && value.length > 512;

function addText(data: string, blobs: Map<string, Blob>): string {
  const hash = hashBlob("text", data);
  blobs.set(hash, { hash, type: "text", data });
  return hash;
}

function attributeList(attributes: Record<string, string | number | boolean>): unknown[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: string | number | boolean | Uint8Array): unknown {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "number") return { intValue: String(value) };
  return typeof value === "boolean" ? { boolValue: value } : { bytesValue: Buffer.from(value).toString("base64") };
}

function exception(error: { name: string; message: string; stack: string }, timeUnixNano: string): unknown {
  const { name, message, stack } = error;
  return {
    name: "exception",
    timeUnixNano,
    attributes: attributeList({ "exception.type": name, "exception.message": message, "exception.stacktrace": stack }),
  };
}

function blobEvent(blob: Blob, timeUnixNano: string): unknown {
  const named = attributeList({ "runreel.blob.hash": blob.hash, "runreel.blob.type": blob.type });
  return {
    name: "runreel.blob",
    timeUnixNano,
    attributes: [...named, { key: "runreel.blob.data", value: anyValue(blob.data as string | Uint8Array) }],
  };
}
