import {
  EVENT_BLOB,
  RUNREEL_BLOB_DATA,
  RUNREEL_BLOB_HASH,
  RUNREEL_BLOB_TYPE,
  RUNREEL_CHECKPOINT_ID,
  RUNREEL_CHECKPOINT_LABEL,
  RUNREEL_CHECKPOINT_NAMESPACE,
  RUNREEL_CHECKPOINT_PARENT_ID,
  RUNREEL_CONTENT_INPUT,
  RUNREEL_CONTENT_OUTPUT,
  RUNREEL_CONTENT_RAW,
  RUNREEL_CONTENT_STATE,
  RUNREEL_CONTENT_SYSTEM,
  RUNREEL_CONTENT_TOOLS,
  RUNREEL_EFFECT,
  RUNREEL_FRAMEWORK,
  RUNREEL_REPLAY_DIVERGENCE,
  RUNREEL_REPLAY_FROM,
  RUNREEL_REPLAY_ID,
  RUNREEL_REPLAY_MODE,
  RUNREEL_REPLAY_OF_RUN,
  RUNREEL_RUN_INTERRUPTED,
  RUNREEL_RUN_KEPT_BECAUSE,
  RUNREEL_RUN_NAME,
  RUNREEL_SPAN_PENDING,
  RUNREEL_STEP_KIND,
  RUNREEL_STEP_NAME,
  RUNREEL_STEP_SERVED,
  RUNREEL_USAGE_CACHED,
  RUNREEL_USAGE_COUNTED,
  SPAN_CHECKPOINT,
} from "@runreel/semconv";
import type { BlobType } from "@runreel/content";
import { ValueType } from "../model/attribute-table.ts";
import type { SpanBatch } from "../model/span-batch.ts";
import type { AttributeReader, Dialect, Reading } from "./reading.ts";

type TextField =
  | "framework"
  | "stepName"
  | "served"
  | "effect"
  | "runName"
  | "keptBecause"
  | "replayId"
  | "replayMode"
  | "divergence"
  | "checkpointId"
  | "parentCheckpointId"
  | "checkpointNamespace"
  | "checkpointLabel";

const text =
  (field: TextField): AttributeReader =>
  (reading, attribute) => {
    reading.span[field] = reading.text(attribute);
    return true;
  };

type HashField =
  | "contentInput"
  | "contentOutput"
  | "contentSystem"
  | "contentTools"
  | "contentRaw"
  | "contentState"
  | "replayOf";

const hash =
  (field: HashField): AttributeReader =>
  (reading, attribute) =>
    reading.hash(attribute, reading.span[field]);

/** Our own names, for what the conventions lack. */
export const runreel: Dialect = {
  [RUNREEL_FRAMEWORK]: text("framework"),
  [RUNREEL_RUN_NAME]: text("runName"),
  [RUNREEL_RUN_INTERRUPTED]: (reading, attribute) => (reading.span.isInterrupted = reading.isTrue(attribute)),
  [RUNREEL_RUN_KEPT_BECAUSE]: text("keptBecause"),
  [RUNREEL_SPAN_PENDING]: (reading, attribute) => {
    reading.span.isPending ||= reading.isTrue(attribute);
    return true;
  },
  [RUNREEL_STEP_KIND]: (reading, attribute) => {
    const kind = reading.text(attribute);
    if (kind !== "inference" && kind !== "tool" && kind !== "code") return false;
    reading.span.stepKind = kind;
    return true;
  },
  [RUNREEL_STEP_NAME]: text("stepName"),
  [RUNREEL_STEP_SERVED]: text("served"),
  [RUNREEL_EFFECT]: text("effect"),
  [RUNREEL_CONTENT_INPUT]: hash("contentInput"),
  [RUNREEL_CONTENT_OUTPUT]: hash("contentOutput"),
  [RUNREEL_CONTENT_SYSTEM]: hash("contentSystem"),
  [RUNREEL_CONTENT_TOOLS]: hash("contentTools"),
  [RUNREEL_CONTENT_RAW]: hash("contentRaw"),
  [RUNREEL_CONTENT_STATE]: hash("contentState"),
  [RUNREEL_USAGE_CACHED]: (reading, attribute) => {
    reading.isCached = reading.isTrue(attribute);
    return false;
  },
  [RUNREEL_USAGE_COUNTED]: (reading, attribute) => (reading.span.isUsageCounted = reading.isTrue(attribute)),
  [RUNREEL_CHECKPOINT_ID]: text("checkpointId"),
  [RUNREEL_CHECKPOINT_PARENT_ID]: text("parentCheckpointId"),
  [RUNREEL_CHECKPOINT_NAMESPACE]: text("checkpointNamespace"),
  [RUNREEL_CHECKPOINT_LABEL]: text("checkpointLabel"),
  [RUNREEL_REPLAY_ID]: text("replayId"),
  [RUNREEL_REPLAY_OF_RUN]: hash("replayOf"),
  [RUNREEL_REPLAY_FROM]: (reading, attribute) => {
    const step = reading.batch.valueNumber(attribute);
    if (!(Number.isInteger(step) && step >= 0 && step <= 0xffffffff)) return false;
    reading.span.replayFrom = step;
    return true;
  },
  [RUNREEL_REPLAY_MODE]: text("replayMode"),
  [RUNREEL_REPLAY_DIVERGENCE]: text("divergence"),
};

/** Says what kind of span it is, where our own marks tell. @returns whether they did. */
export function classifyRunreel(reading: Reading): boolean {
  const { span } = reading;
  if (span.stepKind !== "") {
    span.kind = span.stepKind as "inference" | "tool" | "code";
    return true;
  }
  if (span.name !== SPAN_CHECKPOINT || span.checkpointId === "") return false;
  span.kind = "checkpoint";
  return true;
}

/** A blob as it came, not yet verified. Positions are in the bytes of the batch. */
export interface CarriedBlob {
  hash: string;
  type: string;
  at: number;
  length: number;
}

export function isBlobType(type: string): type is BlobType {
  return type === "tree" || type === "text" || type === "bytes";
}

/** Reads an event of a carrier; undefined when it is no blob. */
export function carriedBlob(batch: SpanBatch, event: number): CarriedBlob | undefined {
  if (batch.eventName(event) !== EVENT_BLOB) return undefined;
  const blob: CarriedBlob = { hash: "", type: "", at: 0, length: 0 };
  const { attributes, events } = batch;
  for (let row = events.attributesFrom[event]!; row < events.attributesTo[event]!; row++) {
    const key = batch.key(row);
    if (key === RUNREEL_BLOB_HASH) blob.hash = batch.valueText(row);
    else if (key === RUNREEL_BLOB_TYPE) blob.type = batch.valueText(row);
    else if (key === RUNREEL_BLOB_DATA) {
      const type = attributes.type[row];
      if (type !== ValueType.string && type !== ValueType.bytes) continue;
      blob.at = attributes.valueAt[row]!;
      blob.length = attributes.valueLength[row]!;
    }
  }
  return blob;
}
