import {
  SERVICE_INSTANCE_ID,
  SERVICE_NAME,
  SPAN_CHECKPOINT,
  SPAN_CONTENT,
  SPAN_PROCESS,
  SPAN_USAGE,
} from "@runreel/semconv";
import { type NormalizedResource, type NormalizedSpan, UNREPORTED } from "../model/normalized-span.ts";
import type { SpanBatch } from "../model/span-batch.ts";
import { readEventContent } from "./event-content.ts";
import { type Failure, readEvents } from "./events.ts";
import { type Emitter, emitterOf, unknownEmitter } from "./emitters.ts";
import { settleAnswer } from "./dialects/vercel.ts";
import { classify } from "./kinds.ts";
import { knownKeys, knownKeysById, mapperOf, runreelMapper } from "./known-keys.ts";
import { Reading } from "./reading.ts";
import { classifyRunreel } from "./runreel.ts";
import { separateTokens, uncountTokens } from "./token-counts.ts";
import { UsageRow } from "./usage-row.ts";

const UNSET = 0;
const ERROR = 2;

/** Turns spans of any dialect into our own words. One normalizer reads request after request. */
export class Normalizer {
  readonly #reading = new Reading();
  readonly #row = new UsageRow();
  #batch: SpanBatch | undefined;
  #resources: NormalizedResource[] = [];
  #emitters: Emitter[] = [];

  /** Begins with another request. */
  begin(batch: SpanBatch): void {
    this.#batch = batch;
    this.#resources = batch.resources.map(({ attributesFrom, attributesTo }) =>
      readResource(batch, attributesFrom, attributesTo),
    );
    this.#emitters = batch.scopes.map(({ name }) => emitterOf(name));
  }

  /** Reads span `index` of the request into `span`. */
  normalize(index: number, span: NormalizedSpan): void {
    const batch = this.#batch!;
    const reading = this.#reading;
    span.begin(batch, index);
    reading.begin(batch, span);
    span.name = batch.spanName(index);
    span.resource = this.#resources[batch.spans.resource[index]!]!;
    if (span.name === SPAN_CONTENT) {
      span.isCarrier = true;
      return;
    }
    if (span.name === SPAN_PROCESS) {
      span.isReport = true;
      return;
    }
    if (span.name === SPAN_USAGE) {
      span.isUsageRecord = true;
      span.kind = "usage";
      span.mapper = runreelMapper;
      return;
    }
    reading.emitter = this.#emitters[batch.spans.scope[index]!] ?? unknownEmitter;
    this.#readAttributes(batch.spans.attributesFrom[index]!, batch.spans.attributesTo[index]!);
    if (reading.answerParts.length > 0) settleAnswer(reading);
    if (!classifyRunreel(reading)) classify(reading);
    if (batch.spans.eventsTo[index]! > batch.spans.eventsFrom[index]! && !span.hasHashes) readEventContent(reading);
    settleNames(reading);
    settleUsage(reading);
    settleStatus(reading, readEvents(batch, span));
    span.mapper = mapperOf(reading);
  }

  /**
   * Reads a row of usage record `index` into `span`, as far as the spans that it stands for have it in common. What each of them has spent is
   * read by `readCall`, before the next row. Undefined for an event that is no row.
   */
  normalizeUsage(index: number, event: number, span: NormalizedSpan): UsageRow | undefined {
    const batch = this.#batch!;
    const reading = this.#reading;
    const { timeLow, timeHigh, attributesFrom, attributesTo } = batch.events;
    if (!this.#row.read(batch, event)) return undefined;
    span.begin(batch, index);
    reading.begin(batch, span);
    reading.emitter = unknownEmitter;
    span.startLow = timeLow[event]!;
    span.startHigh = timeHigh[event]!;
    this.#readAttributes(attributesFrom[event]!, attributesTo[event]!);
    // A row has no name of its own; what has such an id is one.
    if (span.checkpointId !== "") span.name = SPAN_CHECKPOINT;
    if (!classifyRunreel(reading)) classify(reading);
    settleNames(reading);
    settleUsage(reading);
    span.status = span.isInterrupted ? "interrupted" : span.errorType === "" ? "ok" : "error";
    return this.#row;
  }

  /** Reads into the span of `normalizeUsage` what the span at place `at` of the row has spent. */
  readCall(at: number): void {
    this.#row.readCall(at, this.#reading);
    settleUsage(this.#reading);
  }

  #readAttributes(from: number, to: number): void {
    const reading = this.#reading;
    const { batch } = reading;
    for (let attribute = from; attribute < to; attribute++) {
      const id = batch.attributes.key[attribute]!;
      const known = id === 0 ? knownKeys.get(batch.key(attribute)) : knownKeysById[id];
      if (known === undefined) {
        reading.span.attributes.push(attribute);
        continue;
      }
      reading.dialects |= known.bit;
      if (!known.read(reading, attribute)) reading.span.attributes.push(attribute);
    }
  }
}

function readResource(batch: SpanBatch, from: number, to: number): NormalizedResource {
  const resource: NormalizedResource = { service: "", processId: "", attributes: [] };
  for (let row = from; row < to; row++) {
    const key = batch.key(row);
    if (key === SERVICE_NAME) resource.service = batch.valueText(row);
    else if (key === SERVICE_INSTANCE_ID) resource.processId = batch.valueText(row);
    else resource.attributes.push(row);
  }
  return resource;
}

/** What was answered counts as the model, what was asked for where the answer does not say; a step has the name of what it used. */
function settleNames(reading: Reading): void {
  const { span } = reading;
  settleEntity(reading);
  span.model = reading.responseModel === "" ? span.requestModel : reading.responseModel;
  if (span.stepName === "") {
    if (span.stepKind === "tool") span.stepName = span.tool === "" ? span.name : span.tool;
    else if (span.stepKind === "inference") span.stepName = span.requestModel === "" ? span.model : span.requestModel;
    else if (span.stepKind === "code") span.stepName = span.name;
  }
  if (span.runName === "" && span.parentAt === 0) {
    span.runName = span.agent || reading.workflow || span.name;
  }
}

/** Who it is about, where that has one name for all kinds of spans, or is the name of the span. */
function settleEntity(reading: Reading): void {
  const { span, namedKind } = reading;
  if (span.kind === "inference") {
    // Tools that a model asked for are no tool that ran.
    if (span.tool !== "") takeBackTool(reading);
    return;
  }
  if (span.kind === "tool" && span.tool === "") span.tool = reading.entity || (namedKind === "tool" ? span.name : "");
  if (span.kind === "agent" && span.agent === "")
    span.agent = reading.entity || (namedKind === "agent" ? span.name : "");
  if (span.kind === "workflow" && reading.workflow === "") reading.workflow = reading.entity;
}

function takeBackTool(reading: Reading): void {
  const { span, toolRow, toolCallRow } = reading;
  span.tool = "";
  span.toolCallId = "";
  if (toolRow !== UNREPORTED) span.attributes.push(toolRow);
  if (toolCallRow !== UNREPORTED) span.attributes.push(toolCallRow);
}

/** Usage counts where it was spent: on inferences and embeddings that ran. On agents and workflows it is a sum of others. */
function settleUsage(reading: Reading): void {
  const { span } = reading;
  const isRepeated = reading.isCached || span.served === "recorded" || span.served === "blocked";
  span.isSpent = (span.kind === "inference" || span.kind === "embedding") && !isRepeated && !span.isPending;
  if (span.isSpent) separateTokens(reading);
  else uncountTokens(reading);
}

/** A span failed when it says so, or names an error. A tool failed also when an exception got out of it and nobody set a status. Some dialects tell failures in words of their own alone. */
function settleStatus(reading: Reading, failure: Failure | undefined): void {
  const { span, batch } = reading;
  const code = batch.spans.status[span.index];
  if (span.isInterrupted) {
    span.status = "interrupted";
    return;
  }
  const isNamed = code === UNSET && (span.errorType !== "" || (failure !== undefined && span.stepKind === "tool"));
  if (code !== ERROR && !isNamed && !reading.hasFailed) {
    span.status = "ok";
    return;
  }
  span.status = "error";
  const { messageAt, messageLength } = batch.spans;
  const message = batch.text(messageAt[span.index]!, messageLength[span.index]!);
  span.statusMessage = message || failure?.message || reading.failureMessage;
  if (span.errorType === "" && failure !== undefined) span.errorType = failure.type;
}
