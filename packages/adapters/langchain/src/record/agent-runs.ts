import type { RecordedSpan, Recorder, RunRequest } from "@runreel/sdk/adapter";

import { scopeOf, textOf, threadOf, UNNAMED_GRAPH } from "../host-config.ts";
import type { HostConfig } from "../host-config.ts";
import { FRAMEWORK } from "../options.ts";
import { AgentRun } from "./agent-run.ts";
import { namespaceAbove, namespaceOf, nodeOf } from "./namespace.ts";
import type { Registry } from "./registry.ts";
import type { SavedState } from "./way-out.ts";

/** What a hook knows of the agent that it runs in. */
interface Opening {
  name: string | undefined;
  /** Asked for only when a run is opened. */
  input: () => unknown;
}

/** Finds the run that a hook belongs to, and opens it at the first one. */
export interface AgentRuns {
  of(config: HostConfig, opening: Opening): AgentRun;
}

/** The runs of one invocation of the host. */
interface Invocation {
  agents: Map<string, AgentRun>;
  /** The graph around them, where nobody else records it. */
  graph?: AgentRun;
}

interface Checkpointer {
  getTuple?: (config: object) => Promise<SavedState>;
}

/** The runs of all agents in the process: hooks of one invocation share the host's control object, wherever they run. */
export function createAgentRuns(recorder: () => Recorder, registry: Registry): AgentRuns {
  const invocations = new WeakMap<object, Invocation>();
  return {
    of(config, opening) {
      const scope = scopeOf(config);
      const active = recorder().active();
      const namespace = namespaceOf(config);
      const key = keyOf(namespace, active);
      const known = invocations.get(scope)?.agents.get(key);
      if (known !== undefined) return known;
      const invocation = invocations.get(scope) ?? { agents: new Map<string, AgentRun>() };
      invocations.set(scope, invocation);
      const run =
        borrow(registry, config) ?? open(recorder(), registry, { config, namespace, opening, active, invocation });
      invocation.agents.set(key, run);
      return run;
    },
  };
}

const keyOf = (namespace: string, active: RecordedSpan | undefined): string => `${namespace}\n${active?.spanId ?? ""}`;

/** Callbacks record this agent already, and know when it ends. */
function borrow(registry: Registry, { callbacks }: HostConfig): AgentRun | undefined {
  const parentRunId = callbacks?.getParentRunId?.() ?? callbacks?._parentRunId;
  const span = parentRunId === undefined ? undefined : registry.agentOf(parentRunId);
  return span === undefined ? undefined : new AgentRun(span, { place: "borrowed", onEnd: () => {} });
}

interface Place {
  config: HostConfig;
  namespace: string;
  opening: Opening;
  active: RecordedSpan | undefined;
  invocation: Invocation;
}

function open(recorder: Recorder, registry: Registry, place: Place): AgentRun {
  const { config, namespace, opening, active } = place;
  const name = opening.name ?? textOf(config.metadata?.["lc_agent_name"]) ?? nodeOf(namespace) ?? "agent";
  const input = opening.input();
  const around = active === undefined ? aroundOf(recorder, registry, place, input) : undefined;
  const parent = active ?? around?.span ?? null;
  const span = recorder.beginRun({ ...requestOf(config, name, input), parent });
  return remembered(registry, config, namespace, (rest) => {
    return new AgentRun(span, { ...rest, place: parent === null ? "root" : "inside", around });
  });
}

/** What an agent runs in where no step of ours is active: another agent, or a graph that nobody else records. */
function aroundOf(
  recorder: Recorder,
  registry: Registry,
  { config, namespace, invocation }: Place,
  input: unknown,
): AgentRun | undefined {
  for (let above = namespaceAbove(namespace); above !== undefined; above = namespaceAbove(above)) {
    const agent = invocation.agents.get(keyOf(above, undefined));
    if (agent !== undefined) return agent;
  }
  if (namespace !== "") invocation.graph ??= openGraph(recorder, registry, config, input);
  return invocation.graph;
}

/** A graph tells its agents neither its name nor its input. What the first of them is asked comes closest. */
function openGraph(recorder: Recorder, registry: Registry, config: HostConfig, input: unknown): AgentRun {
  const span = recorder.beginRun({ ...requestOf(config, UNNAMED_GRAPH, input), parent: null });
  return remembered(registry, config, "", (rest) => new AgentRun(span, { ...rest, place: "graph" }));
}

function requestOf(config: HostConfig, name: string, input: unknown): RunRequest {
  const conversationId = threadOf(config);
  return {
    name,
    agent: { name },
    framework: FRAMEWORK,
    input,
    ...(conversationId === undefined ? {} : { conversationId }),
  };
}

type FromHost = Pick<ConstructorParameters<typeof AgentRun>[1], "savedState" | "onEnd">;

function remembered(
  registry: Registry,
  config: HostConfig,
  namespace: string,
  make: (fromHost: FromHost) => AgentRun,
): AgentRun {
  const id = threadOf(config);
  const thread = id === undefined ? undefined : { id, namespace };
  const run: AgentRun = make({
    savedState: savedStateOf(config, namespace),
    onEnd: () => registry.forget(run, thread),
  });
  registry.remember(run, thread);
  return run;
}

function savedStateOf(config: HostConfig, namespace: string): (() => Promise<SavedState>) | undefined {
  const checkpointer = config.configurable?.["__pregel_checkpointer"] as Checkpointer | undefined;
  const threadId = threadOf(config);
  if (typeof checkpointer?.getTuple !== "function" || threadId === undefined) return undefined;
  const configurable = { thread_id: threadId, checkpoint_ns: namespace };
  return async () => checkpointer.getTuple?.({ configurable });
}
