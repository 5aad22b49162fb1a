import {
  EVENT_USAGE,
  RUNREEL_USAGE_CACHE_READ_TOKENS,
  RUNREEL_USAGE_CACHE_WRITE_TOKENS,
  RUNREEL_USAGE_DURATION_NS,
  RUNREEL_USAGE_INPUT_TOKENS,
  RUNREEL_USAGE_OUTPUT_TOKENS,
  RUNREEL_USAGE_REASONING_TOKENS,
  RUNREEL_USAGE_RUNS,
  RUNREEL_USAGE_SPANS,
} from "@runreel/semconv";
import { UNREPORTED } from "../model/normalized-span.ts";
import type { SpanBatch } from "../model/span-batch.ts";
import type { Reading } from "./reading.ts";

/** More than a process records between two requests. */
const COUNT_MAX = 0xffffffff;

type Counts = readonly number[];
const NONE: Counts = [];

/** A row of a usage record: how many spans it stands for, and what each of them spent, since the price of a call depends on its size. */
export class UsageRow {
  spans = 0;
  /** How many of them are roots. */
  runs = 0;
  /** Of all of them together. */
  durationNs = 0;
  /** For how many of the spans it says what they spent. */
  calls = 0;
  #input: Counts = NONE;
  #cacheRead: Counts = NONE;
  #cacheWrite: Counts = NONE;
  #output: Counts = NONE;
  #reasoning: Counts = NONE;

  /** @returns whether the event is a row. */
  read(batch: SpanBatch, event: number): boolean {
    if (batch.eventName(event) !== EVENT_USAGE) return false;
    this.#clear();
    const { attributesFrom, attributesTo } = batch.events;
    for (let attribute = attributesFrom[event]!; attribute < attributesTo[event]!; attribute++) {
      this.#readAttribute(batch, batch.key(attribute), attribute);
    }
    const lists = [this.#input, this.#cacheRead, this.#cacheWrite, this.#output, this.#reasoning];
    this.calls = Math.min(this.spans, Math.max(...lists.map(({ length }) => length)));
    return true;
  }

  /** Tells what the span at place `at` reported, totals with their parts. */
  readCall(at: number, reading: Reading): void {
    reading.inputTotal = countAt(this.#input, at);
    reading.outputTotal = countAt(this.#output, at);
    reading.span.inputTokens = UNREPORTED;
    reading.span.outputTokens = UNREPORTED;
    reading.span.cacheReadTokens = countAt(this.#cacheRead, at);
    reading.span.cacheWriteTokens = countAt(this.#cacheWrite, at);
    reading.span.reasoningTokens = countAt(this.#reasoning, at);
    reading.span.costPicodollars = null;
  }

  #readAttribute(batch: SpanBatch, key: string, attribute: number): void {
    switch (key) {
      case RUNREEL_USAGE_SPANS:
        this.spans = count(batch.valueNumber(attribute), COUNT_MAX, 0);
        break;
      case RUNREEL_USAGE_RUNS:
        this.runs = count(batch.valueNumber(attribute), COUNT_MAX, 0);
        break;
      case RUNREEL_USAGE_DURATION_NS:
        this.durationNs = count(batch.valueNumber(attribute), Number.MAX_SAFE_INTEGER, 0);
        break;
      case RUNREEL_USAGE_INPUT_TOKENS:
        this.#input = countsOf(batch, attribute);
        break;
      case RUNREEL_USAGE_CACHE_READ_TOKENS:
        this.#cacheRead = countsOf(batch, attribute);
        break;
      case RUNREEL_USAGE_CACHE_WRITE_TOKENS:
        this.#cacheWrite = countsOf(batch, attribute);
        break;
      case RUNREEL_USAGE_OUTPUT_TOKENS:
        this.#output = countsOf(batch, attribute);
        break;
      case RUNREEL_USAGE_REASONING_TOKENS:
        this.#reasoning = countsOf(batch, attribute);
        break;
      default:
    }
  }

  #clear(): void {
    this.spans = 0;
    this.runs = 0;
    this.durationNs = 0;
    this.#input = NONE;
    this.#cacheRead = NONE;
    this.#cacheWrite = NONE;
    this.#output = NONE;
    this.#reasoning = NONE;
  }
}

function countsOf(batch: SpanBatch, attribute: number): Counts {
  const values: unknown = JSON.parse(batch.valueJson(attribute));
  return Array.isArray(values) ? (values as number[]) : NONE;
}

function countAt(counts: Counts, at: number): number {
  return count(counts[at], COUNT_MAX, UNREPORTED);
}

/** What a span says of itself is held to the same limits. */
function count(value: unknown, max: number, otherwise: number): number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max ? value : otherwise;
}
