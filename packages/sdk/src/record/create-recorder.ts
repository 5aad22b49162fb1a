import type { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";

import { isSpanContextValid, ROOT_CONTEXT, SpanKind, trace, TraceFlags } from "@opentelemetry/api";
import type { Attributes, Context, HrTime, Link, SpanContext, Tracer } from "@opentelemetry/api";
import {
  GEN_AI_AGENT_NAME,
  GEN_AI_AGENT_VERSION,
  GEN_AI_CONVERSATION_ID,
  RUNREEL_REPLAY_FROM,
  RUNREEL_REPLAY_ID,
  RUNREEL_REPLAY_MODE,
  RUNREEL_REPLAY_OF_RUN,
  RUNREEL_RUN_KEPT_BECAUSE,
  SPAN_CHECKPOINT,
} from "@runreel/semconv";

import type { WriteContent } from "../content/content-writer.ts";
import { ambientSpan } from "../host-context.ts";
import type { Twin, TwinOpening, Twins } from "../join/twins.ts";
import type { Replay } from "../replay/replay.ts";
import { toHrTime } from "./clock.ts";
import { inertSpan } from "./inert-recorder.ts";
import { OpenSpan } from "./open-span.ts";
import type { OpenSpanContext, OwnSpan } from "./open-span.ts";
import { put } from "./put.ts";
import type { CheckpointRequest, Parent, RecordedSpan, Recorder, RunRequest } from "./recorder.ts";
import { putCheckpoint, putCode, putInference, putRun, putTool } from "./request-attributes.ts";
import { nameText } from "./name-text.ts";
import { parseTraceparent } from "./traceparent.ts";
import type { HeaderValue } from "./traceparent.ts";

export interface RecorderOptions {
  tracer: Tracer;
  content: WriteContent;
  /** The same for a run that is sampled out. */
  sampledOutContent: (traceId: string) => WriteContent;
  activeSpan: AsyncLocalStorage<RecordedSpan | undefined>;
  /** Makes copies in the host's own OpenTelemetry, where that was joined. */
  twins: Twins | undefined;
  now: () => HrTime;
  replay: Replay | undefined;
  onFlush: (listener: () => void) => void;
  /** Sends a run that was sampled out. */
  keep: (traceId: string, reason: string) => void;
  /** Told what went wrong inside. */
  onFault: (error: unknown) => void;
}

interface Opening {
  name: string;
  parent: Parent;
  kind?: SpanKind;
  startTimeMs?: number | undefined;
  traceparent?: HeaderValue;
  tracestate?: HeaderValue;
  isTool?: boolean;
  /** The host's own tracing has no use for it. */
  isOursAlone?: boolean;
  isRun?: boolean;
  /** Kept however runs are sampled. */
  isKept?: boolean | undefined;
  /** Called inside the guard, since it encodes the host's values. */
  describe: (into: Attributes, content: WriteContent) => void;
}

/** Records on a tracer. Whatever fails inside becomes a span without attributes, never an exception. */
export function createRecorder(options: RecorderOptions): Recorder {
  const { tracer, content, sampledOutContent, activeSpan, now, replay } = options;
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

  /** A run inside a trace of somebody else's is a trace of its own, and says where it came from. */
  const linksOf = (origin: Replay | undefined): Link[] => {
    const links = origin === undefined ? [] : [originLink(origin)];
    guard(() => {
      const context = ambientSpan();
      if (context !== undefined) links.push({ context });
    });
    return links;
  };

  const beginTwin = (opening: TwinOpening): Twin | undefined => {
    let twin: Twin | undefined;
    guard(() => (twin = options.twins?.begin(opening)));
    return twin;
  };

  /** What a span needs of the rest; a run that is sampled out has a place of its own for its content. */
  const contextOf = ({ traceId, traceFlags }: SpanContext, above: RecordedSpan | null | undefined): OpenSpanContext => {
    if ((traceFlags & TraceFlags.SAMPLED) !== 0) return spanContext;
    if (above instanceof OpenSpan && above.traceId === traceId) return above.context;
    return { ...spanContext, content: sampledOutContent(traceId) };
  };

  const open = (opening: Opening): RecordedSpan => {
    try {
      return opened(opening);
    } catch (error) {
      options.onFault(error);
      return inertSpan;
    }
  };

  const opened = (opening: Opening): RecordedSpan => {
    const above = opening.parent === undefined ? activeSpan.getStore() : opening.parent;
    const parent = parentContext(opening, above);
    const isRoot = parent === ROOT_CONTEXT;
    const isReplayed = isRoot && opening.isRun === true && replay !== undefined;
    const startTime = opening.startTimeMs === undefined ? now() : toHrTime(opening.startTimeMs);
    const kind = opening.kind ?? SpanKind.INTERNAL;
    const isTop = isRoot || opening.traceparent !== undefined;
    const links = isTop ? { links: linksOf(isReplayed ? replay : undefined) } : undefined;
    const twin =
      options.twins === undefined || opening.isOursAlone === true
        ? undefined
        : beginTwin({
            name: opening.name,
            kind,
            startTime,
            above: above instanceof OpenSpan ? above.twin : undefined,
            remote: trace.getSpanContext(parent),
          });
    const kept = opening.isKept === true ? { attributes: { [RUNREEL_RUN_KEPT_BECAUSE]: "asked" } } : undefined;
    const span = tracer.startSpan(opening.name, { kind, startTime, ...links, ...kept }, parent) as OwnSpan;
    const context = contextOf(span.spanContext(), above);
    const { attributes } = span;
    const inherited = inheritedFrom(above);
    if (opening.isRun === true) put(attributes, GEN_AI_CONVERSATION_ID, inherited[GEN_AI_CONVERSATION_ID]);
    else Object.assign(attributes, inherited);
    guard(() => opening.describe(attributes, context.content));
    if (isReplayed) Object.assign(attributes, replayAttributes(replay));
    const opened = new OpenSpan(span, context, {
      root: isRoot,
      tool: opening.isTool === true,
      inherited: opening.isRun === true ? pickInherited(attributes) : inherited,
      twin,
    });
    twin?.standsFor(opened.place);
    return opened;
  };

  const checkpoint = (request: CheckpointRequest): string => {
    const id = request.id ?? randomUUID();
    const describe: Opening["describe"] = (into, write) => {
      putCheckpoint(into, request, id);
      write(into, "state", request.state);
    };
    open({ name: SPAN_CHECKPOINT, parent: request.parent, isOursAlone: true, describe }).end();
    return id;
  };

  return {
    enabled: true,
    replay,
    active: () => activeSpan.getStore(),
    beginRun: (request) =>
      open({
        ...opening(request, request.name),
        isRun: true,
        traceparent: request.traceparent,
        tracestate: request.tracestate,
        isKept: request.keep,
        describe: (into, write) => {
          putRun(into, request);
          write(into, "input", request.input);
        },
      }),
    beginInference: (request) =>
      open({
        ...opening(request, `chat ${request.model}`),
        kind: SpanKind.CLIENT,
        describe: (into, write) => {
          putInference(into, request);
          write(into, "input", request.messages);
          write(into, "system", request.system);
          write(into, "tools", request.tools);
        },
      }),
    beginTool: (request) =>
      open({
        ...opening(request, `execute_tool ${request.name}`),
        isTool: true,
        describe: (into, write) => {
          putTool(into, request);
          write(into, "arguments", request.arguments);
        },
      }),
    beginCode: (request) =>
      open({
        ...opening(request, request.name),
        describe: (into, write) => {
          putCode(into, request);
          write(into, "arguments", request.input);
        },
      }),
    checkpoint,
    onFlush: options.onFlush,
    keep: (reason, on = activeSpan.getStore()) => {
      if (on !== undefined) guard(() => options.keep(on.traceId, nameText(reason)));
    },
    reasoning: (text, on = activeSpan.getStore()) => {
      if (on instanceof OpenSpan) on.reasoning(text);
    },
  };
}

function opening({ parent, startTimeMs }: Pick<RunRequest, "parent" | "startTimeMs">, name: string) {
  return { name, parent, startTimeMs } satisfies Partial<Opening>;
}

/**
 * Steps name their agent, so that usage can be counted by agent span by span, whenever and in whatever company a span arrives.
 * An agent inside a run has a name of its own, and shares the conversation.
 */
function inheritedFrom(above: RecordedSpan | null | undefined): Attributes {
  return above instanceof OpenSpan ? above.inherited : nothing;
}

const nothing: Attributes = {};

const inheritedKeys = [GEN_AI_AGENT_NAME, GEN_AI_AGENT_VERSION, GEN_AI_CONVERSATION_ID];

function pickInherited(attributes: Attributes): Attributes {
  const picked: Attributes = {};
  for (const key of inheritedKeys) if (attributes[key] !== undefined) picked[key] = attributes[key];
  return picked;
}

/** The context that holds the parent and nothing else: what is active in OpenTelemetry belongs to the host. */
function parentContext({ traceparent, tracestate }: Opening, above: RecordedSpan | null | undefined): Context {
  const remote = traceparent === undefined ? undefined : parseTraceparent(traceparent, tracestate);
  if (remote !== undefined) return trace.setSpanContext(ROOT_CONTEXT, remote);
  if (above === null || above === undefined) return ROOT_CONTEXT;
  if (above instanceof OpenSpan) return above.asParent;
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
