import type { AsyncLocalStorage } from "node:async_hooks";

import { SpanStatusCode } from "@opentelemetry/api";
import type { Attributes, HrTime, Span } from "@opentelemetry/api";
import {
  ERROR_TYPE,
  EVENT_REASONING,
  EXCEPTION_MESSAGE,
  EXCEPTION_STACKTRACE,
  EXCEPTION_TYPE,
  RUNREEL_REPLAY_DIVERGENCE,
} from "@runreel/semconv";

import type { ContentPlace } from "../content/content-writer.ts";
import { toHrTime } from "./clock.ts";
import { describeFailure } from "./failure.ts";
import { outcomeAttributes, present } from "./outcome-attributes.ts";
import type { Outcome } from "./outcome.ts";
import type { RecordedSpan } from "./recorder.ts";
import { writeAttributes } from "./write-attributes.ts";

/** What a span needs of the rest. */
export interface OpenSpanContext {
  readonly activeSpan: AsyncLocalStorage<RecordedSpan | undefined>;
  readonly content: (place: ContentPlace, value: unknown) => Record<string, string>;
  readonly now: () => HrTime;
  /** JSON of the first divergence of a replay, told by the root. */
  readonly divergence: () => string | undefined;
  /** Runs what must never disturb the host. */
  readonly guard: (what: () => void) => void;
}

/** A span of OpenTelemetry's behind the interface that users and adapters see. */
export class OpenSpan implements RecordedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** What the spans below say of themselves too: whose work they are. */
  readonly inherited: Attributes;
  readonly #span: Span;
  readonly #context: OpenSpanContext;
  readonly #isRoot: boolean;
  readonly #outputPlace: "output" | "result";
  #isEnded = false;

  constructor(span: Span, context: OpenSpanContext, is: { root: boolean; tool: boolean; inherited: Attributes }) {
    const { traceId, spanId } = span.spanContext();
    this.traceId = traceId;
    this.spanId = spanId;
    this.inherited = is.inherited;
    this.#span = span;
    this.#context = context;
    this.#isRoot = is.root;
    this.#outputPlace = is.tool ? "result" : "output";
  }

  get ended(): boolean {
    return this.#isEnded;
  }

  run<T>(fn: () => T): T {
    return this.#context.activeSpan.run(this, fn);
  }

  setAttributes(attributes: Record<string, string | number | boolean | string[] | undefined>): void {
    if (!this.#isEnded) this.#context.guard(() => writeAttributes(this.#span, present(attributes)));
  }

  reasoning(text: string): void {
    if (this.#isEnded) return;
    this.#context.guard(() => {
      this.#span.addEvent(EVENT_REASONING, this.#context.content("reasoning", text), this.#context.now());
    });
  }

  end(outcome: Outcome = {}): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const endTime = outcome.endTimeMs === undefined ? this.#context.now() : toHrTime(outcome.endTimeMs);
    this.#context.guard(() => this.#describe(outcome, endTime));
    this.#context.guard(() => this.#span.end(endTime));
  }

  #describe(outcome: Outcome, endTime: HrTime): void {
    const span = this.#span;
    const { content, divergence } = this.#context;
    writeAttributes(span, content(this.#outputPlace, outcome.output));
    writeAttributes(span, content("raw", outcome.raw));
    writeAttributes(span, outcomeAttributes(outcome));
    const diverged = this.#isRoot ? divergence() : undefined;
    if (diverged !== undefined) writeAttributes(span, { [RUNREEL_REPLAY_DIVERGENCE]: diverged });
    if (outcome.error === undefined || outcome.interrupted === true) return;
    const { type, message, stack } = describeFailure(outcome.error);
    span.setStatus({ code: SpanStatusCode.ERROR, message });
    writeAttributes(span, { [ERROR_TYPE]: type });
    span.addEvent(
      "exception",
      present({ [EXCEPTION_TYPE]: type, [EXCEPTION_MESSAGE]: message, [EXCEPTION_STACKTRACE]: stack }),
      endTime,
    );
  }
}
