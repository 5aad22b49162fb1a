// The rivals, each set up as its own documentation says for LangChain.js, sending to the sink.
import * as callbackManager from "@langchain/core/callbacks/manager";
import { awaitAllCallbacks } from "@langchain/core/callbacks/promises";
import { ENLARGED_QUEUE_SPANS } from "../sdk-overhead/task-size.ts";
import type { Variant } from "../sdk-overhead/variants.ts";
import { requireRival } from "./install.ts";
import type { RivalName } from "./rival-names.ts";

// As much of their interfaces as is used here; they are not installed when the rest is compiled.
interface Provider {
  register(): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}
type Constructor<T = object> = new (options?: object) => T;
interface NodeSdk {
  NodeTracerProvider: Constructor<Provider>;
  BatchSpanProcessor: new (exporter: object) => object;
}
interface Traceloop {
  initialize(options: object): void;
  forceFlush(): Promise<void>;
  withWorkflow<T>(options: { name: string }, run: () => Promise<T>): Promise<T>;
}

/** The sink asks for no keys, but the rivals do. */
const anything = "anything";

/** A tracer provider as a host sets it up: global, with the context of asynchronous calls. */
export function createProvider(spanProcessors: object[]): Provider {
  const { NodeTracerProvider } = requireRival("@opentelemetry/sdk-trace-node") as NodeSdk;
  const provider = new NodeTracerProvider({ spanProcessors });
  provider.register();
  return provider;
}

const watching = (parts: Pick<Variant, "flush" | "close"> & Partial<Variant>): Variant => ({
  instruments: { middleware: [] },
  callbacks: () => [],
  around: (run) => run(),
  ...parts,
  flush: async () => {
    // Their handlers run in the background, as is LangChain's default.
    await awaitAllCallbacks();
    await parts.flush();
  },
});

function openInference(sinkUrl: string): Variant {
  const { OTLPTraceExporter } = requireRival("@opentelemetry/exporter-trace-otlp-proto") as {
    OTLPTraceExporter: Constructor;
  };
  const { BatchSpanProcessor } = requireRival("@opentelemetry/sdk-trace-node") as NodeSdk;
  const { LangChainInstrumentation } = requireRival("@arizeai/openinference-instrumentation-langchain") as {
    LangChainInstrumentation: Constructor<{ manuallyInstrument(module: object): void }>;
  };
  const exporter = new OTLPTraceExporter({ url: `${sinkUrl}/v1/traces` });
  const provider = createProvider([new BatchSpanProcessor(exporter)]);
  new LangChainInstrumentation({ tracerProvider: provider }).manuallyInstrument(callbackManager);
  return watching({ flush: () => provider.forceFlush(), close: () => provider.shutdown() });
}

async function traceloop(sinkUrl: string): Promise<Variant> {
  const sdk = requireRival("@traceloop/node-server-sdk") as Traceloop;
  sdk.initialize({
    appName: "research",
    apiKey: anything,
    baseUrl: sinkUrl,
    traceloopSyncEnabled: false,
    logLevel: "error",
  });
  // It patches LangChain's modules when it has loaded them itself, a few turns later.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  return watching({
    around: (run) => sdk.withWorkflow({ name: "research" }, run),
    flush: () => sdk.forceFlush(),
    close: async () => {},
  });
}

function langfuse(sinkUrl: string): Variant {
  const { LangfuseSpanProcessor } = requireRival("@langfuse/otel") as { LangfuseSpanProcessor: Constructor };
  const { CallbackHandler } = requireRival("@langfuse/langchain") as { CallbackHandler: Constructor };
  const provider = createProvider([
    new LangfuseSpanProcessor({ publicKey: anything, secretKey: anything, baseUrl: sinkUrl }),
  ]);
  return watching({
    // A handler keeps the state of a run.
    callbacks: () => [new CallbackHandler()],
    flush: () => provider.forceFlush(),
    close: () => provider.shutdown(),
  });
}

function langsmith(sinkUrl: string): Variant {
  Object.assign(process.env, {
    LANGSMITH_TRACING: "true",
    LANGSMITH_ENDPOINT: sinkUrl,
    LANGSMITH_API_KEY: anything,
    LANGSMITH_PROJECT: "research",
  });
  return watching({ flush: async () => {}, close: async () => {} });
}

export async function openRival(name: RivalName, sinkUrl: string): Promise<Variant> {
  // All three batch by OpenTelemetry's own processor, which reads this.
  if (name.endsWith("-queue")) process.env["OTEL_BSP_MAX_QUEUE_SIZE"] = String(ENLARGED_QUEUE_SPANS);
  const [rival] = name.split("-");
  if (rival === "openinference") return openInference(sinkUrl);
  if (rival === "traceloop") return traceloop(sinkUrl);
  return rival === "langfuse" ? langfuse(sinkUrl) : langsmith(sinkUrl);
}
