import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";

/** What of the configuration that LangChain hands from node to node is of use here. All of it may be absent. */
export interface HostConfig {
  callbacks?: { getParentRunId?: () => string | undefined; _parentRunId?: string };
  configurable?: Record<string, unknown>;
  metadata?: Record<string, unknown>;
  signal?: AbortSignal | undefined;
  /** How many steps a run of a graph may have. */
  recursionLimit?: number;
  /** One object for each run of a graph, handed down to graphs that run inside it. */
  control?: object;
}

/** The configuration of the node that is running here. */
export function hostConfig(): HostConfig {
  return (AsyncLocalStorageProviderSingleton.getRunnableConfig() ?? {}) as HostConfig;
}

export const threadOf = ({ configurable }: HostConfig): string | undefined => textOf(configurable?.["thread_id"]);

/** The name that a graph has when nobody has given it one. */
export const UNNAMED_GRAPH = "LangGraph";

/** What the hooks of one invocation have in common: its control object. */
export function scopeOf({ control, configurable, signal }: HostConfig): object {
  return control ?? signal ?? configurable ?? {};
}

/** Aborts the whole invocation, all graphs inside: the user does, or has left the stream. Node by node there are others. */
export function signalOfAll({ configurable }: HostConfig): AbortSignal | undefined {
  const signals = configurable?.["__pregel_abort_signals"] as { externalAbortSignal?: AbortSignal } | undefined;
  return signals?.externalAbortSignal;
}

export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** Pauses and hand-overs of LangGraph travel as exceptions that no node may handle. */
export const isBubbleUp = (error: unknown): boolean =>
  (error as { is_bubble_up?: unknown } | null | undefined)?.is_bubble_up === true;

/** An agent hands over to another one: a `Command` for the graph above, as LangGraph throws it there. */
export const isHandOver = (error: unknown): boolean =>
  isBubbleUp(error) && (error as { name?: unknown }).name === "ParentCommand";

/** What the hand-over says. */
export const commandIn = (error: unknown): unknown => (error as { command?: unknown }).command;

/** The graph waits, and can be resumed. No error. */
export const isPause = (error: unknown): boolean => isBubbleUp(error) && !isHandOver(error);
