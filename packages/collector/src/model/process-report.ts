/** What has become of one kind of thing: `recorded` is the sum of the others without `fromDisk`, which is a part of `delivered`. */
export interface ReportedCounts {
  recorded: number;
  delivered: number;
  spooled: number;
  buffered: number;
  fromDisk: number;
  dropped: Record<string, number>;
}

/** What a process says of itself, or the receipt of a request of it that came from disk. */
export interface ProcessReport {
  instanceId: string;
  service: string;
  sdkVersion: string;
  host: string;
  pid: number;
  sequence: number;
  /** The sequence of a receipt; 0 for a report. */
  receipt: number;
  /** When the process began to record, and when it said this, in halves of nanoseconds since the epoch. */
  startLow: number;
  startHigh: number;
  atLow: number;
  atHigh: number;
  hasEnded: boolean;
  openRuns: number;
  /** The time between two reports while runs are open; 0 where none is promised. */
  intervalMs: number;
  redelivered: number;
  /** On a receipt, `delivered` alone: what the request held. */
  spans: ReportedCounts;
  content: ReportedCounts;
}
