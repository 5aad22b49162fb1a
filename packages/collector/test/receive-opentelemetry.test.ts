// A program that knows OpenTelemetry and nothing of Runreel: its spans, by its own serializers, in both encodings.
import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { JsonTraceSerializer, ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider, type ReadableSpan } from "@opentelemetry/sdk-trace";
import { afterAll, beforeAll, expect, test } from "vitest";
import { gzipSync } from "node:zlib";
import type { RunAnswer } from "../src/query/show-run.ts";
import type { SpanAnswer } from "../src/query/show-span.ts";
import { runCollector, type RunningCollector } from "./running-collector.ts";

let running: RunningCollector;

beforeAll(async () => {
  running = await runCollector();
});

afterAll(() => running?.stop());

const question = [{ role: "user", parts: [{ type: "text", content: "What is the weather?" }] }];
const answer = [{ role: "assistant", parts: [{ type: "text", content: "Fine." }], finish_reason: "stop" }];

/** An agent by the GenAI conventions, with its content inline. */
async function recordedSpans(): Promise<ReadableSpan[]> {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": "weather" }),
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer("program");
  const root = tracer.startSpan("invoke_agent forecaster", {
    attributes: { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "forecaster" },
  });
  // Steps are in order of start, and a fast program may start two in the same microsecond.
  const startMs = Date.now();
  const inRoot = trace.setSpan(context.active(), root);
  const chat = tracer.startSpan(
    "chat gpt-4o-mini",
    {
      kind: SpanKind.CLIENT,
      startTime: startMs,
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o-mini",
        "gen_ai.usage.input_tokens": 12,
        "gen_ai.usage.output_tokens": 3,
        "gen_ai.input.messages": JSON.stringify(question),
        "gen_ai.output.messages": JSON.stringify(answer),
      },
    },
    inRoot,
  );
  chat.end();
  const tool = tracer.startSpan(
    "execute_tool weather",
    {
      startTime: startMs + 5,
      attributes: {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "weather",
        "gen_ai.tool.call.arguments": '{"city":"Oslo"}',
      },
    },
    inRoot,
  );
  tool.recordException(new TypeError("no such city"));
  tool.setStatus({ code: SpanStatusCode.ERROR, message: "no such city" });
  tool.end();
  root.end();
  await provider.forceFlush();
  return exporter.getFinishedSpans();
}

test.each([
  ["protobuf", ProtobufTraceSerializer, "application/x-protobuf"],
  ["json", JsonTraceSerializer, "application/json"],
] as const)("spans in %s can be asked for", async (_name, serializer, contentType) => {
  const spans = await recordedSpans();
  const body = gzipSync(serializer.serializeRequest(spans)!);
  const sent = await running.post("/v1/traces", body, { "content-type": contentType, "content-encoding": "gzip" });
  expect(sent.status).toBe(200);
  await running.collector.flush();

  const runId = spans[0]!.spanContext().traceId;
  const { body: shown } = await running.get<RunAnswer>(`/api/runs/${runId}`);
  expect(shown.run).toMatchObject({
    name: "forecaster",
    agent: { name: "forecaster" },
    service: "weather",
    status: "ok",
  });
  expect(shown.steps).toMatchObject([
    {
      kind: "inference",
      model: "gpt-4o-mini",
      tokens: { input: 12, output: 3, cacheRead: null, reasoning: null },
      arguments: { messages: question },
      result: answer,
    },
    {
      kind: "tool",
      name: "weather",
      arguments: { city: "Oslo" },
      error: { name: "TypeError", message: "no such city" },
    },
  ]);
  expect(shown.run.costUsd).toMatch(/^0\.0000\d+$/);
  const tool = shown.steps[1]!;
  const { body: span } = await running.get<SpanAnswer>(`/api/runs/${runId}/spans/${tool.spanId}`);
  expect(span).toMatchObject({
    name: "execute_tool weather",
    error: { stack: expect.stringContaining("TypeError: no such city") },
  });
});
