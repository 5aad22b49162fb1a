import { createRequire } from "node:module";

import { toHostSpan } from "../../packages/sdk/test/coexistence/host.ts";
import type { Host } from "../../packages/sdk/test/coexistence/host.ts";

// As Node loads them: its files for bundlers do not run in Node.
const load = createRequire(import.meta.url);
const { context, trace } = load("@opentelemetry/api") as typeof import("@opentelemetry/api");
const { AlwaysOffSampler, AlwaysOnSampler, InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } = load(
  "@opentelemetry/sdk-trace-node",
) as typeof import("@opentelemetry/sdk-trace-node");

/** OpenTelemetry's 2.x line, which does not go with the API that Runreel has: the newer copy of it sees nothing of the older one's. */
export const otel2: Host = {
  line: "2.x",
  context,
  trace,
  register: ({ processors = [], isSampled = true } = {}) => {
    const exporter = new InMemorySpanExporter();
    const provider = new NodeTracerProvider({
      sampler: isSampled ? new AlwaysOnSampler() : new AlwaysOffSampler(),
      spanProcessors: [new SimpleSpanProcessor(exporter), ...processors],
    });
    provider.register();
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
