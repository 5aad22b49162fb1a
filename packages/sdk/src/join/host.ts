import type { Tracer } from "@opentelemetry/api";

/** Is told of the spans of a host. A span processor of OpenTelemetry, of any version. */
export interface HostSpanListener {
  onStart(span: unknown, context?: unknown): void;
  onEnd(span: unknown): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** What `start({ provider })` takes: a tracer provider of OpenTelemetry or Datadog, or Sentry's client. */
export type HostProvider = { getTracer(...args: never[]): unknown } | { on(...args: never[]): unknown };

/** A host that has been understood. */
export interface Host {
  /** What it was read from. */
  source: object;
  getTracer(name: string, version: string): Tracer;
  /** Adds a listener, where that can be done after the host was made. */
  listen(listener: HostSpanListener): void;
}

/** As much as the providers and clients have, and no two of them the same. */
interface Candidate {
  getDelegate?(): Candidate;
  getTracer?(name: string, version: string): Tracer;
  addSpanProcessor?(listener: HostSpanListener): void;
  /** Sentry's client. */
  traceProvider?: Candidate;
  on?(hook: "spanStart" | "spanEnd", callback: (span: unknown) => void): unknown;
}

const expected =
  "provider should be an OpenTelemetry TracerProvider, dd-trace's TracerProvider, or Sentry's client, Sentry.getClient()";

const closed =
  "provider takes no span processor any more (OpenTelemetry 2 and newer take them when they are made): give runreelSpanProcessor() of " +
  "@runreel/sdk/opentelemetry to its constructor, in spanProcessors, before start(). For Sentry give Sentry.getClient()";

/**
 * Understands what `start({ provider })` was given; a text when it cannot be joined, which says what to do.
 *
 * @param hasProcessor whether the host has been given a processor of ours
 */
export function readHost(given: unknown, hasProcessor: boolean): Host | string {
  if (typeof given !== "object" || given === null) return expected;
  let candidate = given as Candidate;
  if (typeof candidate.getTracer !== "function" && typeof candidate.on === "function") return readClient(candidate);
  // The API's global provider stands before the one that was registered.
  if (typeof candidate.getDelegate === "function") candidate = candidate.getDelegate();
  if (typeof candidate.getTracer !== "function") return expected;
  const canListen = typeof candidate.addSpanProcessor === "function";
  if (!canListen && !hasProcessor) return closed;
  return {
    source: candidate,
    getTracer: (name, version) => candidate.getTracer!(name, version),
    listen: (listener) => candidate.addSpanProcessor?.(listener),
  };
}

/** Sentry has a provider that takes no processors at all, and tells of its spans by hooks of its client. */
function readClient(client: Candidate): Host | string {
  const { traceProvider } = client;
  if (typeof traceProvider?.getTracer !== "function") {
    return "Sentry's client can be joined if it has set up OpenTelemetry: enableOpenTelemetrySetup: true in Sentry.init() (version 11), or give the provider that you have set up yourself";
  }
  return {
    source: client,
    getTracer: (name, version) => traceProvider.getTracer!(name, version),
    listen: (listener) => {
      client.on!("spanStart", (span) => listener.onStart(span));
      client.on!("spanEnd", (span) => listener.onEnd(span));
    },
  };
}
