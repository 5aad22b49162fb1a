import { SpanKind, SpanStatusCode, type Attributes } from "@opentelemetry/api";
import { ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";

/** Requests as an agent's exporter sends them: runs of 16 spans, 3.2 KB of protobuf a span with content. */
export interface Load {
  requests: number;
  spansPerRequest: number;
  withContent: boolean;
}

const SPANS_PER_RUN = 16;
const resource = resourceFromAttributes({
  "service.name": "order-desk",
  "service.version": "1.4.2",
  "service.instance.id": "627cc493-f310-47de-96bd-71410b7dec09",
  "deployment.environment.name": "production",
  "host.name": "worker-17",
  "host.arch": "amd64",
  "os.type": "linux",
  "process.pid": 4711,
  "process.runtime.name": "nodejs",
  "process.runtime.version": "24.21.0",
  "telemetry.sdk.name": "opentelemetry",
  "telemetry.sdk.language": "nodejs",
  "telemetry.sdk.version": "3.1.1",
});
const scope = { name: "runreel", version: "0.1.0" };

/** Random, but the same in every run. */
function createRandom(): (below: number) => number {
  let state = 42;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * below);
  };
}

const words = "the order lamp rate service desk euro worth damaged convert look please answer again tool call".split(
  " ",
);

/** The bodies of the requests, ready to be sent. */
export function createRequests(load: Load): Uint8Array[] {
  const random = createRandom();
  const hex = (digits: number): string => Array.from({ length: digits }, () => (random(15) + 1).toString(16)).join("");
  const text = (length: number): string => {
    let all = "";
    while (all.length < length) all += `${words[random(words.length)]} `;
    return all;
  };
  const startSeconds = Math.floor(Date.now() / 1000) - 600;
  let traceId = "";
  let rootId = "";
  let made = 0;
  const span = (): ReadableSpan => {
    const place = made++ % SPANS_PER_RUN;
    if (place === 0) traceId = hex(32);
    const spanId = hex(16);
    if (place === 0) rootId = spanId;
    const isTool = place % 3 === 2;
    const content = load.withContent ? (isTool ? toolContent(text) : chatContent(text)) : {};
    const seconds = startSeconds + (made >> 9);
    const context = { traceId, spanId, traceFlags: 1 };
    return {
      name: isTool ? "execute_tool lookup_order" : "chat gpt-5-mini",
      kind: isTool ? SpanKind.INTERNAL : SpanKind.CLIENT,
      spanContext: () => context,
      parentSpanContext: place === 0 ? undefined : { traceId, spanId: rootId, traceFlags: 1 },
      startTime: [seconds, random(1e9)],
      endTime: [seconds + 2, random(1e9)],
      status: { code: random(20) === 0 ? SpanStatusCode.ERROR : SpanStatusCode.UNSET, message: "" },
      attributes: { ...(isTool ? tool(hex) : chat(random)), ...content },
      events: [],
      links: [],
      resource,
      instrumentationScope: scope,
      duration: [2, 0],
      ended: true,
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    } as unknown as ReadableSpan;
  };
  return Array.from({ length: load.requests }, () => {
    const spans = Array.from({ length: load.spansPerRequest }, span);
    return ProtobufTraceSerializer.serializeRequest(spans)!;
  });
}

function chat(random: (below: number) => number): Attributes {
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.agent.name": "order_clerk",
    "gen_ai.conversation.id": "conv-7f3a",
    "gen_ai.request.model": "gpt-5-mini",
    "gen_ai.response.model": "gpt-5-mini-2025-08-07",
    "gen_ai.response.id": `chatcmpl-${random(1e9)}`,
    "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.request.temperature": 0.2,
    "gen_ai.request.max_tokens": 2048,
    "gen_ai.usage.input_tokens": 1000 + random(9000),
    "gen_ai.usage.cache_read.input_tokens": random(1000),
    "gen_ai.usage.output_tokens": 100 + random(900),
    "gen_ai.usage.reasoning.output_tokens": random(100),
    "runreel.step.kind": "inference",
    "server.address": "api.openai.com",
  };
}

function tool(hex: (digits: number) => string): Attributes {
  return {
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.agent.name": "order_clerk",
    "gen_ai.conversation.id": "conv-7f3a",
    "gen_ai.tool.name": "lookup_order",
    "gen_ai.tool.type": "function",
    "gen_ai.tool.call.id": `call_${hex(12)}`,
    "runreel.step.kind": "tool",
    "runreel.effect": "read",
    "tenant.id": "t-17",
    "deployment.region": "eu-central",
  };
}

function chatContent(text: (length: number) => string): Attributes {
  return {
    "gen_ai.input.messages": JSON.stringify([{ role: "user", parts: [{ type: "text", content: text(2000) }] }]),
    "gen_ai.output.messages": JSON.stringify([{ role: "assistant", parts: [{ type: "text", content: text(700) }] }]),
  };
}

function toolContent(text: (length: number) => string): Attributes {
  return {
    "gen_ai.tool.call.arguments": JSON.stringify({ query: text(400) }),
    "gen_ai.tool.call.result": JSON.stringify({ rows: text(1700) }),
  };
}
