import type { SpanBatch } from "./span-batch.ts";

/** One durable record. Offsets grow by at least one and say nothing else. */
export interface JournalRecord {
  offset: bigint;
  /** The log's own clock, in milliseconds since the epoch. The only clock that what is stored may depend on. */
  appendedAt: number;
  kind: "spans" | "cut" | "verdict";
  body: Uint8Array;
  /** The spans of the body, where its appender had to decode them anyway and they are still in memory. They last as long as the body. */
  decoded?: SpanBatch | undefined;
}

/** What is appended; `decoded` is the journal's until it fails, or its reader lets go. */
export interface AppendedRecord {
  traceId: Uint8Array;
  body: Uint8Array;
  decoded?: SpanBatch | undefined;
}

/**
 * What is acknowledged is in here first. The local implementation is a folder of segments; a partitioned log can take its place, so nothing of
 * files, segments or group commits shows.
 */
export interface Journal {
  /** A new log has a new id. Part of every batch id. */
  readonly id: string;
  /** Fixed for that id. Local: 1. */
  readonly partitions: number;
  /**
   * Resolved = durable = may be acknowledged. May take up to a second more while the reader is behind and moving, so that senders go on at its pace.
   *
   * @throws JournalFull when there is no room, or the log cannot be reached; the sender may try again.
   */
  append(records: AppendedRecord[], signal?: AbortSignal): Promise<void>;
  /** Calls `start` for each partition that becomes ours. */
  own(start: (partition: OwnedPartition) => Promise<void>): Promise<{ close(): Promise<void> }>;
  usage(): Promise<{ partition: number; oldest: bigint; end: bigint; bytes?: number }[]>;
}

export interface OwnedPartition {
  readonly partition: number;
  /** A hint that may come late; never a fence. */
  readonly lost: AbortSignal;
  /** In order, durable records only. Not pulling is back-pressure. */
  read(from: bigint): AsyncIterable<JournalRecord[]>;
  /** The decisions alone, and the offset up to which they are all that there are. */
  readDecisions(from: bigint): AsyncIterable<{ decisions: JournalRecord[]; end: bigint }>;
  /**
   * Nobody looks again at what `read` gave of the records before this offset: their memory is used for others. They can be read anew.
   */
  letGo(before: bigint): void;
  /** What was read cannot be stored for now. Until the next `letGo` no append waits for the reader. */
  stalled(): void;
  /** In force when `read` returns it. */
  decide(kind: "cut" | "verdict", body: Uint8Array): Promise<void>;
  /** Records before this offset are no longer needed at all. */
  release(before: bigint): Promise<void>;
}

export class JournalFull extends Error {
  override readonly name = "JournalFull";
  readonly retryAfterMs: number = 1000;
}
