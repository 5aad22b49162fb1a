/** What the journal counts. The collector's metrics implement it. */
export interface JournalMeter {
  /** Bytes of all segments on disk, after each change. */
  size(bytes: number): void;
  /** Records and bytes that became durable in one commit. */
  committed(records: number, bytes: number): void;
  /** An append that was refused, because there is no room or the disk failed. */
  refused(reason: "full" | "disk"): void;
  /** Bytes cut off the end at the start: an append that was under way when the process died, and never acknowledged. */
  torn(bytes: number): void;
  /** Damage in the middle: acknowledged records that are lost, and bytes that could not be read. Any of them is an incident. */
  damaged(records: number, bytes: number): void;
}

export const silentMeter: JournalMeter = {
  size() {},
  committed() {},
  refused() {},
  torn() {},
  damaged() {},
};
