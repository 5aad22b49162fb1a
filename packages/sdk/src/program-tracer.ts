import { AsyncLocalStorage } from "node:async_hooks";

import { SpanStatusCode, trace } from "@opentelemetry/api";
import type { Context, Span, SpanOptions, Tracer } from "@opentelemetry/api";
import { AlwaysOnSampler, TracerProvider } from "@opentelemetry/sdk-trace";
import type { ReadableSpan, SpanProcessor } from "@opentelemetry/sdk-trace";
import { EXCEPTION_MESSAGE, EXCEPTION_STACKTRACE, EXCEPTION_TYPE, GEN_AI_AGENT_NAME } from "@runreel/semconv";

import { globalState } from "./global-state.ts";
import { ambientContext, hostContextManager } from "./host-context.ts";
import { hostListener } from "./host-listener.ts";
import type { RecordedSpan } from "./record/recorder.ts";
import type { Session } from "./session.ts";

/** Attributes are content, which is cut where it is written. */
const spanLimits = { attributeCountLimit: 1_024, attributeValueLengthLimit: Infinity };

/** Spans of streams that are given up may never end. */
const OPEN_MAX_COUNT = 10_000;

/** What names a call in Vercel's AI SDK: from version 7 on, and before. */
const agentKeys = [GEN_AI_AGENT_NAME, "ai.telemetry.functionId"];

/** A tracer for a library that traces itself. Its spans are recorded and go nowhere else. */
export class ProgramTracer implements Tracer {
  readonly #tracer: Tracer;
  /** What is active where the program has no context manager. */
  readonly #active = new AsyncLocalStorage<Context>();
  /** Open spans of ours, by id. */
  readonly #open = new Set<string>();
  /** Runs that a span has begun, since there was none. */
  readonly #runs = new WeakMap<object, RecordedSpan>();

  constructor(name: string) {
    const listener = hostListener();
    const processor: SpanProcessor = {
      ...listener,
      onEnd: (span) => {
        listener.onEnd(span);
        this.#ended(span);
      },
    };
    const sampler = new AlwaysOnSampler();
    this.#tracer = new TracerProvider({ sampler, spanLimits, spanProcessors: [processor] }).getTracer(name);
  }

  startSpan(name: string, options: SpanOptions = {}, context: Context = this.#context()): Span {
    const start = (): Span => this.#tracer.startSpan(name, options, context);
    const run = this.#isInRun(context) ? undefined : beginRun(name, options);
    const span = run === undefined ? start() : run.run(start);
    if (run !== undefined) this.#runs.set(span, run);
    if (this.#open.size >= OPEN_MAX_COUNT) this.#open.delete(this.#open.values().next().value!);
    this.#open.add(span.spanContext().spanId);
    return span;
  }

  startActiveSpan<F extends (span: Span) => unknown>(name: string, fn: F): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(name: string, options: SpanOptions, fn: F): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(
    name: string,
    options: SpanOptions,
    context: Context,
    fn: F,
  ): ReturnType<F>;
  startActiveSpan(name: string, ...rest: unknown[]): unknown {
    const fn = rest.pop() as (span: Span) => unknown;
    const [options, context = this.#context()] = rest as [SpanOptions?, Context?];
    const span = this.startSpan(name, options, context);
    const inside = trace.setSpan(context, span);
    const manager = hostContextManager();
    return manager === undefined
      ? this.#active.run(inside, fn, span)
      : manager.with(inside, fn as (...given: unknown[]) => unknown, undefined, span);
  }

  #context(): Context {
    return this.#active.getStore() ?? ambientContext();
  }

  #isInRun(context: Context): boolean {
    if (globalState().activeSpan.getStore() !== undefined) return true;
    const above = trace.getSpanContext(context);
    return above !== undefined && this.#open.has(above.spanId);
  }

  #ended(span: ReadableSpan): void {
    this.#open.delete(span.spanContext().spanId);
    const run = this.#runs.get(span);
    if (run === undefined) return;
    this.#runs.delete(span);
    run.end(span.status.code === SpanStatusCode.ERROR ? { error: errorOf(span) } : {});
  }
}

/** A call outside any run is one. */
function beginRun(name: string, { attributes = {} }: SpanOptions): RecordedSpan | undefined {
  const { session } = globalState<Session>();
  if (session?.state !== "recording") return undefined;
  const agent = agentKeys.map((key) => attributes[key]).find((value) => typeof value === "string");
  return session.recorder.beginRun({ name: agent ?? name, parent: null, ...(agent && { agent: { name: agent } }) });
}

/** What a span failed of, as far as it says. */
function errorOf({ status, events }: ReadableSpan): Error {
  const told = events.findLast((event) => event.name === "exception")?.attributes ?? {};
  const textOf = (key: string, otherwise = ""): string => (typeof told[key] === "string" ? told[key] : otherwise);
  const error = new Error(textOf(EXCEPTION_MESSAGE, status.message));
  error.name = textOf(EXCEPTION_TYPE, "Error");
  error.stack = textOf(EXCEPTION_STACKTRACE, `${error.name}: ${error.message}`);
  return error;
}
