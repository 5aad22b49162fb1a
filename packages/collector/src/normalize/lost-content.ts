import {
  EVENT_CONTENT_LOST,
  RUNREEL_CONTENT_DROPPED,
  RUNREEL_CONTENT_LOST_RUN,
  RUNREEL_CONTENT_LOST_SPANS,
} from "@runreel/semconv";
import type { SpanBatch } from "../model/span-batch.ts";

/** What a program says of a run whose content it could not keep. */
export interface LostContent {
  runId: Uint8Array;
  /** How many spans name it. */
  spans: number;
  reason: string;
  /** When it was said, in halves of nanoseconds since the epoch. */
  atLow: number;
  atHigh: number;
}

/** Reads an event of a carrier; undefined when it is something else, or not said as it should be. */
export function lostContent(batch: SpanBatch, event: number): LostContent | undefined {
  if (batch.eventName(event) !== EVENT_CONTENT_LOST) return undefined;
  const { attributesFrom, attributesTo, timeLow, timeHigh } = batch.events;
  let [runId, spans, reason] = ["", 0, ""];
  for (let row = attributesFrom[event]!; row < attributesTo[event]!; row++) {
    const key = batch.key(row);
    if (key === RUNREEL_CONTENT_LOST_RUN) runId = batch.valueText(row);
    else if (key === RUNREEL_CONTENT_LOST_SPANS) spans = batch.valueNumber(row);
    else if (key === RUNREEL_CONTENT_DROPPED) reason = batch.valueText(row);
  }
  const isSound = /^[0-9a-f]{32}$/.test(runId) && Number.isInteger(spans) && spans > 0 && spans < 2 ** 31;
  if (!isSound || !/^\w{1,64}$/.test(reason)) return undefined;
  return { runId: Buffer.from(runId, "hex"), spans, reason, atLow: timeLow[event]!, atHigh: timeHigh[event]! };
}
