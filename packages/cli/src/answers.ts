// What the collector answers: its own types where this command reads all of an answer, and here what it reads of the others.
import type { StepError } from "@runreel/collector";

export type {
  DiffAnswer as Diff,
  DiffStep,
  KeepAnswer,
  Process,
  ProcessCounts,
  Run,
  RunAnswer as RunDetail,
  RunStatus,
  Step,
  StepError,
  Tokens,
} from "@runreel/collector";

export type ReplayMode = "recorded" | "tools-recorded" | "live";

/** One span with its content whole. */
export interface SpanDetail {
  arguments?: unknown;
  result?: unknown;
  reasoning?: string | null;
  [other: string]: unknown;
}

export interface Checkpoint {
  checkpointId: string;
  at: string;
  label: string | null;
  afterStep: number | null;
  [other: string]: unknown;
}

/** A step as the plan of a replay holds it. */
export interface RecordedStep {
  index: number;
  kind: string;
  name: string;
  arguments: unknown;
  result: unknown;
  error: StepError | null;
  effect: string;
  contentMissing?: boolean;
  [other: string]: unknown;
}

export interface Recording {
  runId: string;
  rootSpanId: string | null;
  steps: RecordedStep[];
}

export interface Question {
  questionId: string;
  step: number;
  kind: string;
  name: string;
  arguments: unknown;
  effect: string;
  state?: "open" | "answered";
}

export interface ReplayState {
  questions: Question[];
  runId: string | null;
}

export interface Divergence {
  step: number;
  expected: DivergedStep | null;
  actual: DivergedStep | null;
}

export interface DivergedStep {
  kind: string;
  name: string;
  arguments: unknown;
}

/** Sums by the groups that were asked for. */
export interface UsageRow {
  [key: string]: string | number | null;
}
