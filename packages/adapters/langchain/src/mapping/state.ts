import { BaseMessage } from "@langchain/core/messages";

import { toGenAiMessage } from "./message.ts";

/** A state, or a change to one, with its messages in their common form. */
export function withCommonMessages(state: unknown): unknown {
  if (Array.isArray(state)) return state.some((one) => BaseMessage.isInstance(one)) ? state.map(common) : state;
  const messages = (state as { messages?: unknown } | null | undefined)?.messages;
  return Array.isArray(messages) ? { ...(state as object), messages: messages.map(common) } : common(state);
}

const common = (value: unknown): unknown => (BaseMessage.isInstance(value) ? toGenAiMessage(value) : value);
