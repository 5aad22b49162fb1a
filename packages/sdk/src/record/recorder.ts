import type { Effect, Outcome } from "./outcome.ts";
import type { Replay } from "../replay/replay.ts";
import type { HeaderValue, TraceContext } from "./traceparent.ts";

/**
 * Records what an agent does. Both the functions that users call and the adapters speak to this.
 *
 * Nothing here throws into its caller once `start()` has returned: what goes wrong inside is counted in `status()` and told once a minute.
 */
export interface Recorder {
  /** False when disabled: every handle is then inert, and adapters should call the host as if they were not there. */
  readonly enabled: boolean;
  /** The replay that this process carries out, or undefined in ordinary life. */
  readonly replay: Replay | undefined;

  /** The span that is active here (through run(), step(), a tool's or a model call's body), or undefined. */
  active(): RecordedSpan | undefined;

  /** Opens a run, or, with a parent, an agent inside one. The start record of a root goes out at once. */
  beginRun(request: RunRequest): RecordedSpan;
  /** Opens a step. */
  beginInference(request: InferenceRequest): RecordedSpan;
  beginTool(request: ToolRequest): RecordedSpan;
  beginCode(request: CodeRequest): RecordedSpan;

  /** Records the state of the agent at this moment. Returns the checkpoint's id. */
  checkpoint(request: CheckpointRequest): string;
  /** Adds a reasoning text to a span. */
  reasoning(text: string, on?: RecordedSpan): void;
  /** Sends the run of a span although it was sampled out: something was found in it. */
  keep?(reason: string, on?: RecordedSpan): void;

  /**
   * Calls `listener` first thing in flush() and shutdown(), and before the process ends. For adapters whose host does not say when a
   * run is over: a last chance to end what only waits for its end.
   */
  onFlush?(listener: () => void): void;
}

/** A span while it is open. Every method may be called after the end, and then does nothing. */
export interface RecordedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly ended: boolean;
  /** What another process needs to become part of this span. */
  readonly traceContext: TraceContext;
  /** Runs `fn` with this span active, so that what is recorded inside becomes its child. Returns or throws what `fn` does. */
  run<T>(fn: () => T): T;
  /** For attributes that no request names. Values must be small; content goes through the requests and outcomes. */
  setAttributes(attributes: Record<string, string | number | boolean | string[] | undefined>): void;
  end(outcome?: Outcome): void;
}

/** `undefined` as parent = the active span if there is one; `null` = none, a root. */
export type Parent = RecordedSpan | null | undefined;

interface Request {
  parent?: Parent;
  /** Milliseconds since the epoch; now when absent. */
  startTimeMs?: number;
  framework?: string;
  attributes?: Record<string, string | number | boolean | string[] | undefined>;
}

export interface RunRequest extends Request {
  name: string;
  agent?: { name?: string; version?: string; description?: string; id?: string };
  conversationId?: string;
  input?: unknown;
  /** W3C traceparent of a run in another process that this one belongs to. */
  traceparent?: HeaderValue;
  /** The tracestate that came with it. */
  tracestate?: HeaderValue;
  /** Sends the run whole, however runs are sampled. */
  keep?: boolean;
}

export interface InferenceRequest extends Request {
  /** `openai`, `anthropic`, … as the GenAI conventions spell it. */
  provider?: string;
  model: string;
  /** Messages in the form of the GenAI conventions, `{role, parts[]}`, without ids that the host made up (docs/wire.md). */
  messages: readonly unknown[];
  /** System instructions as message parts. */
  system?: readonly unknown[];
  tools?: readonly unknown[];
  parameters?: { maxTokens?: number; temperature?: number; topP?: number; stream?: boolean };
  /** For a replay: the verdict this step runs under. */
  served?: Served;
}

export interface ToolRequest extends Request {
  name: string;
  description?: string;
  callId?: string;
  arguments: unknown;
  effect: Effect;
  served?: Served;
  confirmedBy?: string;
}

export interface CodeRequest extends Request {
  name: string;
  /** What it was given, where a host tells: the query of a retriever. */
  input?: unknown;
  effect: Effect;
  served?: Served;
  confirmedBy?: string;
}

export interface CheckpointRequest {
  parent?: Parent;
  state: unknown;
  label?: string;
  /** The host's own id and its parent, where it has them. */
  id?: string;
  parentId?: string;
  namespace?: string;
  framework?: string;
}

/** How a step of a replay came about. */
export type Served = "live" | "recorded" | "confirmed" | "blocked";
