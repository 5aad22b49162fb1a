// Spans as they arrived over OTLP, with their content, and as lines that people can read.
import { decodeContent } from "@runreel/content";

import { createOtlpSink } from "../../../../sdk/test/otlp-sink.ts";
import { langchainCodec } from "../../src/codec/langchain-codec.ts";

type Sink = Awaited<ReturnType<typeof createOtlpSink>>;
type Received = ReturnType<Sink["spans"]>[number];

/** A span with its children in order of start and its content in plain form. `raw` and `state` are the host's own objects again. */
export interface ArrivedSpan extends Omit<Received, "name"> {
  name: string;
  children: ArrivedSpan[];
  input: unknown;
  output: unknown;
  system: unknown;
  tools: unknown;
  raw: unknown;
  state: unknown;
}

/** The roots of what a sink was sent. A span without its parent is a root, and so is not overlooked. */
export async function arrivedSpans(sink: Sink): Promise<ArrivedSpan[]> {
  const ended = new Set(sink.spans().map(({ spanId }) => spanId));
  const open = sink.startRecords().filter(({ spanId }) => !ended.has(spanId));
  const spans = await Promise.all([...sink.spans(), ...open].map((span) => withContent(sink, span)));
  spans.sort((one, other) => Number(one.startTimeUnixNano - other.startTimeUnixNano));
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  for (const span of spans) byId.get(span.parentSpanId)?.children.push(span);
  return spans.filter((span) => !byId.has(span.parentSpanId));
}

async function withContent(sink: Sink, span: Received): Promise<ArrivedSpan> {
  const blobs = new Map(sink.blobs().map((blob) => [blob.hash, blob]));
  const read = async (name: string, codecs: (typeof langchainCodec)[] = []): Promise<unknown> => {
    const reference = span.attributes[`runreel.content.${name}`];
    return reference === undefined ? undefined : decodeContent(reference as string, async () => blobs, { codecs });
  };
  return {
    ...span,
    children: [],
    input: await read("input"),
    output: await read("output"),
    system: await read("system"),
    tools: await read("tools"),
    raw: await read("raw", [langchainCodec]),
    state: await read("state", [langchainCodec]),
  };
}

/** Every span below, the roots included, in the order of the lines. */
export const allSpans = (roots: readonly ArrivedSpan[]): ArrivedSpan[] =>
  roots.flatMap((span) => [span, ...allSpans(span.children)]);

export const linesOf = (roots: readonly ArrivedSpan[], depth = 0): string[] =>
  roots.flatMap((span) => ["  ".repeat(depth) + lineOf(span, depth), ...linesOf(span.children, depth + 1)]);

function lineOf(span: ArrivedSpan, depth: number): string {
  const kind = span.attributes["runreel.step.kind"];
  const name = told(span, "runreel.step.name") ?? span.name;
  if (span.name === "checkpoint") return checkpointLine(span);
  if (kind === "inference") return `chat ${name}${tokensOf(span)} → ${endOf(span, () => partsText(span.output))}`;
  if (kind === "tool") return `tool ${name}(${text(span.input)}) → ${endOf(span, () => text(span.output))}`;
  if (kind === "code") return `code ${name}(${text(span.input)}) → ${endOf(span, () => text(span.output))}`;
  const { "gen_ai.agent.name": agent } = span.attributes;
  return `${depth === 0 ? "run" : "agent"} ${String(agent)} → ${endOf(span, () => outputText(span.output))}`;
}

function told({ attributes }: ArrivedSpan, name: string): string | undefined {
  const value = attributes[name];
  return typeof value === "string" ? value : undefined;
}

function checkpointLine({ attributes }: ArrivedSpan): string {
  const namespace = attributes["runreel.checkpoint.namespace"];
  const within = typeof namespace === "string" ? ` in ${namespace.replaceAll(/:[0-9a-f-]{36}/g, "")}` : "";
  return `checkpoint ${String(attributes["runreel.checkpoint.label"])}${within}`;
}

function endOf(span: ArrivedSpan, result: () => string): string {
  if (span.attributes["runreel.span.pending"] === true) return "still open";
  const failure =
    span.status.code === 2 ? `failed ${String(span.attributes["error.type"])}: ${short(span.status.message)}` : "";
  const given = span.output === undefined || failure !== "" ? "" : result();
  const pause = span.attributes["runreel.run.interrupted"] === true ? "paused" : "";
  return [pause, failure, given].filter((one) => one !== "").join(" ") || "nothing";
}

function tokensOf({ attributes }: ArrivedSpan): string {
  const count = (name: string): unknown => attributes[`gen_ai.usage.${name}`];
  const told = [
    ["", "input_tokens"],
    ["read ", "cache_read.input_tokens"],
    ["written ", "cache_creation.input_tokens"],
    ["out ", "output_tokens"],
    ["reasoning ", "reasoning.output_tokens"],
  ].flatMap(([label, name]) => (count(name!) === undefined ? [] : [`${label}${String(count(name!))}`]));
  if (attributes["runreel.usage.cached"] === true) told.push("cached");
  return told.length === 0 ? "" : ` [${told.join(", ")}]`;
}

const outputText = (output: unknown): string => (isMessage(output) ? partsText(output) : text(output));

const isMessage = (value: unknown): value is { role: string; parts: unknown[] } =>
  Array.isArray((value as { parts?: unknown } | null)?.parts);

function partsText(message: unknown): string {
  if (!isMessage(message)) return text(message);
  const told = (message.parts as Record<string, unknown>[]).map((part) => {
    if (part["type"] === "text") return text(part["content"]);
    if (part["type"] === "reasoning") return `(${short(String(part["content"]))})`;
    if (part["type"] === "tool_call") return `${String(part["name"])}(${text(part["arguments"])})`;
    return `<${[part["type"], part["modality"], part["mime_type"], part["uri"] ?? part["name"]].filter(Boolean).join(" ")}>`;
  });
  return told.join(" ") || '""';
}

const text = (value: unknown): string => short(value === undefined || value === null ? "" : JSON.stringify(value));

const LENGTH_MAX = 90;
const short = (value: string): string => {
  const line = value.replaceAll("\n", " ");
  return line.length <= LENGTH_MAX ? line : `${line.slice(0, LENGTH_MAX)}…`;
};
