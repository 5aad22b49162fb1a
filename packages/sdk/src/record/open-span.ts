import type { AsyncLocalStorage } from "node:async_hooks";

import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Attributes, Context, HrTime, Span } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import {
  ERROR_TYPE,
  EVENT_REASONING,
  EXCEPTION_MESSAGE,
  EXCEPTION_STACKTRACE,
  EXCEPTION_TYPE,
  RUNREEL_REPLAY_DIVERGENCE,
} from "@runreel/semconv";

import type { WriteContent } from "../content/content-writer.ts";
import type { Place } from "../join/host-spans.ts";
import type { Twin } from "../join/twins.ts";
import { toHrTime } from "./clock.ts";
import { describeFailure } from "./failure.ts";
import { putOutcome } from "./outcome-attributes.ts";
import type { Outcome } from "./outcome.ts";
import { put, putAll } from "./put.ts";
import type { RecordedSpan } from "./recorder.ts";
import { formatTraceContext } from "./traceparent.ts";
import type { TraceContext } from "./traceparent.ts";

/** What a span needs of the rest. */
export interface OpenSpanContext {
  readonly activeSpan: AsyncLocalStorage<RecordedSpan | undefined>;
  readonly content: WriteContent;
  readonly now: () => HrTime;
  /** JSON of the first divergence of a replay, told by the root. */
  readonly divergence: () => string | undefined;
  /** Runs what must never disturb the host. */
  readonly guard: (what: () => void) => void;
}

/** A span of our own provider. */
export type OwnSpan = Span & ReadableSpan;

interface SpanTraits {
  root: boolean;
  tool: boolean;
  inherited: Attributes;
  twin: Twin | undefined;
}

/** A span of OpenTelemetry's behind the interface that users and adapters see. */
export class OpenSpan implements RecordedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** What the spans below say of themselves too: whose work they are. */
  readonly inherited: Attributes;
  /** The copy of this span in the host's own OpenTelemetry, where that was joined. */
  readonly twin: Twin | undefined;
  /** Shared with the spans below. */
  readonly context: OpenSpanContext;
  readonly #span: OwnSpan;
  readonly #isRoot: boolean;
  readonly #outputPlace: "output" | "result";
  #asParent: Context | undefined;
  #isEnded = false;

  constructor(span: OwnSpan, context: OpenSpanContext, is: SpanTraits) {
    const { traceId, spanId } = span.spanContext();
    this.traceId = traceId;
    this.spanId = spanId;
    this.inherited = is.inherited;
    this.twin = is.twin;
    this.#span = span;
    this.context = context;
    this.#isRoot = is.root;
    this.#outputPlace = is.tool ? "result" : "output";
  }

  /** The context of the spans below: this span and nothing else, since what is active in OpenTelemetry belongs to the host. */
  get asParent(): Context {
    return (this.#asParent ??= trace.setSpanContext(ROOT_CONTEXT, this.#span.spanContext()));
  }

  /** Where this is in the run, for spans of the host's that happen here. */
  get place(): Place {
    return {
      context: this.#span.spanContext(),
      isInInference: this.#span.kind === SpanKind.CLIENT,
      inherited: this.inherited,
      content: this.context.content,
    };
  }

  get ended(): boolean {
    return this.#isEnded;
  }

  get traceContext(): TraceContext {
    return formatTraceContext(this.#span.spanContext());
  }

  run<T>(fn: () => T): T {
    const { twin } = this;
    const { activeSpan } = this.context;
    return twin === undefined ? activeSpan.run(this, fn) : activeSpan.run(this, () => twin.run(fn));
  }

  setAttributes(attributes: Record<string, string | number | boolean | string[] | undefined>): void {
    if (!this.#isEnded) this.context.guard(() => putAll(this.#span.attributes, attributes));
  }

  reasoning(text: string): void {
    if (this.#isEnded) return;
    this.context.guard(() => {
      const attributes: Attributes = {};
      this.context.content(attributes, "reasoning", text);
      this.#span.addEvent(EVENT_REASONING, attributes, this.context.now());
    });
  }

  end(outcome: Outcome = {}): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const endTime = outcome.endTimeMs === undefined ? this.context.now() : toHrTime(outcome.endTimeMs);
    this.context.guard(() => this.#describe(outcome, endTime));
    this.context.guard(() => this.#span.end(endTime));
    const { twin } = this;
    if (twin !== undefined) this.context.guard(() => twin.end(this.#span, endTime));
  }

  #describe(outcome: Outcome, endTime: HrTime): void {
    const span = this.#span;
    const { attributes } = span;
    const { content, divergence } = this.context;
    content(attributes, this.#outputPlace, outcome.output);
    content(attributes, "raw", outcome.raw);
    putOutcome(attributes, outcome);
    if (this.#isRoot) put(attributes, RUNREEL_REPLAY_DIVERGENCE, divergence());
    // `throw undefined` is a failure too.
    if (!("error" in outcome) || outcome.interrupted === true) return;
    const { type, message, stack } = describeFailure(outcome.error);
    span.setStatus({ code: SpanStatusCode.ERROR, message });
    put(attributes, ERROR_TYPE, type);
    const exception: Attributes = { [EXCEPTION_TYPE]: type, [EXCEPTION_MESSAGE]: message };
    put(exception, EXCEPTION_STACKTRACE, stack);
    span.addEvent("exception", exception, endTime);
  }
}
