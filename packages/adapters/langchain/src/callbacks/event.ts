import { AIMessage, BaseMessage } from "@langchain/core/messages";
import type { Outcome } from "@runreel/sdk/adapter";

import { UNNAMED_GRAPH } from "../host-config.ts";
import { answerOf } from "../mapping/answer.ts";
import { historyOf } from "../mapping/history.ts";
import { instructionsOf, responseOf, toGenAiMessage } from "../mapping/message.ts";
import { withCommonMessages } from "../mapping/state.ts";

/** How LangChain writes down what runs: `["langgraph", "pregel", "CompiledStateGraph"]`. */
interface Serialized {
  id?: unknown;
  name?: unknown;
}

/** The name of what runs, where nobody has given it another: its class. */
export function nameOf(serialized: unknown): string | undefined {
  const { name, id } = (serialized ?? {}) as Serialized;
  const last: unknown = name ?? (Array.isArray(id) ? id.at(-1) : undefined);
  return typeof last === "string" ? last : undefined;
}

/** A graph with a name, and not one of its nodes: an agent in the eyes of whoever named it. */
export function isNamedGraph(serialized: unknown, runName: string | undefined): boolean {
  const { id } = (serialized ?? {}) as Serialized;
  const isGraph = Array.isArray(id) && id[0] === "langgraph" && id[1] === "pregel";
  return isGraph && runName !== undefined && runName !== UNNAMED_GRAPH;
}

/** The tools that a model is offered, in the form of the provider's request or of LangChain. */
export function offeredTools(extra: unknown): unknown[] | undefined {
  const { invocation_params: sent, options } = (extra ?? {}) as Record<string, { tools?: unknown } | undefined>;
  const tools = sent?.tools ?? options?.tools;
  return Array.isArray(tools) ? tools : undefined;
}

interface Generation {
  message?: unknown;
  text?: string;
  generationInfo?: { finish_reason?: unknown; model_name?: unknown };
}

/** What a model's call came to. An answer from a cache has cost nothing; the host reports zeros, or what it had cost before. */
export function answered(output: unknown, isCached: boolean): Outcome {
  const { generations, llmOutput } = output as { generations?: Generation[][]; llmOutput?: unknown };
  const { message, text = "", generationInfo = {} } = generations?.[0]?.[0] ?? {};
  const { usage, ...outcome }: Outcome =
    message === undefined
      ? {
          ...answerOf(undefined, llmOutput),
          output: { role: "assistant", parts: [{ type: "text", content: text }] },
          raw: text,
        }
      : answerOf(message, llmOutput);
  // Of a streamed answer, these are told here only.
  const { finish_reason: finish, model_name: model } = generationInfo;
  return {
    ...(typeof finish === "string" ? { finishReasons: [finish] } : {}),
    ...(typeof model === "string" ? { responseModel: model } : {}),
    ...outcome,
    ...(isCached ? { cached: true } : {}),
    ...(usage === undefined || isCached ? {} : { usage }),
  };
}

/** LangChain hands a tool's arguments to callbacks as JSON text. */
export function parsed(input: string): unknown {
  try {
    return JSON.parse(input) as unknown;
  } catch {
    return input;
  }
}

/** What a model is asked. */
export interface Conversation {
  system: readonly unknown[];
  messages: readonly { role: string; parts: readonly unknown[] }[];
}

/** The system instructions that open a conversation stand apart (docs/wire.md). */
export function conversationOf(given: readonly BaseMessage[], agent?: object): Conversation {
  const messages = agent === undefined ? given.map(toGenAiMessage) : historyOf(agent).read(given);
  const at = messages.findIndex((message) => message.role !== "system");
  const start = at === -1 ? messages.length : at;
  // Of one message the same parts come back each time, so that they are written once.
  const system = start === 1 ? instructionsOf(given[0]) : messages.slice(0, start).flatMap((message) => message.parts);
  return { system, messages: messages.slice(start) };
}

/** What a run was given: messages in their common form, everything else as it is. */
export const runInput = (given: unknown): unknown => withCommonMessages(unwrapped(given, "input"));

/** What a run gave: its structured output, of a conversation the last message, of a state with more in it the whole. */
export function runOutput(given: unknown): unknown {
  const outputs = unwrapped(given, "output");
  if (BaseMessage.isInstance(outputs)) return messageOutput(outputs);
  const { messages, structuredResponse, ...rest } = (outputs ?? {}) as {
    messages?: unknown;
    structuredResponse?: unknown;
  };
  if (Array.isArray(messages) && structuredResponse !== undefined) return structuredResponse;
  const last: unknown = Array.isArray(messages) ? messages.at(-1) : undefined;
  const isConversation = BaseMessage.isInstance(last) && Object.values(rest).every((value) => value === undefined);
  return isConversation ? messageOutput(last) : withCommonMessages(outputs);
}

const messageOutput = (message: BaseMessage): unknown =>
  AIMessage.isInstance(message) || message.getType() !== "tool" ? toGenAiMessage(message) : responseOf(message.content);

/** LangChain puts what is no object into one with a single member. */
function unwrapped(value: unknown, member: "input" | "output"): unknown {
  if (typeof value !== "object" || value === null) return value;
  const keys = Object.keys(value);
  return keys.length === 1 && keys[0] === member ? (value as Record<string, unknown>)[member] : value;
}
