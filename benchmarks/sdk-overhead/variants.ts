import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { MemorySaver } from "@langchain/langgraph";
import { createMiddleware } from "langchain";
import { recordingSaver, runreelCallbacks, runreelMiddleware } from "@runreel/langchain";
import { flush, shutdown, start, status } from "@runreel/sdk";
import type { StartOptions, Status } from "@runreel/sdk";
import { ENLARGED_QUEUE_SPANS } from "./task-size.ts";
import { plainOpenTelemetry } from "./plain-opentelemetry.ts";
import { isRival } from "../rivals/rival-names.ts";
import { openRival } from "../rivals/open-rival.ts";
import type { OwnVariantName, VariantName } from "./variant-names.ts";
import type { Instruments } from "./workload.ts";

/** One way to watch the agent, or not to. */
export interface Variant {
  instruments: Instruments;
  /** Callbacks for one run. */
  callbacks(): object[];
  /** Stands around each task, where a variant needs that. */
  around(run: () => Promise<unknown>): Promise<unknown>;
  /** Resolves when everything recorded so far has been delivered. */
  flush(): Promise<unknown>;
  close(): Promise<unknown>;
  /** What the SDK says of itself, drops above all. */
  status?(): Status;
}

const nothing: Variant = {
  instruments: { middleware: [] },
  callbacks: () => [],
  around: (run) => run(),
  flush: async () => {},
  close: async () => {},
};

function runreel(sinkUrl: string, instruments: Instruments, options: StartOptions = {}): Variant {
  start({ endpoint: sinkUrl, serviceName: "research", ...options });
  return { instruments, callbacks: () => [], around: (run) => run(), flush, close: shutdown, status };
}

const byMiddleware = (sinkUrl: string, options?: StartOptions): Variant =>
  runreel(sinkUrl, { middleware: [runreelMiddleware()] }, options);

/** What the host charges for any handler: the least that callbacks can cost. */
class IdleHandler extends BaseCallbackHandler {
  override readonly name = "idle";
  override awaitHandlers = true;
}

/** What the host charges for wrapping each call: the least that a middleware can cost. */
const idleMiddleware = createMiddleware({
  name: "idle",
  wrapModelCall: async (request, handler) => handler(request),
  wrapToolCall: async (request, handler) => handler(request),
});

const openOwn: Record<OwnVariantName, (sinkUrl: string) => Variant> = {
  bare: () => nothing,
  opentelemetry: (sinkUrl) => plainOpenTelemetry(sinkUrl, { maxQueueSize: ENLARGED_QUEUE_SPANS }),
  "opentelemetry-default": (sinkUrl) => plainOpenTelemetry(sinkUrl, {}),
  "bare-middleware": () => ({ ...nothing, instruments: { middleware: [idleMiddleware] } }),
  middleware: (sinkUrl) => byMiddleware(sinkUrl),
  "middleware-unredacted": (sinkUrl) => byMiddleware(sinkUrl, { redact: false }),
  "middleware-structure": (sinkUrl) => byMiddleware(sinkUrl, { content: "none" }),
  "middleware-sampled": (sinkUrl) => byMiddleware(sinkUrl, { sample: 0.25 }),
  "bare-callbacks": () => ({ ...nothing, callbacks: () => [new IdleHandler()] }),
  callbacks: (sinkUrl) => {
    const variant = runreel(sinkUrl, { middleware: [] });
    const handlers = [runreelCallbacks()];
    return { ...variant, callbacks: () => handlers };
  },
  "bare-saver": () => ({ ...nothing, instruments: { middleware: [], checkpointer: new MemorySaver() } }),
  "recording-saver": (sinkUrl) =>
    runreel(sinkUrl, { middleware: [runreelMiddleware()], checkpointer: recordingSaver(new MemorySaver()) }),
};

/** Starts the named variant; what it sends goes to the sink. */
export async function openVariant(name: VariantName, sinkUrl: string): Promise<Variant> {
  return isRival(name) ? openRival(name, sinkUrl) : openOwn[name](sinkUrl);
}
