import { BaseMessage, ToolMessage } from "@langchain/core/messages";
import { convertToOpenAITool, isLangChainTool } from "@langchain/core/utils/function_calling";
import type { Effect } from "@runreel/sdk/adapter";

import { responseOf } from "./message.ts";
import { withCommonMessages } from "./state.ts";

/** What running a tool does to the world, by the tool's name. */
export type Effects = Readonly<Record<string, Effect>>;

const effects: ReadonlySet<unknown> = new Set<Effect>(["none", "read", "idempotent", "non_idempotent", "unknown"]);

/** The effect that the user declared: in the option, else in the tool's `metadata.effect`, else unknown. */
export function effectOf(name: string, declared: Effects | undefined, metadata: unknown): Effect {
  const effect = declared?.[name] ?? (metadata as { effect?: unknown } | undefined)?.effect;
  return effects.has(effect) ? (effect as Effect) : "unknown";
}

/** The result of a tool as people read it: text, JSON or parts. The host's own form goes to `raw`. */
export function resultOf(result: unknown, callId: string | undefined): unknown {
  if (ToolMessage.isInstance(result)) return responseOf(result.content);
  if (BaseMessage.isInstance(result)) return responseOf(result.content);
  const command = result as { lg_name?: unknown; update?: unknown; goto?: unknown } | null;
  if (command === null || !isCommand(command)) return result;
  const update = command.update as { messages?: unknown } | undefined;
  const messages = Array.isArray(update?.messages) ? (update.messages as unknown[]) : [];
  const answer = messages.find((one) => ToolMessage.isInstance(one) && one.tool_call_id === callId);
  const said = ToolMessage.isInstance(answer) ? responseOf(answer.content) : undefined;
  const goto = destinationsOf(command.goto);
  if (goto.length === 0) return said ?? { update: withCommonMessages(update) ?? null };
  return { goto, ...(said === undefined ? { update: withCommonMessages(update) ?? null } : { said }) };
}

/** A command of LangGraph's, told by its brand. */
export const isCommand = (result: unknown): boolean =>
  (result as { lg_name?: unknown } | null | undefined)?.lg_name === "Command";

/** A command for the graph that this agent is a part of: it hands over to another one. */
export const isForGraphAbove = (result: unknown): boolean =>
  isCommand(result) && (result as { graph?: unknown }).graph === "__parent__";

/** Where a command leads: nodes by name, or with what they are sent. */
function destinationsOf(goto: unknown): unknown[] {
  const given = Array.isArray(goto) ? goto : goto === undefined || goto === null ? [] : [goto];
  return given.map((one: unknown) => {
    const { lg_name, node, args } = one as { lg_name?: unknown; node?: unknown; args?: unknown };
    return lg_name === "Send" ? { node, args: withCommonMessages(args) } : one;
  });
}

const definitions = new WeakMap<object, unknown>();

/** The tools that a model is offered. Turning a schema into JSON is dear, so each tool is described once. */
export function definitionsOf(tools: readonly unknown[] | undefined): unknown[] {
  return (tools ?? []).map((tool) => {
    if (typeof tool !== "object" || tool === null) return tool;
    const known = definitions.get(tool);
    if (known !== undefined) return known;
    const definition = define(tool);
    definitions.set(tool, definition);
    return definition;
  });
}

/** LangChain's own tools, and the forms in which requests to providers have them. What is neither stays as it is. */
function define(tool: object): unknown {
  try {
    if (isLangChainTool(tool)) return { type: "function", ...convertToOpenAITool(tool).function };
  } catch {
    const { name, description } = tool as { name?: unknown; description?: unknown };
    return { type: "function", name, description };
  }
  const { function: inner, input_schema: parameters, ...rest } = tool as Record<string, unknown>;
  if (typeof inner === "object" && inner !== null) return { type: "function", ...inner };
  return parameters === undefined ? tool : { type: "function", ...rest, parameters };
}
