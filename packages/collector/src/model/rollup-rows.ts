/** Sums over spans: what the rollups count. */
export interface UsageSums {
  spans: number;
  inferences: number;
  inferencesWithoutUsage: number;
  inferencesUnpriced: number;
  toolCalls: number;
  errors: number;
  inputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  outputTokens: number;
  reasoningTokens: number;
  costPicodollars: bigint;
}

/** What one block says of one run: a row of `runs`. */
export interface RunRow extends UsageSums {
  project: string;
  /** 16 bytes. */
  runId: Uint8Array;
  /** Days since the epoch, of the first start. */
  day: number;
  firstStart: bigint;
  lastEnd: bigint;
  heardAt: number;
  /** "" = this block has nothing of the root. */
  rootState: "" | "open" | "ended";
  rootSpanId: Uint8Array;
  rootStart: bigint;
  rootEnd: bigint;
  name: string;
  status: string;
  errorType: string;
  errorMessage: string;
  service: string;
  /** Of the root, or of the first span where the root is not here. */
  processId: string;
  framework: string;
  agent: string;
  agentVersion: string;
  conversationId: string;
  replayId: string;
  replayOf: Uint8Array;
  replayFrom: number;
  replayMode: string;
  divergence: string;
  keptBecause: string;
  /** How many spans name content that the program could not keep, and why. */
  lostContentSpans: number;
  lostContentReason: string;
  steps: number;
  models: Set<string>;
}

/** One row of `usage_1m`: what one block adds to one minute and set of keys. */
export interface UsageRow extends UsageSums {
  project: string;
  /** Seconds since the epoch. */
  minute: number;
  agent: string;
  agentVersion: string;
  kind: string;
  provider: string;
  model: string;
  tool: string;
  status: string;
  runs: number;
  durationNs: bigint;
}
