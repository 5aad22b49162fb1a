import type { context as contextApi, Span, trace as traceApi, TracerProvider } from "@opentelemetry/api";
import type { runreelSpanProcessor } from "@runreel/sdk/opentelemetry";

/** A span as the host's own exporter gets it. */
export interface HostSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  attributes: Record<string, unknown>;
  status: { code: number; message?: string | undefined };
  events: { name: string; attributes?: Record<string, unknown> | undefined }[];
}

/** A program that uses OpenTelemetry for itself, with the SDK of one line and the copy of the API that goes with it. */
export interface Host {
  line: string;
  context: Pick<typeof contextApi, "active" | "setGlobalContextManager">;
  trace: Pick<typeof traceApi, "getTracer" | "getActiveSpan" | "getTracerProvider">;
  /** Registers a provider with an exporter, and takes `processors` besides. A sampler that drops everything where `isSampled` is false. */
  register(options?: { processors?: ReturnType<typeof runreelSpanProcessor>[]; isSampled?: boolean }): RegisteredHost;
}

export interface RegisteredHost {
  provider: TracerProvider;
  /** What the host's exporter has got. */
  exported: () => Promise<HostSpan[]>;
  unregister: () => void;
}

/** Runs `fn` in a span of the host's. */
export function inSpan<T>(host: Host, name: string, fn: (span: Span) => T): T {
  return host.trace.getTracer("host").startActiveSpan(name, (span) => {
    const result = fn(span);
    if (result instanceof Promise) return result.finally(() => span.end()) as T;
    span.end();
    return result;
  });
}

/** As much of a span as both lines of OpenTelemetry have. */
interface ExportedSpan extends Pick<HostSpan, "name" | "attributes" | "status" | "events"> {
  spanContext(): { traceId: string; spanId: string };
  parentSpanContext?: { spanId: string } | undefined;
}

export function toHostSpan(span: ExportedSpan): HostSpan {
  const { name, attributes, status, events } = span;
  const { traceId, spanId } = span.spanContext();
  return { name, traceId, spanId, parentSpanId: span.parentSpanContext?.spanId, attributes, status, events };
}

/** Spans with the names of their parents, in an order that does not change. */
export function treeOf(spans: readonly Pick<HostSpan, "name" | "spanId" | "parentSpanId">[]): (string | undefined)[][] {
  const names = new Map(spans.map((span) => [span.spanId, span.name]));
  return spans
    .map(({ name, parentSpanId }) => [name, parentSpanId ? (names.get(parentSpanId) ?? "unknown") : undefined])
    .toSorted((a, b) => (a.join() < b.join() ? -1 : 1));
}

/** Makes this process one in which nobody has asked for a span processor of ours. */
export function forgetProcessors(): void {
  const state = globalThis as unknown as Record<symbol, { hasSpanProcessor?: boolean } | undefined>;
  const ours = state[Symbol.for("runreel.sdk.1")];
  if (ours !== undefined) ours.hasSpanProcessor = false;
}
