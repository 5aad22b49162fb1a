import type { BaseMessage } from "@langchain/core/messages";
import { canonicalJson } from "@runreel/content";
import type { MessageEdit } from "@runreel/sdk/adapter";

import { messageFields, messageFrom } from "../codec/message-fields.ts";
import type { MessageFields } from "../codec/message-fields.ts";
import { toGenAiMessage } from "../mapping/message.ts";

/**
 * The messages that a live model call reads, with the person's changes.
 *
 * A change belongs to the message that was recorded at its place. Where another one stands there now (a summary, another agent), there
 * is nothing to change.
 */
export function withMessageEdits(messages: readonly BaseMessage[], edits: readonly MessageEdit[]): BaseMessage[] {
  const edited = [...messages];
  for (const { index, path, value, recorded } of edits) {
    const original = messages[index];
    const message = edited[index];
    if (original === undefined || message === undefined) continue;
    if (canonicalJson(toGenAiMessage(original)) !== canonicalJson(recorded)) continue;
    edited[index] = messageFrom(replaced(messageFields(message), path, value) as MessageFields);
  }
  return edited;
}

function replaced(target: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(target)) return target.map((one, at) => (String(at) === key ? replaced(one, rest, value) : one));
  if (typeof target !== "object" || target === null)
    throw new Error(`The edit's "${key}" leads nowhere in this message`);
  return { ...target, [key]: replaced((target as Record<string, unknown>)[key], rest, value) };
}
