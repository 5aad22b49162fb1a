// What the collector answers, as far as this command reads it. The contract is /openapi.json.

export type RunStatus = "running" | "ok" | "error" | "interrupted" | "silent" | "lost";
export type ReplayMode = "recorded" | "tools-recorded" | "live";

/** Four disjoint numbers and the part of `output` that was reasoning. Null where nobody reported. */
export interface Tokens {
  input: number | null;
  cacheRead: number | null;
  cacheWrite: number | null;
  output: number | null;
  reasoning: number | null;
}

export interface Run {
  runId: string;
  name: string;
  agent: { name: string; version: string | null } | null;
  framework: string | null;
  status: RunStatus;
  startTime: string;
  endTime: string | null;
  durationMs: number | null;
  heardAt?: string | null;
  steps: number;
  inferences: number;
  toolCalls: number;
  models?: string[];
  tokens: Tokens;
  costUsd: string | null;
  error: { name: string; message: string } | null;
  conversationId: string | null;
  replayId?: string | null;
  replayOf: { runId: string; from: number; mode: string } | null;
  divergence?: unknown;
  findings: number;
}

export interface StepError {
  name: string;
  message: string;
  stack: string | null;
}

export interface Step {
  index: number;
  spanId: string;
  parentIndex: number | null;
  kind: string;
  name: string;
  /** Of an inference `{messages, system, tools}`. */
  arguments: unknown;
  /** Of an inference the message that came back. */
  result: unknown;
  reasoning: string | null;
  error: StepError | null;
  effect: string;
  status: string;
  startTime: string;
  durationMs: number | null;
  tokens: Tokens | null;
  costUsd: string | null;
  model: string | null;
  callId: string | null;
  finishReason: string | null;
  served: string;
  truncated: boolean;
  contentMissing: boolean;
}

export interface RunDetail {
  run: Run;
  steps: Step[];
  spans: unknown[];
  findings: unknown[];
}

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

export interface DiffStep {
  index: number | null;
  otherIndex: number | null;
  equal: boolean;
  changes: { field: string; a: unknown; b: unknown }[];
}

export interface Diff {
  firstDivergence: number | null;
  steps: DiffStep[];
  a: Run;
  b: Run;
}

export interface UsageRow {
  [key: string]: string | number | null;
}
