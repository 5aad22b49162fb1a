import type { Attributes, SpanContext } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";

import type { WriteContent } from "../content/content-writer.ts";
import { inheritedBy, inOurWords, isContent, isForeignContent, isOfModel } from "./model-attributes.ts";
import { readHostSpan } from "./read-span.ts";
import type { HostSpan } from "./read-span.ts";
import { inConventionNames } from "./vercel-attributes.ts";
import type { HostSpanListener } from "./host.ts";

/** A span in a run, under which others stand. */
export interface Place {
  context: SpanContext;
  /** An inference says itself what was asked, answered and spent; what a client says of the same call would count twice. */
  isInInference: boolean;
  /** Whose work the spans below are. */
  inherited: Attributes;
  /** Writes what is said there to a model or a tool, and by it. */
  content: WriteContent;
}

interface HostSpansOptions {
  /** The span of ours that is active here. */
  active: () => Place | undefined;
  record: (span: ReadableSpan) => void;
  /** Whether content leaves at all. */
  isContentKept: boolean;
  onFault: (error: unknown) => void;
  /** Where our spans come from. */
  origin: Pick<ReadableSpan, "resource" | "instrumentationScope">;
}

/** Spans that never end must not stay for ever. */
const PLACES_MAX_COUNT = 10_000;

/** Records the spans of a host that happen inside our runs, in the tree of the run, as they end. The host's own stay as they are. */
export class HostSpans implements HostSpanListener {
  /** While the host makes its copy of a span of ours, which is not recorded again. */
  isCopying = false;
  /** Whether the host has told of any span yet. */
  hasHeard = false;
  readonly #options: HostSpansOptions;
  /** Open spans in runs, by the id they have in the host: its own, and its copies of ours. */
  readonly #places = new Map<string, Place>();
  readonly #inRuns = new WeakMap<object, { place: Place; parent: SpanContext }>();

  constructor(options: HostSpansOptions) {
    this.#options = options;
  }

  /** A span of ours has a copy in the host, under which the host's spans may come to stand. */
  opened(spanId: string, place: Place): void {
    if (this.#places.size >= PLACES_MAX_COUNT) this.#places.delete(this.#places.keys().next().value!);
    this.#places.set(spanId, place);
  }

  closed(spanId: string): void {
    this.#places.delete(spanId);
  }

  onStart(span: object): void {
    this.hasHeard = true;
    if (this.isCopying || this.#inRuns.has(span)) return;
    this.#guard(() => {
      const { active } = this.#options;
      const read = this.#places.size === 0 && active() === undefined ? undefined : readSpan(span);
      if (read === undefined) return;
      const above = this.#places.get(read.parentSpanId ?? "") ?? active();
      if (above === undefined) return;
      const context = { ...above.context, spanId: read.context.spanId };
      const place = { ...above, context, inherited: inheritedBy(above.inherited, read.attributes) };
      this.#inRuns.set(span, { place, parent: above.context });
      this.opened(read.context.spanId, place);
    });
  }

  onEnd(span: object): void {
    const stands = this.#inRuns.get(span);
    if (stands === undefined) return;
    this.#inRuns.delete(span);
    this.closed(stands.place.context.spanId);
    this.#guard(() => {
      const read = readSpan(span);
      if (read !== undefined) this.#options.record(this.#inRun(read, stands.place, stands.parent));
    });
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }

  #inRun(span: HostSpan, place: Place, parent: SpanContext): ReadableSpan {
    const { name, kind, startTime, endTime, status, links, dropped } = span;
    const { isContentKept } = this.#options;
    return {
      ...this.#options.origin,
      name,
      kind,
      spanContext: () => place.context,
      parentSpanContext: parent,
      startTime,
      endTime,
      duration: [0, 0],
      ended: true,
      status,
      attributes: inRun(isContentKept ? span.attributes : withoutContent(span.attributes), place),
      // Some instrumentations tell each message by an event.
      events: isContentKept ? span.events : span.events.filter((event) => !event.name.startsWith("gen_ai.")),
      links,
      droppedAttributesCount: dropped.attributes,
      droppedEventsCount: dropped.events,
      droppedLinksCount: dropped.links,
    };
  }

  #guard(what: () => void): void {
    try {
      what();
    } catch (error) {
      this.#options.onFault(error);
    }
  }
}

function readSpan(span: object): HostSpan | undefined {
  const read = readHostSpan(span);
  return read && { ...read, attributes: inConventionNames(read.attributes) };
}

function inRun(attributes: Attributes, { isInInference, inherited, content }: Place): Attributes {
  if (isInInference) return without(attributes, isOfModel);
  return Object.keys(attributes).some(isOfModel) ? inOurWords(attributes, inherited, content) : attributes;
}

function withoutContent(attributes: Attributes): Attributes {
  return without(attributes, (key) => isContent(key) || isForeignContent(key));
}

function without(attributes: Attributes, isLeftOut: (key: string) => boolean): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([key]) => !isLeftOut(key)));
}
