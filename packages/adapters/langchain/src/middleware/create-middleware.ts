import type { AgentMiddleware } from "langchain";

import type { RecordingOptions } from "../options.ts";
import type { Registry } from "../record/registry.ts";
import type { HookContext, ToolWrappers } from "./hook-context.ts";
import { readHostVersion } from "./host-version.ts";
import { wrapModelCall } from "./model-call.ts";
import { wrapToolCall } from "./tool-call.ts";

/** The host knows middleware by this brand. Branding it here keeps the package free of an import of `langchain` at run time. */
const BRAND = Symbol.for("AgentMiddleware");

export function createRunreelMiddleware(
  recorder: HookContext["recorder"],
  registry: Registry,
  options: RecordingOptions,
): AgentMiddleware {
  const toolWrappers: ToolWrappers = { isHidden: false, questions: new WeakMap(), hasOthers: false };
  const context: HookContext = {
    recorder,
    registry,
    options,
    toolWrappers,
    runs: registry.agentRuns,
  };
  void readHostVersion();
  const wrapTool = wrapToolCall(context);
  const middleware = {
    [BRAND]: true,
    name: "runreel",
    wrapModelCall: wrapModelCall(context),
    get wrapToolCall() {
      return toolWrappers.isHidden ? undefined : wrapTool;
    },
  };
  return middleware as unknown as AgentMiddleware;
}
