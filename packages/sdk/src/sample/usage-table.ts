import { SpanStatusCode } from "@opentelemetry/api";
import type { Attributes, HrTime } from "@opentelemetry/api";
import type { ReadableSpan, TimedEvent } from "@opentelemetry/sdk-trace";
import {
  ERROR_TYPE,
  EVENT_USAGE,
  GEN_AI_AGENT_NAME,
  GEN_AI_AGENT_VERSION,
  GEN_AI_OPERATION_NAME,
  GEN_AI_PROVIDER_NAME,
  GEN_AI_REQUEST_MODEL,
  GEN_AI_RESPONSE_MODEL,
  GEN_AI_TOOL_CALL_ID,
  GEN_AI_TOOL_NAME,
  GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS,
  GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  GEN_AI_USAGE_INPUT_TOKENS,
  GEN_AI_USAGE_OUTPUT_TOKENS,
  GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  RUNREEL_CHECKPOINT_ID,
  RUNREEL_RUN_INTERRUPTED,
  RUNREEL_STEP_KIND,
  RUNREEL_STEP_SERVED,
  RUNREEL_USAGE_CACHE_READ_TOKENS,
  RUNREEL_USAGE_CACHE_WRITE_TOKENS,
  RUNREEL_USAGE_CACHED,
  RUNREEL_USAGE_DURATION_NS,
  RUNREEL_USAGE_INPUT_TOKENS,
  RUNREEL_USAGE_OUTPUT_TOKENS,
  RUNREEL_USAGE_REASONING_TOKENS,
  RUNREEL_USAGE_RUNS,
  RUNREEL_USAGE_SPANS,
} from "@runreel/semconv";

/** What, beside the operation, the collector's rollups distinguish spans by, in the names that the spans themselves have. */
const keys = [
  GEN_AI_AGENT_NAME,
  GEN_AI_AGENT_VERSION,
  GEN_AI_PROVIDER_NAME,
  GEN_AI_REQUEST_MODEL,
  GEN_AI_RESPONSE_MODEL,
  GEN_AI_TOOL_NAME,
  RUNREEL_STEP_KIND,
  RUNREEL_STEP_SERVED,
  RUNREEL_USAGE_CACHED,
  RUNREEL_RUN_INTERRUPTED,
] as const;

/** What a span reports of tokens, and under which name a row lists it. */
const counts = [
  [GEN_AI_USAGE_INPUT_TOKENS, RUNREEL_USAGE_INPUT_TOKENS],
  [GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, RUNREEL_USAGE_CACHE_READ_TOKENS],
  [GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS, RUNREEL_USAGE_CACHE_WRITE_TOKENS],
  [GEN_AI_USAGE_OUTPUT_TOKENS, RUNREEL_USAGE_OUTPUT_TOKENS],
  [GEN_AI_USAGE_REASONING_OUTPUT_TOKENS, RUNREEL_USAGE_REASONING_TOKENS],
] as const;

const UNREPORTED = -1;
const COUNT_MAX = 0xffffffff;

/** The value that the conventions have for an error that is not named. */
const SOME_ERROR = "_OTHER";

/** A row is an event, of which a backend takes a limited number on one span; and lists of calls should not grow without end. */
const ROWS_MAX_COUNT = 500;
const CALLS_MAX_COUNT = 10_000;

interface Row {
  /** Seconds since the epoch. */
  minute: number;
  attributes: Attributes;
  spans: number;
  runs: number;
  durationNs: number;
  /** For each of `counts`: what every span reported; undefined while none has reported anything. */
  lists: (number[] | undefined)[];
}

/**
 * Adds up what spans used that are not sent themselves, by minute and by all that usage is looked at by. What each call spent stays apart,
 * since its price depends on its size.
 */
export class UsageTable {
  readonly #rows = new Map<string, Row>();
  #calls = 0;

  get isEmpty(): boolean {
    return this.#rows.size === 0;
  }

  /** Whether it holds as much as should go out together. */
  get isFull(): boolean {
    return this.#rows.size >= ROWS_MAX_COUNT || this.#calls >= CALLS_MAX_COUNT;
  }

  /** Adds a span that has ended. */
  add(span: ReadableSpan): void {
    const minute = span.startTime[0] - (span.startTime[0] % 60);
    const isCheckpoint = span.attributes[RUNREEL_CHECKPOINT_ID] !== undefined;
    const hasFailed = isFailure(span);
    const operation = operationOf(span.attributes);
    let key = `${minute}\n${isCheckpoint}\n${hasFailed}\n${String(operation)}`;
    for (const name of keys) key += `\n${String(span.attributes[name])}`;
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = {
        minute,
        attributes: attributesOf(span, operation, hasFailed),
        spans: 0,
        runs: 0,
        durationNs: 0,
        lists: [],
      };
      this.#rows.set(key, row);
    }
    this.#list(row, span.attributes);
    row.spans += 1;
    if (span.parentSpanContext === undefined) row.runs += 1;
    row.durationNs += Math.max(0, nanosBetween(span.startTime, span.endTime));
  }

  /** Hands over the rows as events, and begins anew. */
  take(): TimedEvent[] {
    const events = [...this.#rows.values()].map(eventOf);
    this.#rows.clear();
    this.#calls = 0;
    return events;
  }

  #list(row: Row, attributes: Attributes): void {
    for (let at = 0; at < counts.length; at += 1) {
      const value = countOf(attributes[counts[at]![0]]);
      const list = row.lists[at];
      if (list !== undefined) list.push(value);
      else if (value !== UNREPORTED) {
        row.lists[at] = [...Array.from({ length: row.spans }, () => UNREPORTED), value];
      } else continue;
      this.#calls += 1;
    }
  }
}

function eventOf({ minute, attributes, spans, runs, durationNs, lists }: Row): TimedEvent {
  const row: Attributes = { ...attributes, [RUNREEL_USAGE_SPANS]: spans, [RUNREEL_USAGE_DURATION_NS]: durationNs };
  if (runs > 0) row[RUNREEL_USAGE_RUNS] = runs;
  for (let at = 0; at < counts.length; at += 1) if (lists[at] !== undefined) row[counts[at]![1]] = lists[at]!;
  return { name: EVENT_USAGE, time: [minute, 0], attributes: row };
}

function attributesOf({ attributes }: ReadableSpan, operation: Attributes[string], hasFailed: boolean): Attributes {
  const common: Attributes = {};
  if (operation !== undefined) common[GEN_AI_OPERATION_NAME] = operation;
  for (const key of keys) if (attributes[key] !== undefined) common[key] = attributes[key];
  // That there is one makes a span a checkpoint; which one it is does not matter.
  const checkpoint = attributes[RUNREEL_CHECKPOINT_ID];
  if (checkpoint !== undefined) common[RUNREEL_CHECKPOINT_ID] = checkpoint;
  if (hasFailed) common[ERROR_TYPE] = SOME_ERROR;
  return common;
}

/** What a span without an operation is taken for is seen from what a row does not have: the tokens in their own names, and ids. */
function operationOf(attributes: Attributes): Attributes[string] {
  const operation = attributes[GEN_AI_OPERATION_NAME];
  if (operation !== undefined || attributes[RUNREEL_STEP_KIND] !== undefined) return operation;
  if (attributes[GEN_AI_TOOL_CALL_ID] !== undefined && attributes[GEN_AI_TOOL_NAME] !== undefined)
    return "execute_tool";
  const hasModel = attributes[GEN_AI_REQUEST_MODEL] !== undefined || attributes[GEN_AI_RESPONSE_MODEL] !== undefined;
  return hasModel && counts.some(([name]) => countOf(attributes[name]) !== UNREPORTED) ? "chat" : undefined;
}

function isFailure({ status, attributes }: ReadableSpan): boolean {
  if (status.code === SpanStatusCode.ERROR) return true;
  return status.code === SpanStatusCode.UNSET && attributes[ERROR_TYPE] !== undefined;
}

function countOf(value: unknown): number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= COUNT_MAX ? value : UNREPORTED;
}

function nanosBetween([seconds, nanos]: HrTime, [endSeconds, endNanos]: HrTime): number {
  return (endSeconds - seconds) * 1_000_000_000 + (endNanos - nanos);
}
