import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import {
  RUNREEL_CONTENT_DROPPED,
  RUNREEL_CONTENT_INPUT,
  RUNREEL_CONTENT_OUTPUT,
  RUNREEL_CONTENT_RAW,
  RUNREEL_CONTENT_STATE,
  RUNREEL_CONTENT_SYSTEM,
  RUNREEL_CONTENT_TOOLS,
} from "@runreel/semconv";

import type { LostRun } from "../encode/write-request.ts";
import type { Piece } from "../encode/piece.ts";
import type { WaitingSpan } from "./buffer.ts";

/** Runs that wait to be told of; of more, the oldest are not told. */
const RUNS_MAX_COUNT = 2_000;

/** Hashes that are remembered for the spans that are still open and may name them. */
const HASHES_MAX_COUNT = 10_000;

/** What one request tells. */
const TOLD_MAX_COUNT = 200;

const references = [
  RUNREEL_CONTENT_INPUT,
  RUNREEL_CONTENT_OUTPUT,
  RUNREEL_CONTENT_SYSTEM,
  RUNREEL_CONTENT_TOOLS,
  RUNREEL_CONTENT_RAW,
  RUNREEL_CONTENT_STATE,
];

const PREFIX = Buffer.from("runreel.content.");

/**
 * Knows which runs have lost content, and in how many spans. Costs nothing before something is lost; then the spans that wait are looked
 * through for what they name, since one that has left has left behind all that it names.
 */
export class LostContent {
  /** What has not been told yet, by run, oldest first. */
  readonly #runs = new Map<string, LostRun>();
  readonly #hashes = new Map<string, string>();

  get isEmpty(): boolean {
    return this.#runs.size === 0;
  }

  /** Pieces of content are lost, with all that the waiting spans say through them. */
  add(hashes: ReadonlySet<string>, reason: string, spans: Iterable<WaitingSpan>): void {
    if (hashes.size === 0) return;
    if (this.#hashes.size + hashes.size > HASHES_MAX_COUNT) this.#hashes.clear();
    for (const hash of hashes) this.#hashes.set(hash, reason);
    for (const span of spans) {
      if (span.hasLost || span.piece === undefined || !names(span.piece, hashes)) continue;
      span.hasLost = true;
      this.#count(traceIdOf(span.piece), reason);
    }
  }

  /** One more span is to wait. What it names may be lost already, or had no room. */
  ended(span: ReadableSpan): boolean {
    const { attributes } = span;
    let reason = attributes[RUNREEL_CONTENT_DROPPED] as string | undefined;
    for (const key of this.#hashes.size === 0 ? [] : references) reason ??= this.#hashes.get(attributes[key] as string);
    if (reason === undefined) return false;
    this.#count(span.spanContext().traceId, reason);
    return true;
  }

  /** A piece of content has come again. */
  found(hash: string): void {
    if (this.#hashes.size > 0) this.#hashes.delete(hash);
  }

  /** What the next request tells. */
  take(): LostRun[] {
    const told: LostRun[] = [];
    for (const [runId, run] of this.#runs) {
      if (told.length >= TOLD_MAX_COUNT) break;
      told.push(run);
      this.#runs.delete(runId);
    }
    return told;
  }

  #count(runId: string, reason: string): void {
    const run = this.#runs.get(runId);
    if (run !== undefined) {
      run.spans += 1;
      return;
    }
    this.#runs.set(runId, { runId, spans: 1, reason });
    const [oldest] = this.#runs.keys();
    if (this.#runs.size > RUNS_MAX_COUNT && oldest !== undefined) this.#runs.delete(oldest);
  }
}

/** Whether an encoded span names one of these hashes, which stand as texts behind the names of their attributes. */
function names({ buffer, start, end }: Piece, hashes: ReadonlySet<string>): boolean {
  const bytes = buffer.subarray(start, end);
  for (let at = bytes.indexOf(PREFIX); at >= 0; at = bytes.indexOf(PREFIX, at + 1)) {
    // The rest of the name, then tags and lengths of the value.
    const hash = /^\w+[\s\S]{2,6}?([0-9a-f]{32})/.exec(
      bytes.toString("latin1", at + PREFIX.length, at + PREFIX.length + 48),
    )?.[1];
    if (hash !== undefined && hashes.has(hash)) return true;
  }
  return false;
}

function traceIdOf({ buffer, start }: Piece): string {
  // The span's tag and length, then the id's.
  let at = start + 1;
  while (buffer[at]! >= 0x80) at += 1;
  return buffer.toString("hex", at + 3, at + 3 + 16);
}
