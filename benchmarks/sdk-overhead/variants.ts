import { MemorySaver } from "@langchain/langgraph";
import { recordingSaver, runreelCallbacks, runreelMiddleware } from "@runreel/langchain";
import { flush, shutdown, start, status } from "@runreel/sdk";
import type { Status } from "@runreel/sdk";
import { plainOpenTelemetry } from "./plain-opentelemetry.ts";
import type { VariantName } from "./variant-names.ts";
import type { Instruments } from "./workload.ts";

/** One way to watch the agent, or not to. */
export interface Variant {
  instruments: Instruments;
  callbacks: object[];
  /** Stands around each task, where a variant needs that. */
  around(run: () => Promise<void>): Promise<void>;
  /** Resolves when everything recorded so far has been delivered. */
  flush(): Promise<unknown>;
  close(): Promise<unknown>;
  /** What the SDK says of itself, drops above all. */
  status?(): Status;
}

const nothing: Variant = {
  instruments: { middleware: [] },
  callbacks: [],
  around: (run) => run(),
  flush: async () => {},
  close: async () => {},
};

function runreel(sinkUrl: string, instruments: Instruments, callbacks: object[] = []): Variant {
  start({ endpoint: sinkUrl, serviceName: "research" });
  return { instruments, callbacks, around: (run) => run(), flush, close: shutdown, status };
}

/** Starts the named variant; what it sends goes to the sink. */
export const openVariant: Record<VariantName, (sinkUrl: string) => Variant> = {
  bare: () => nothing,
  opentelemetry: plainOpenTelemetry,
  middleware: (sinkUrl) => runreel(sinkUrl, { middleware: [runreelMiddleware()] }),
  callbacks: (sinkUrl) => runreel(sinkUrl, { middleware: [] }, [runreelCallbacks()]),
  "bare-saver": () => ({ ...nothing, instruments: { middleware: [], checkpointer: new MemorySaver() } }),
  "recording-saver": (sinkUrl) =>
    runreel(sinkUrl, { middleware: [runreelMiddleware()], checkpointer: recordingSaver(new MemorySaver()) }),
};
