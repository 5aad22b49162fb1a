// What a careful person writes by hand with OpenTelemetry's own SDK, once per project: the spans that mean something, each with what is new in it.
import { AsyncLocalStorage } from "node:async_hooks";
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Span } from "@opentelemetry/api";
import { AIMessage, ToolMessage } from "@langchain/core/messages";
import type { UsageMetadata } from "@langchain/core/messages";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { createMiddleware } from "langchain";
import type { Variant } from "./variants.ts";

export function plainOpenTelemetry(sinkUrl: string, queue: { maxQueueSize?: number }): Variant {
  const exporter = new OTLPTraceExporter({ url: `${sinkUrl}/v1/traces` });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": "research" }),
    spanProcessors: [new BatchSpanProcessor({ exporter, ...queue })],
  });
  const tracer = provider.getTracer("by-hand");
  const root = new AsyncLocalStorage<Span>();
  const begin = (name: string, kind: SpanKind, attributes: Record<string, string>): Span => {
    const parent = root.getStore();
    return tracer.startSpan(
      name,
      { kind, attributes },
      parent === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, parent),
    );
  };

  const middleware = createMiddleware({
    name: "by-hand",
    wrapModelCall: async (request, handler) => {
      const span = begin("chat gpt-5-mini", SpanKind.CLIENT, {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "gpt-5-mini",
      });
      return recordEnd(span, async () => {
        const answer = await handler(request);
        if (AIMessage.isInstance(answer)) describeAnswer(span, answer);
        return answer;
      });
    },
    wrapToolCall: async (request, handler) => {
      const { name, args, id } = request.toolCall;
      const span = begin(`execute_tool ${name}`, SpanKind.INTERNAL, {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": name,
        "gen_ai.tool.call.id": id ?? "",
        "gen_ai.tool.call.arguments": JSON.stringify(args),
      });
      return recordEnd(span, async () => {
        const result = await handler(request);
        if (ToolMessage.isInstance(result)) span.setAttribute("gen_ai.tool.call.result", result.text);
        return result;
      });
    },
  });

  return {
    instruments: { middleware: [middleware] },
    callbacks: () => [],
    around: (run) => {
      const span = begin("invoke_agent research", SpanKind.INTERNAL, {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.name": "research",
      });
      return root.run(span, () => recordEnd(span, run));
    },
    flush: () => provider.forceFlush(),
    close: () => provider.shutdown(),
  };
}

async function recordEnd<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    span.recordException(error instanceof Error ? error : String(error));
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

function describeAnswer(span: Span, answer: AIMessage): void {
  const usage = answer.usage_metadata as UsageMetadata | undefined;
  span.setAttributes({
    "gen_ai.output.messages": JSON.stringify([
      { role: "assistant", content: answer.content, tool_calls: answer.tool_calls },
    ]),
    "gen_ai.response.id": answer.id ?? "",
    "gen_ai.response.finish_reasons": [String(answer.response_metadata["finish_reason"])],
    "gen_ai.usage.input_tokens": usage?.input_tokens ?? 0,
    "gen_ai.usage.output_tokens": usage?.output_tokens ?? 0,
    "gen_ai.usage.cache_read.input_tokens": usage?.input_token_details?.cache_read ?? 0,
    "gen_ai.usage.reasoning.output_tokens": usage?.output_token_details?.reasoning ?? 0,
  });
}
