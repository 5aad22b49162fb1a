// Where in a run of LangGraph something stands: `one:<task>|tools:<task>`, a node and its task for each graph, the outermost first. A
// node that calls more than one graph counts them: `one:<task>|1|tools:<task>`.
import { textOf } from "../host-config.ts";
import type { HostConfig } from "../host-config.ts";

/** The namespace of the graph that a hook runs in: that of its node without the node. Empty for the outermost. */
export function namespaceOf({ configurable }: HostConfig): string {
  const namespace = textOf(configurable?.["checkpoint_ns"]) ?? "";
  return namespace.slice(0, Math.max(namespace.lastIndexOf("|"), 0));
}

/** The namespace of the graph around, or undefined around the outermost. */
export function namespaceAbove(namespace: string): string | undefined {
  if (namespace === "") return undefined;
  const own = withoutCount(namespace);
  return own.slice(0, Math.max(own.lastIndexOf("|"), 0));
}

/** The node that the graph is, or that has called it. */
export function nodeOf(namespace: string): string | undefined {
  const own = withoutCount(namespace);
  const [node] = own.slice(own.lastIndexOf("|") + 1).split(":");
  return textOf(node);
}

const withoutCount = (namespace: string): string => namespace.replace(/\|\d+$/, "");
