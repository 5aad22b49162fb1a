import { isSpanContextValid, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import type { Context, ContextManager, SpanContext } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";

/**
 * Where all copies of OpenTelemetry's API keep what the host has registered.
 *
 * We look there ourselves: our copy of the API is newer than the one that goes with the 2.x line of its SDK, and the API lets a newer
 * copy see nothing of an older one's. The keys of a context are the same in all of them.
 */
const registry = Symbol.for("opentelemetry.js.api.1");

/** The host's context manager, if it has one. */
export function hostContextManager(): ContextManager | undefined {
  return (globalThis as { [registry]?: { context?: ContextManager } })[registry]?.context;
}

/** What is active in the host's OpenTelemetry here. */
export function ambientContext(): Context {
  return hostContextManager()?.active() ?? ROOT_CONTEXT;
}

/** The span that the host has active here, if it has one. */
export function ambientSpan(): SpanContext | undefined {
  const context = trace.getSpanContext(ambientContext());
  return context !== undefined && isSpanContextValid(context) ? context : undefined;
}

/** Runs what is our own business: instrumentation of the host's should make no span of it. */
export function untraced<T>(fn: () => T): T {
  const manager = hostContextManager();
  return manager === undefined ? fn() : manager.with(suppressTracing(ROOT_CONTEXT), fn);
}
