/** What the suite needs of a journal; the collector's `Journal` is one. */
export interface JournalUnderTest {
  readonly id: string;
  readonly partitions: number;
  append(records: { traceId: Uint8Array; body: Uint8Array }[], signal?: AbortSignal): Promise<void>;
  own(start: (partition: PartitionUnderTest) => Promise<void>): Promise<{ close(): Promise<void> }>;
  usage(): Promise<{ partition: number; oldest: bigint; end: bigint }[]>;
  close(): Promise<void>;
}

export interface PartitionUnderTest {
  readonly partition: number;
  readonly lost: AbortSignal;
  read(from: bigint): AsyncIterable<RecordUnderTest[]>;
  decide(kind: "cut" | "verdict", body: Uint8Array): Promise<void>;
  release(before: bigint): Promise<void>;
}

export interface RecordUnderTest {
  offset: bigint;
  appendedAt: number;
  kind: "spans" | "cut" | "verdict";
  body: Uint8Array;
}

/** One log, opened and closed as often as a test likes. */
export interface JournalHarness {
  /** Opens the same log each time; the one before is closed. */
  open(): Promise<JournalUnderTest>;
  /** Removes the log. */
  dispose(): Promise<void>;
}
