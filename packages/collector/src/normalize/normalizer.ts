import {
  SERVICE_INSTANCE_ID,
  SERVICE_NAME,
  SPAN_CHECKPOINT,
  SPAN_CONTENT,
  SPAN_PROCESS,
  SPAN_USAGE,
} from "@runreel/semconv";
import { KEY_IDS, keyNames } from "../model/key-names.ts";
import type { NormalizedResource, NormalizedSpan } from "../model/normalized-span.ts";
import type { SpanBatch } from "../model/span-batch.ts";
import { type Failure, readEvents } from "./events.ts";
import { classifyGenAi, genai } from "./genai.ts";
import { otel } from "./otel.ts";
import { type AttributeReader, type Dialect, Reading } from "./reading.ts";
import { classifyRunreel, runreel } from "./runreel.ts";
import { separateTokens, uncountTokens } from "./token-counts.ts";
import { UsageRow } from "./usage-row.ts";
import { settleAnswer, vercel } from "./vercel.ts";

/** Grows when the same span would come out otherwise, so that stored rows say which reading they are. */
const MAPPER_VERSION = 1;

const UNSET = 0;
const ERROR = 2;

/** Turns spans of any dialect into our own words. One normalizer reads request after request. */
export class Normalizer {
  readonly #readers = readersOf({ otel, genai, vercel, runreel });
  readonly #readersById = byId(this.#readers);
  readonly #reading = new Reading();
  readonly #row = new UsageRow();
  #batch: SpanBatch | undefined;
  #resources: NormalizedResource[] = [];

  /** Begins with another request. */
  begin(batch: SpanBatch): void {
    this.#batch = batch;
    this.#resources = batch.resources.map(({ attributesFrom, attributesTo }) =>
      readResource(batch, attributesFrom, attributesTo),
    );
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
      span.mapper = mappers.runreel;
      return;
    }
    this.#readAttributes(batch.spans.attributesFrom[index]!, batch.spans.attributesTo[index]!);
    if (reading.hasVercel) settleAnswer(reading);
    if (!classifyRunreel(reading)) classifyGenAi(reading);
    settleNames(reading);
    settleUsage(reading);
    settleStatus(reading, readEvents(batch, span));
    span.mapper = mappers[dialectOf(reading)];
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
    span.startLow = timeLow[event]!;
    span.startHigh = timeHigh[event]!;
    this.#readAttributes(attributesFrom[event]!, attributesTo[event]!);
    // A row has no name of its own; what has such an id is one.
    if (span.checkpointId !== "") span.name = SPAN_CHECKPOINT;
    if (!classifyRunreel(reading)) classifyGenAi(reading);
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
      const known = id === 0 ? this.#readers.get(batch.key(attribute)) : this.#readersById[id];
      if (known === undefined) {
        reading.span.attributes.push(attribute);
        continue;
      }
      if (known.dialect === "runreel") reading.hasRunreel = true;
      else if (known.dialect === "genai") reading.hasGenAi = true;
      else if (known.dialect === "vercel") reading.hasVercel = true;
      if (!known.read(reading, attribute)) reading.span.attributes.push(attribute);
    }
  }
}

const mappers = {
  runreel: `runreel@${MAPPER_VERSION}`,
  genai: `genai@${MAPPER_VERSION}`,
  vercel: `vercel@${MAPPER_VERSION}`,
  otel: `otel@${MAPPER_VERSION}`,
} as const;

/** Vercel's AI SDK uses the conventions too. */
function dialectOf({ hasRunreel, hasVercel, hasGenAi }: Reading): DialectName {
  if (hasRunreel) return "runreel";
  if (hasVercel) return "vercel";
  return hasGenAi ? "genai" : "otel";
}

interface KnownKey {
  dialect: DialectName;
  read: AttributeReader;
}

type DialectName = keyof typeof mappers;

/** All keys of all dialects in one map: no key belongs to two of them. */
function readersOf(dialects: Record<DialectName, Dialect>): Map<string, KnownKey> {
  const entries = Object.entries(dialects) as [DialectName, Dialect][];
  return new Map(
    entries.flatMap(([dialect, readers]) => Object.entries(readers).map(([key, read]) => [key, { dialect, read }])),
  );
}

/** The same by the numbers of the keys, which they get here at the latest. */
function byId(readers: ReadonlyMap<string, KnownKey>): (KnownKey | undefined)[] {
  const found = Array.from({ length: KEY_IDS }, (): KnownKey | undefined => undefined);
  for (const [key, known] of readers) found[keyNames.idOfName(key)] = known;
  found[0] = undefined;
  return found;
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

/** Usage counts where it was spent: on inferences and embeddings that ran. On agents and workflows it is a sum of others. */
function settleUsage(reading: Reading): void {
  const { span } = reading;
  const isRepeated = reading.isCached || span.served === "recorded" || span.served === "blocked";
  span.isSpent = (span.kind === "inference" || span.kind === "embedding") && !isRepeated && !span.isPending;
  if (span.isSpent) separateTokens(reading);
  else uncountTokens(reading);
}

/** A span failed when it says so, or names an error. A tool failed also when an exception got out of it and nobody set a status. */
function settleStatus(reading: Reading, failure: Failure | undefined): void {
  const { span, batch } = reading;
  const code = batch.spans.status[span.index];
  if (span.isInterrupted) {
    span.status = "interrupted";
    return;
  }
  const isNamed = code === UNSET && (span.errorType !== "" || (failure !== undefined && span.stepKind === "tool"));
  if (code !== ERROR && !isNamed) {
    span.status = "ok";
    return;
  }
  span.status = "error";
  const { messageAt, messageLength } = batch.spans;
  const message = batch.text(messageAt[span.index]!, messageLength[span.index]!);
  span.statusMessage = message === "" && failure !== undefined ? failure.message : message;
  if (span.errorType === "" && failure !== undefined) span.errorType = failure.type;
}
