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
export function runInput(inputs: unknown): unknown {
  const messages = (inputs as { messages?: unknown } | null | undefined)?.messages;
  if (!Array.isArray(messages)) return inputs;
  return { ...(inputs as object), messages: messages.map(common) };
}

/** What a run gave: of a conversation the last answer, everything else as it is. */
export function runOutput(outputs: unknown): unknown {
  const message = messageIn(outputs);
  return message === undefined ? outputs : toGenAiMessage(message);
}

const common = (message: unknown): unknown => (BaseMessage.isInstance(message) ? toGenAiMessage(message) : message);

/** A replay that cannot serve has to stop. */
export function replayNeedsMiddleware(kind: "inference" | "tool"): Error {
  const what = kind === "tool" ? "A tool" : "A model";
  return new Error(
    `${what} was about to run live in a replay: callbacks cannot hand back recorded results. Use runreelMiddleware() in createAgent.`,
  );
}
