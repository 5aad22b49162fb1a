import type { SpanBatch } from "./span-batch.ts";

/** Stands for a number that nobody reported. */
export const UNREPORTED = -1;

export type SpanKind =
  | "agent"
  | "workflow"
  | "inference"
  | "tool"
  | "code"
  | "checkpoint"
  | "retrieval"
  | "embedding"
  | "usage"
  | "other";

export type SpanStatus = "ok" | "error" | "interrupted";

/** Bytes of the request, or of a text that was made from it. */
export class ByteSlice {
  bytes: Buffer = Buffer.alloc(0);
  at = 0;
  length = 0;

  set(bytes: Buffer, at: number, length: number): void {
    this.bytes = bytes;
    this.at = at;
    this.length = length;
  }
}

/** What the spans of one resource share. */
export interface NormalizedResource {
  service: string;
  processId: string;
  /** Rows of the attribute table that have no column of their own. */
  attributes: number[];
}

/**
 * A span in our own words: the same fields whatever dialect it was written in.
 *
 * One record is used for span after span, so that none is made on the way of the data; take what you need before the next one. Positions
 * point into `batch.bytes`. Texts are "" and positions 0 where there is nothing; numbers are `UNREPORTED` where that is not the same as 0.
 */
export class NormalizedSpan {
  batch!: SpanBatch;
  index = 0;
  traceAt = 0;
  spanAt = 0;
  parentAt = 0;
  startLow = 0;
  startHigh = 0;
  endLow = 0;
  endHigh = 0;
  durationNs = 0;

  isCarrier = false;
  /** What a process says of itself. */
  isReport = false;
  /** A usage record: its events say what spans used that are not sent. */
  isUsageRecord = false;
  /** Its usage has come in a usage record. */
  isUsageCounted = false;
  /** A start record, or a span without an end: it is still open. */
  isPending = false;

  kind: SpanKind = "other";
  stepKind = "";
  name = "";
  stepName = "";
  status: SpanStatus = "ok";
  statusMessage = "";
  errorType = "";
  framework = "";
  agent = "";
  agentVersion = "";
  conversationId = "";
  provider = "";
  model = "";
  requestModel = "";
  tool = "";
  toolCallId = "";
  effect = "";
  served = "";
  finishReason = "";
  timeToFirstChunkNs = 0;

  /** Disjoint, and only where they were spent: fresh input, read from and written to a cache, output (with reasoning), and its part that was reasoning. */
  inputTokens: number = UNREPORTED;
  cacheReadTokens: number = UNREPORTED;
  cacheWriteTokens: number = UNREPORTED;
  outputTokens: number = UNREPORTED;
  reasoningTokens: number = UNREPORTED;
  /** Whether an inference (or embedding) was paid for here and now, and so has usage to count. */
  isSpent = false;
  /** Millionths of a millionth of a US dollar; null where it is not known. */
  costPicodollars: bigint | null = null;

  /** Whether any of the hashes is not zero. */
  hasHashes = false;
  readonly contentInput: Uint8Array = new Uint8Array(16);
  readonly contentOutput: Uint8Array = new Uint8Array(16);
  readonly contentSystem: Uint8Array = new Uint8Array(16);
  readonly contentTools: Uint8Array = new Uint8Array(16);
  readonly contentRaw: Uint8Array = new Uint8Array(16);
  readonly contentState: Uint8Array = new Uint8Array(16);

  /** Content that stands in the span itself. */
  readonly inlineInput: ByteSlice = new ByteSlice();
  readonly inlineOutput: ByteSlice = new ByteSlice();
  readonly inlineSystem: ByteSlice = new ByteSlice();
  readonly inlineTools: ByteSlice = new ByteSlice();
  hasInlineContent = false;

  runName = "";
  isInterrupted = false;
  keptBecause = "";
  replayId = "";
  readonly replayOf: Uint8Array = new Uint8Array(16);
  replayFrom = 0;
  replayMode = "";
  divergence = "";

  checkpointId = "";
  parentCheckpointId = "";
  checkpointNamespace = "";
  checkpointLabel = "";

  resource!: NormalizedResource;
  /** Rows of the attribute table that have no column of their own. */
  readonly attributes: number[] = [];
  events = "";
  links = "";
  /** Which reader of which version made this of the span. */
  mapper = "";

  /** Empties the record for span `index` of `batch`. */
  begin(batch: SpanBatch, index: number): void {
    const { spans } = batch;
    this.batch = batch;
    this.index = index;
    this.traceAt = spans.traceAt[index]!;
    this.spanAt = spans.spanAt[index]!;
    this.parentAt = spans.parentAt[index]!;
    this.startLow = spans.startLow[index]!;
    this.startHigh = spans.startHigh[index]!;
    this.endLow = spans.endLow[index]!;
    this.endHigh = spans.endHigh[index]!;
    this.isCarrier = false;
    this.isReport = false;
    this.isUsageRecord = false;
    this.isUsageCounted = false;
    this.isPending = this.endLow === 0 && this.endHigh === 0;
    const durationNs = (this.endHigh - this.startHigh) * 4294967296 + (this.endLow - this.startLow);
    this.durationNs = this.isPending || durationNs < 0 ? 0 : durationNs;
    this.#clearTexts();
    this.#clearUsage();
    this.#clearContent();
    this.#clearRun();
    this.attributes.length = 0;
  }

  #clearTexts(): void {
    this.kind = "other";
    this.stepKind = "";
    this.name = "";
    this.stepName = "";
    this.status = "ok";
    this.statusMessage = "";
    this.errorType = "";
    this.framework = "";
    this.agent = "";
    this.agentVersion = "";
    this.conversationId = "";
    this.provider = "";
    this.model = "";
    this.requestModel = "";
    this.tool = "";
    this.toolCallId = "";
    this.effect = "";
    this.served = "";
    this.finishReason = "";
    this.events = "";
    this.links = "";
  }

  #clearUsage(): void {
    this.timeToFirstChunkNs = 0;
    this.inputTokens = UNREPORTED;
    this.cacheReadTokens = UNREPORTED;
    this.cacheWriteTokens = UNREPORTED;
    this.outputTokens = UNREPORTED;
    this.reasoningTokens = UNREPORTED;
    this.isSpent = false;
    this.costPicodollars = null;
  }

  #clearContent(): void {
    if (this.hasHashes) {
      this.hasHashes = false;
      this.contentInput.fill(0);
      this.contentOutput.fill(0);
      this.contentSystem.fill(0);
      this.contentTools.fill(0);
      this.contentRaw.fill(0);
      this.contentState.fill(0);
      this.replayOf.fill(0);
    }
    if (!this.hasInlineContent) return;
    this.hasInlineContent = false;
    this.inlineInput.length = 0;
    this.inlineOutput.length = 0;
    this.inlineSystem.length = 0;
    this.inlineTools.length = 0;
  }

  #clearRun(): void {
    this.runName = "";
    this.isInterrupted = false;
    this.keptBecause = "";
    this.replayId = "";
    this.replayFrom = 0;
    this.replayMode = "";
    this.divergence = "";
    this.checkpointId = "";
    this.parentCheckpointId = "";
    this.checkpointNamespace = "";
    this.checkpointLabel = "";
  }
}
