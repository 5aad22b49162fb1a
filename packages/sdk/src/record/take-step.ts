import { reviveContent } from "@runreel/content";
import type { Codec } from "@runreel/content";

import type { RecordedStep } from "../replay/plan.ts";
import type { Effect, Outcome, StepKind } from "./outcome.ts";
import { ChunkRecord } from "./chunk-record.ts";
import type { RecordedSpan, Recorder, Served } from "./recorder.ts";
import { chunksAsRecorded, chunksCodec, StreamedChunks } from "./streamed-chunks.ts";
import { isAsyncGenerator, watchStream } from "./watch-stream.ts";

/** What a step runs under: absent outside a replay. */
interface StepVerdict {
  arguments: unknown;
  served?: Served;
  confirmedBy?: string;
}

/** A step that the program is about to take. */
export interface Step<T> {
  kind: StepKind;
  name: string;
  /** What a replay matches by. */
  arguments: unknown;
  effect: Effect;
  callId?: string | undefined;
  /** Opens the span. */
  open(verdict: StepVerdict): RecordedSpan;
  /** Does what the step does. */
  perform(verdict: StepVerdict): T | PromiseLike<T>;
  describe(result: T): Outcome;
  /** Puts together what was given piece by piece; without it, only generators are listened to, whose work is done while they are read. */
  assemble?(chunks: readonly unknown[]): unknown;
  codecs: readonly Codec[];
}

/** Takes a step and records it; in a replay, only if it may. Gives what the step gives and throws what it throws. */
export async function takeStep<T>(recorder: Recorder, step: Step<T>): Promise<T> {
  const { kind, name, effect, callId, codecs } = step;
  const verdict = await recorder.replay?.decide({
    kind,
    name,
    arguments: step.arguments,
    effect,
    ...(callId === undefined ? {} : { callId }),
  });
  if (verdict === undefined) return await live(step, { arguments: step.arguments });
  if (verdict.action === "run") return await live(step, verdict);
  if (verdict.action === "serve") return serve(step, verdict.recorded, verdict.isResultEdited, codecs);
  step.open({ arguments: step.arguments, served: "blocked" }).end({ error: verdict.error });
  throw verdict.error;
}

async function live<T>(step: Step<T>, verdict: StepVerdict): Promise<T> {
  const span = step.open(verdict);
  let result: T;
  try {
    result = await span.run(() => step.perform(verdict));
  } catch (error) {
    span.end({ error });
    throw error;
  }
  if (!isStreamed(step, result, span)) span.end(describeSafely(step, result));
  return result;
}

/** An answer that the host reads piece by piece is recorded when it has been read. */
function isStreamed<T>(step: Step<T>, result: T, span: RecordedSpan): boolean {
  if (typeof result !== "object" || result === null) return false;
  if (step.assemble === undefined && !isAsyncGenerator(result)) return false;
  return watchStream(result, span, new ChunkRecord(span, (chunks) => describeChunks(step, chunks)));
}

function describeChunks<T>(step: Step<T>, chunks: readonly unknown[]): Outcome {
  const whole = step.assemble === undefined ? { output: chunks } : describeSafely(step, step.assemble(chunks) as T);
  return { ...whole, raw: chunksAsRecorded(chunks) };
}

function serve<T>(step: Step<T>, recorded: RecordedStep, isResultEdited: boolean, codecs: readonly Codec[]): T {
  const span = step.open({ arguments: step.arguments, served: "recorded" });
  if (recorded.error !== null) {
    const error = recordedError(recorded.error);
    span.end({ error });
    throw error;
  }
  const hasRaw = recorded.raw !== null && recorded.raw !== undefined && !isResultEdited;
  const result = reviveContent(hasRaw ? recorded.raw : recorded.result, { codecs: [...codecs, chunksCodec] }) as T;
  // Nothing was spent: what the recording says of tokens belongs to the original run.
  const { output, raw } =
    result instanceof StreamedChunks ? describeChunks(step, result.chunks) : describeSafely(step, result);
  span.end({ output, raw });
  return result;
}

function describeSafely<T>(step: Step<T>, result: T): Outcome {
  try {
    return step.describe(result);
  } catch {
    return { output: result };
  }
}

function recordedError({ name, message, stack }: NonNullable<RecordedStep["error"]>): Error {
  const error = new Error(message);
  error.name = name;
  if (stack !== null) error.stack = stack;
  return error;
}
