import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";

import { toHostSpan } from "./host.ts";
import type { Host } from "./host.ts";

/** OpenTelemetry's 3.x line, with the API that Runreel itself has. */
export const otel3: Host = {
  line: "3.x",
  context,
  trace,
  register: ({ processors = [], isSampled = true } = {}) => {
    const exporter = new InMemorySpanExporter();
    const provider = new TracerProvider({
      sampler: isSampled ? new AlwaysOnSampler() : new AlwaysOffSampler(),
      spanProcessors: [new SimpleSpanProcessor({ exporter }), ...processors],
    });
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    trace.setGlobalTracerProvider(provider);
    return {
      provider,
      exported: async () => {
        await provider.forceFlush();
        return exporter.getFinishedSpans().map(toHostSpan);
      },
      unregister: () => {
        trace.disable();
        context.disable();
      },
    };
  },
};
