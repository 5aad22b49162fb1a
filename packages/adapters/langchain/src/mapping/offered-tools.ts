import { immutable } from "@runreel/content";

import { definitionsOf } from "./tool.ts";

/** Lists by their first tools. */
const lists = new WeakMap<object, { tools: readonly unknown[]; offered: readonly unknown[] }>();

/** The definitions of the tools that a model is offered: the same list as long as the tools are the same. */
export function offeredTools(tools: readonly unknown[] = []): readonly unknown[] {
  const [first] = tools;
  if (typeof first !== "object" || first === null) return definitionsOf(tools);
  const known = lists.get(first);
  if (known?.tools.length === tools.length && known.tools.every((tool, at) => tool === tools[at])) return known.offered;
  const offered = definitionsOf(tools);
  // A tool that is its own definition is the host's to change.
  if (offered.every((definition, at) => definition !== tools[at])) immutable(offered);
  lists.set(first, { tools: [...tools], offered });
  return offered;
}
