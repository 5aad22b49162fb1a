import type { Recorder } from "@runreel/sdk/adapter";

import type { RecordingOptions } from "../options.ts";
import type { AgentRuns } from "../record/agent-runs.ts";
import type { Registry } from "../record/registry.ts";

/** What the middleware's hooks work with. */
export interface HookContext {
  readonly recorder: () => Recorder;
  readonly registry: Registry;
  readonly runs: AgentRuns;
  readonly options: RecordingOptions;
  readonly toolWrappers: ToolWrappers;
}

/** What is known of other middleware that wraps tool calls. */
export interface ToolWrappers {
  /** While true, the host does not see that we wrap tool calls. */
  isHidden: boolean;
  /** How to ask the host, by invocation. Only a tool that fails needs the answer, so the question waits. */
  readonly questions: WeakMap<object, () => Promise<boolean | undefined>>;
  /** The host's last answer, for a run that begins at a tool: one that was resumed in a new process. */
  hasOthers: boolean;
}
