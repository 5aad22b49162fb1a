/** One thing that was looked at. */
export interface Examination {
  name: string;
  state: "ok" | "warning" | "fault";
  found: string;
  /** What to do about it. */
  advice?: string;
}
