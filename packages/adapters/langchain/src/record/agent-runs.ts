import type { Recorder } from "@runreel/sdk/adapter";

import { scopeOf, textOf, threadOf } from "../host-config.ts";
import type { HostConfig } from "../host-config.ts";
import { FRAMEWORK } from "../options.ts";
import { AgentRun } from "./agent-run.ts";
import type { Registry } from "./registry.ts";
import type { SavedState } from "./way-out.ts";

/** Finds the run that a hook belongs to, and opens it at the first one. */
export interface AgentRuns {
  /** `input` is asked for only when a run is opened. */
  of(config: HostConfig, opening: { name: string | undefined; input: () => unknown }): AgentRun;
}

interface Checkpointer {
  getTuple?: (config: object) => Promise<SavedState>;
}

/** The runs of all agents in the process: hooks of one invocation share the host's control object, wherever they run. */
export function createAgentRuns(recorder: () => Recorder, registry: Registry): AgentRuns {
  const byScope = new WeakMap<object, Map<string, AgentRun>>();
  return {
    of(config, opening) {
      const scope = scopeOf(config);
      const above = recorder().active();
      const key = `${namespaceOf(config)}\n${above?.spanId ?? ""}`;
      const known = byScope.get(scope)?.get(key);
      if (known !== undefined) return known;
      const run = open(recorder(), registry, { config, opening });
      byScope.set(scope, (byScope.get(scope) ?? new Map<string, AgentRun>()).set(key, run));
      return run;
    },
  };
}

function open(
  recorder: Recorder,
  registry: Registry,
  { config, opening }: { config: HostConfig; opening: Parameters<AgentRuns["of"]>[1] },
): AgentRun {
  const parentRunId = config.callbacks?.getParentRunId?.() ?? config.callbacks?._parentRunId;
  const recorded = parentRunId === undefined ? undefined : registry.agentOf(parentRunId);
  // Callbacks record this agent already, and know when it ends.
  if (recorded !== undefined) return new AgentRun(recorded, { isRoot: true, isBorrowed: true, onEnd: () => {} });

  const name = opening.name ?? textOf(config.metadata?.["lc_agent_name"]) ?? "agent";
  const conversationId = threadOf(config);
  const thread = conversationId === undefined ? undefined : { id: conversationId, namespace: namespaceOf(config) };
  const above = recorder.active();
  const span = recorder.beginRun({
    name,
    agent: { name },
    framework: FRAMEWORK,
    input: opening.input(),
    parent: above ?? null,
    ...(conversationId === undefined ? {} : { conversationId }),
  });
  const run: AgentRun = new AgentRun(span, {
    isRoot: above === undefined,
    savedState: savedStateOf(config),
    onEnd: () => registry.forget(run, thread),
  });
  registry.remember(run, thread);
  return run;
}

/** The namespace of the agent's own graph: that of the node without the node. */
const namespaceOf = ({ configurable }: HostConfig): string =>
  (textOf(configurable?.["checkpoint_ns"]) ?? "").split("|").slice(0, -1).join("|");

function savedStateOf(config: HostConfig): (() => Promise<SavedState>) | undefined {
  const checkpointer = config.configurable?.["__pregel_checkpointer"] as Checkpointer | undefined;
  const threadId = threadOf(config);
  if (typeof checkpointer?.getTuple !== "function" || threadId === undefined) return undefined;
  const configurable = { thread_id: threadId, checkpoint_ns: namespaceOf(config) };
  return async () => checkpointer.getTuple?.({ configurable });
}
