import { isSpanContextValid, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Attributes, Context, HrTime, Span, SpanContext, SpanKind, Tracer } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { ContentRedactor } from "@runreel/content";
import { EXCEPTION_MESSAGE, EXCEPTION_STACKTRACE, EXCEPTION_TYPE, RUNREEL_RUN_ID } from "@runreel/semconv";

import { ambientContext, hostContextManager } from "../host-context.ts";
import type { GivenIds } from "./given-ids.ts";
import type { HostSpans, Place } from "./host-spans.ts";

interface TwinsOptions {
  tracer: Tracer;
  ids: GivenIds;
  hostSpans: HostSpans;
  redactor: ContentRedactor | undefined;
  /** Told once when the host gives no spans, or does not tell of them. */
  onFault: (error: unknown) => void;
}

/** A span of ours that is about to start. */
export interface TwinOpening {
  name: string;
  kind: SpanKind;
  startTime: HrTime;
  /** The copy of the span above it. */
  above: Twin | undefined;
  /** Where it belongs in another process. */
  remote: SpanContext | undefined;
}

/** Makes the host's copies of our spans with the host's own tracer: its sampler, its ids, its exporters, in its trace. */
export class Twins {
  readonly #options: TwinsOptions;
  #hasTold = false;

  constructor(options: TwinsOptions) {
    this.#options = options;
  }

  /** The copy of a span that starts next; undefined when the host gives none. */
  begin({ name, kind, startTime, above, remote }: TwinOpening): Twin | undefined {
    const { tracer, ids, hostSpans, redactor } = this.#options;
    const ambient = ambientContext();
    const isAlone = above === undefined && trace.getSpanContext(ambient) === undefined;
    const root = isAlone && remote === undefined;
    const context = above?.around(ambient) ?? (isAlone && remote ? trace.setSpanContext(ambient, remote) : ambient);
    let span: Span;
    hostSpans.isCopying = true;
    try {
      span = tracer.startSpan(redactor?.text(name) ?? name, { kind, startTime, root }, context);
    } finally {
      hostSpans.isCopying = false;
    }
    const made = span.spanContext();
    if (!isSpanContextValid(made)) return this.#tell("the provider given to start() gives no spans");
    if (span.isRecording() && !hostSpans.hasHeard) {
      this.#tell("the provider given to start() has no runreelSpanProcessor(): its own spans are not recorded");
    }
    ids.give(made.spanId, root && !isHalf(made.traceId) ? made.traceId : undefined);
    return new Twin(span, hostSpans, redactor, above === undefined);
  }

  #tell(fault: string): undefined {
    if (!this.#hasTold) this.#options.onFault(fault);
    this.#hasTold = true;
  }
}

/** Datadog's ids have 64 bits as a rule; runs by such ids would all begin alike. */
function isHalf(traceId: string): boolean {
  return traceId.startsWith("0".repeat(16));
}

/** The host's copy of a span of ours. */
export class Twin {
  readonly #span: Span;
  readonly #hostSpans: HostSpans;
  readonly #redactor: ContentRedactor | undefined;
  readonly #isTop: boolean;

  constructor(span: Span, hostSpans: HostSpans, redactor: ContentRedactor | undefined, isTop: boolean) {
    this.#span = span;
    this.#hostSpans = hostSpans;
    this.#redactor = redactor;
    this.#isTop = isTop;
  }

  /** Spans of the host's under this one are spans of the run. */
  standsFor(place: Place): void {
    this.#hostSpans.opened(place.context.spanId, place);
  }

  /** A context of the host's with this span active in it. */
  around(context: Context): Context {
    return trace.setSpan(context, this.#span);
  }

  /** Runs `fn` with this span active for the host. */
  run<T>(fn: () => T): T {
    const manager = hostContextManager();
    return manager === undefined ? fn() : manager.with(this.around(manager.active()), fn);
  }

  /** Ends as the span has ended. What the span says goes to the host too, without secrets and without what only our collector can read. */
  end(span: ReadableSpan, endTime: HrTime): void {
    const copy = this.#span;
    const { traceId, spanId } = span.spanContext();
    this.#hostSpans.closed(spanId);
    if (copy.isRecording()) {
      copy.setAttributes(this.#shared(span.attributes));
      if (this.#isTop) copy.setAttribute(RUNREEL_RUN_ID, traceId);
      if (span.status.code === SpanStatusCode.ERROR) this.#fail(span, endTime);
    }
    copy.end(endTime);
  }

  #fail({ status, events }: ReadableSpan, endTime: HrTime): void {
    const message = this.#text(status.message ?? "");
    this.#span.setStatus({ code: SpanStatusCode.ERROR, message });
    const exception = events.findLast(({ name }) => name === "exception")?.attributes;
    if (exception === undefined) return;
    const [name, text, stack] = [EXCEPTION_TYPE, EXCEPTION_MESSAGE, EXCEPTION_STACKTRACE].map((key) => {
      const value = exception[key];
      return typeof value === "string" ? this.#text(value) : "";
    });
    this.#span.recordException({ name: name!, message: text!, stack: stack! }, endTime);
  }

  #shared(attributes: Attributes): Attributes {
    const shared: Attributes = {};
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("runreel.content.")) continue;
      const isOurs = name.startsWith("gen_ai.") || name.startsWith("runreel.");
      const key = isOurs ? name : this.#text(name);
      if (!isOurs && this.#redactor?.hidesKey(name) === true) shared[key] = this.#redactor.hidden();
      else if (typeof value === "string") shared[key] = this.#text(value, key);
      else if (Array.isArray(value)) shared[key] = value.map((one) => this.#text(String(one), key));
      else shared[key] = value;
    }
    return shared;
  }

  #text(value: string, key?: string): string {
    return this.#redactor?.text(value, key) ?? value;
  }
}
