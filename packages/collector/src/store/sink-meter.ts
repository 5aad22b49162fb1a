/** What the sink counts. The collector's metrics implement it. */
export interface SinkMeter {
  /** A block is in the store. `seconds` is the time from its first insert to its last. */
  blockStored(spans: number, seconds: number): void;
  /** Spans that were left out of a block because they had come before. */
  duplicates(spans: number): void;
  /** Spans of a record that could not be read after all, and records that could not be read at all. */
  rejected(spans: number): void;
  /** An attempt that failed and is repeated. */
  retried(): void;
}
