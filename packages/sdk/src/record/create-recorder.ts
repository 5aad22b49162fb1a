import type { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";

import { isSpanContextValid, ROOT_CONTEXT, SpanKind, trace, TraceFlags } from "@opentelemetry/api";
import type { Attributes, Context, HrTime, Link, Tracer } from "@opentelemetry/api";
import {
  GEN_AI_AGENT_NAME,
  GEN_AI_AGENT_VERSION,
  GEN_AI_CONVERSATION_ID,
  RUNREEL_REPLAY_FROM,
  RUNREEL_REPLAY_ID,
  RUNREEL_REPLAY_MODE,
  RUNREEL_REPLAY_OF_RUN,
  SPAN_CHECKPOINT,
} from "@runreel/semconv";

import type { ContentPlace } from "../content/content-writer.ts";
import type { Replay } from "../replay/replay.ts";
import { toHrTime } from "./clock.ts";
import { OpenSpan } from "./open-span.ts";
import type { OpenSpanContext } from "./open-span.ts";
import type { CheckpointRequest, Parent, RecordedSpan, Recorder, RunRequest } from "./recorder.ts";
import {
  checkpointAttributes,
  codeAttributes,
  inferenceAttributes,
  runAttributes,
  toolAttributes,
} from "./request-attributes.ts";
import { parseTraceparent } from "./traceparent.ts";
import { writeAttributes } from "./write-attributes.ts";

export interface RecorderOptions {
  tracer: Tracer;
  content: (place: ContentPlace, value: unknown) => Record<string, string>;
  activeSpan: AsyncLocalStorage<RecordedSpan | undefined>;
  now: () => HrTime;
  replay: Replay | undefined;
  onFlush: (listener: () => void) => void;
  /** Told what went wrong inside. */
  onFault: (error: unknown) => void;
}

interface Opening {
  name: string;
  parent: Parent;
  kind?: SpanKind;
  startTimeMs?: number | undefined;
  traceparent?: string | undefined;
  isTool?: boolean;
  isRun?: boolean;
  /** Called inside the guard, since it encodes the host's values. */
  attributes: () => Attributes;
}

/** Records on a tracer. Whatever fails inside becomes a span without attributes, never an exception. */
export function createRecorder(options: RecorderOptions): Recorder {
  const { tracer, content, activeSpan, now, replay } = options;
  const guard = (what: () => void): void => {
    try {
      what();
    } catch (error) {
      options.onFault(error);
    }
  };
  const divergence = (): string | undefined =>
    replay?.divergence === undefined ? undefined : JSON.stringify(replay.divergence);
  const spanContext: OpenSpanContext = { activeSpan, content, now, divergence, guard };

  const open = (opening: Opening): RecordedSpan => {
    const above = opening.parent === undefined ? activeSpan.getStore() : opening.parent;
    const parent = parentContext(opening, above);
    const isRoot = parent === ROOT_CONTEXT;
    const attributes: Attributes = { ...inheritedAttributes(above, opening.isRun === true) };
    guard(() => Object.assign(attributes, opening.attributes()));
    const isReplayed = isRoot && opening.isRun === true && replay !== undefined;
    const span = tracer.startSpan(
      opening.name,
      {
        kind: opening.kind ?? SpanKind.INTERNAL,
        startTime: opening.startTimeMs === undefined ? now() : toHrTime(opening.startTimeMs),
        ...(isReplayed ? { links: [originLink(replay)] } : {}),
      },
      parent,
    );
    writeAttributes(span, isReplayed ? Object.assign(attributes, replayAttributes(replay)) : attributes);
    const inherited = pickInherited(attributes);
    return new OpenSpan(span, spanContext, { root: isRoot, tool: opening.isTool === true, inherited });
  };

  const checkpoint = (request: CheckpointRequest): string => {
    const id = request.id ?? randomUUID();
    const attributes = (): Attributes => ({
      ...checkpointAttributes(request, id),
      ...content("state", request.state),
    });
    open({ name: SPAN_CHECKPOINT, parent: request.parent, attributes }).end();
    return id;
  };

  return {
    enabled: true,
    replay,
    active: () => activeSpan.getStore(),
    beginRun: (request) =>
      open({
        ...opening(request),
        isRun: true,
        traceparent: request.traceparent,
        attributes: () => ({ ...runAttributes(request), ...content("input", request.input) }),
      }),
    beginInference: (request) =>
      open({
        ...opening({ ...request, name: `chat ${request.model}` }),
        kind: SpanKind.CLIENT,
        attributes: () => ({
          ...inferenceAttributes(request),
          ...content("input", request.messages),
          ...content("system", request.system),
          ...content("tools", request.tools),
        }),
      }),
    beginTool: (request) =>
      open({
        ...opening({ ...request, name: `execute_tool ${request.name}` }),
        isTool: true,
        attributes: () => ({ ...toolAttributes(request), ...content("arguments", request.arguments) }),
      }),
    beginCode: (request) =>
      open({
        ...opening(request),
        attributes: () => ({ ...codeAttributes(request), ...content("arguments", request.input) }),
      }),
    checkpoint,
    onFlush: options.onFlush,
    reasoning: (text, on = activeSpan.getStore()) => {
      if (on instanceof OpenSpan) on.reasoning(text);
    },
  };
}

function opening({ name, parent, startTimeMs }: Pick<RunRequest, "name" | "parent" | "startTimeMs">) {
  return { name, parent, startTimeMs } satisfies Partial<Opening>;
}

/**
 * Steps name their agent, so that usage can be counted by agent span by span, whenever and in whatever company a span arrives.
 * An agent inside a run has a name of its own, and shares the conversation.
 */
function inheritedAttributes(above: RecordedSpan | null | undefined, isRun: boolean): Attributes {
  if (!(above instanceof OpenSpan)) return {};
  if (!isRun) return above.inherited;
  const conversationId = above.inherited[GEN_AI_CONVERSATION_ID];
  return conversationId === undefined ? {} : { [GEN_AI_CONVERSATION_ID]: conversationId };
}

const inheritedKeys = [GEN_AI_AGENT_NAME, GEN_AI_AGENT_VERSION, GEN_AI_CONVERSATION_ID];

function pickInherited(attributes: Attributes): Attributes {
  const picked: Attributes = {};
  for (const key of inheritedKeys) if (attributes[key] !== undefined) picked[key] = attributes[key];
  return picked;
}

/** The context that holds the parent and nothing else: what is active in OpenTelemetry belongs to the host. */
function parentContext({ traceparent }: Opening, above: RecordedSpan | null | undefined): Context {
  const remote = traceparent === undefined ? undefined : parseTraceparent(traceparent);
  if (remote !== undefined) return trace.setSpanContext(ROOT_CONTEXT, remote);
  if (above === null || above === undefined) return ROOT_CONTEXT;
  const context = { traceId: above.traceId, spanId: above.spanId, traceFlags: TraceFlags.SAMPLED };
  return isSpanContextValid(context) ? trace.setSpanContext(ROOT_CONTEXT, context) : ROOT_CONTEXT;
}

function replayAttributes({ plan }: Replay): Attributes {
  return {
    [RUNREEL_REPLAY_ID]: plan.replayId,
    [RUNREEL_REPLAY_OF_RUN]: plan.origin.runId,
    [RUNREEL_REPLAY_FROM]: plan.from,
    [RUNREEL_REPLAY_MODE]: plan.mode,
  };
}

function originLink({ plan }: Replay): Link {
  const { runId, rootSpanId } = plan.origin;
  return {
    context: { traceId: runId, spanId: rootSpanId, traceFlags: TraceFlags.SAMPLED, isRemote: true },
    attributes: { [RUNREEL_REPLAY_OF_RUN]: runId },
  };
}
