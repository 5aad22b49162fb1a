import type { Effects } from "./mapping/tool.ts";

/** What both the middleware and the callbacks take. */
export interface RecordingOptions {
  /** The name of the agent, and of its runs. The name given to the agent or graph unless set. */
  name?: string;
  /**
   * What running each tool does to the world, by the tool's name: `{ send_mail: "non_idempotent" }`. A tool that is not named here
   * says it in its `metadata.effect`; one that says nothing is `unknown`, and a replay asks before it runs.
   */
  effects?: Effects;
}

/** Names the host on every span. */
export const FRAMEWORK = "langchain";
