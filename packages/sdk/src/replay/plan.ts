import type { Effect, StepKind } from "../record/outcome.ts";

/** Which steps after the checkpoint still come from the recording. */
export type ReplayMode = "recorded" | "tools-recorded" | "live";

/** The file that `RUNREEL_REPLAY` names: everything a program needs to replay a run, without a connection (docs/wire.md). */
export interface ReplayPlan {
  version: 1;
  replayId: string;
  origin: { runId: string; rootSpanId: string };
  /** The first step that is not served. Steps count from 1. */
  from: number;
  mode: ReplayMode;
  onDivergence: "stop" | "continue";
  edits: Edit[];
  /** Where questions go; the collector's address. */
  endpoint: string;
  apiKey?: string;
  steps: RecordedStep[];
}

/**
 * One change that the person made, from `--set path=value`.
 *
 * `step.7.arguments.currency` changes what a live step is run with; `step.6.result…` what a served step returns;
 * `messages.5.content` a message of the state at the checkpoint, which `messageId` and `step` name when the recording knows them.
 */
export interface Edit {
  path: string;
  value: unknown;
}

export interface RecordedStep {
  index: number;
  spanId: string;
  kind: StepKind;
  name: string;
  callId: string | null;
  /** Hash of the content tree of `arguments`: what a live step is matched by. */
  argumentsHash: string | null;
  arguments: unknown;
  result: unknown;
  /** The host's own form of the result, as a content value before codecs have been applied. */
  raw: unknown;
  error: { name: string; message: string; stack: string | null } | null;
  effect: Effect;
}
