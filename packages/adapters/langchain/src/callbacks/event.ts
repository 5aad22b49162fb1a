import { BaseMessage } from "@langchain/core/messages";

import { toGenAiMessage } from "../mapping/message.ts";
import { messageIn } from "../mapping/answer.ts";

/** LangChain hands a tool's arguments to callbacks as JSON text. */
export function parsed(input: string): unknown {
  try {
    return JSON.parse(input) as unknown;
  } catch {
    return input;
  }
}

/** The system instructions that open a conversation stand apart (docs/wire.md). */
export function conversationOf<Message extends { role: string; parts: readonly unknown[] }>(
  messages: readonly Message[],
): { system: unknown[]; messages: Message[] } {
  const at = messages.findIndex((message) => message.role !== "system");
  const start = at === -1 ? messages.length : at;
  return { system: messages.slice(0, start).flatMap((message) => message.parts), messages: messages.slice(start) };
}

/** What a run was given: messages in their common form, everything else as it is. */
export function runInput(given: unknown): unknown {
  const inputs = unwrapped(given, "input");
  const messages = (inputs as { messages?: unknown } | null | undefined)?.messages;
  if (!Array.isArray(messages)) return inputs;
  return { ...(inputs as object), messages: messages.map(common) };
}

/** What a run gave: of a conversation the last answer, everything else as it is. */
export function runOutput(given: unknown): unknown {
  const outputs = unwrapped(given, "output");
  const message = messageIn(outputs);
  return message === undefined ? outputs : toGenAiMessage(message);
}

/** LangChain puts what is no object into one with a single member. */
function unwrapped(value: unknown, member: "input" | "output"): unknown {
  if (typeof value !== "object" || value === null) return value;
  const keys = Object.keys(value);
  return keys.length === 1 && keys[0] === member ? (value as Record<string, unknown>)[member] : value;
}

const common = (message: unknown): unknown => (BaseMessage.isInstance(message) ? toGenAiMessage(message) : message);

/** A replay that cannot serve has to stop. */
export function replayNeedsMiddleware(kind: "inference" | "tool"): Error {
  const what = kind === "tool" ? "A tool" : "A model";
  return new Error(
    `${what} was about to run live in a replay: callbacks cannot hand back recorded results. Use runreelMiddleware() in createAgent.`,
  );
}
