import {
  AIMessage,
  AIMessageChunk,
  ChatMessage,
  FunctionMessage,
  HumanMessage,
  RemoveMessage,
  SystemMessage,
  ToolMessage,
} from "@langchain/core/messages";
import type { BaseMessage } from "@langchain/core/messages";
import { canonicalJson } from "@runreel/content";

/** A message as plain members, the way people know it: `{type: "ai", content, tool_calls, …}`. */
export type MessageFields = { readonly type: string } & Readonly<Record<string, unknown>>;

/** Members that make a message what it is, in the order in which people look for them. */
const members = [
  "content",
  "tool_calls",
  "invalid_tool_calls",
  "tool_call_chunks",
  "tool_call_id",
  "status",
  "artifact",
  "metadata",
  "usage_metadata",
  "response_metadata",
  "additional_kwargs",
  "role",
  "name",
  "id",
] as const;

const known = new WeakMap<object, { fields: MessageFields; seen: readonly unknown[] }>();

/** The members of a message that are set. The same object comes back as long as the message does not change. */
export function messageFields(message: BaseMessage): MessageFields {
  const given = message as unknown as Record<string, unknown>;
  const before = known.get(message);
  if (before !== undefined && isSame(given, before.seen)) return before.fields;
  const seen = members.map((member) => given[member]);
  const fields: Record<string, unknown> = { type: message.getType() };
  if (AIMessageChunk.isInstance(message)) fields["chunk"] = true;
  for (let at = 0; at < members.length; at += 1) if (!isEmpty(seen[at])) fields[members[at]!] = seen[at];
  // The version of the host that made it, which the host puts on every message.
  if (isVersionOnly(fields["metadata"])) delete fields["metadata"];
  fields["content"] = given["content"];
  known.set(message, { fields: fields as MessageFields, seen });
  return fields as MessageFields;
}

function isSame(given: Record<string, unknown>, seen: readonly unknown[]): boolean {
  for (let at = 0; at < members.length; at += 1) if (given[members[at]!] !== seen[at]) return false;
  return true;
}

/** The message that has these members. */
export function messageFrom(fields: MessageFields): BaseMessage {
  const { type, chunk, ...given } = fields as { type: string; chunk?: boolean; content: string };
  switch (type) {
    case "ai":
      return chunk === true ? chunkFrom(given) : new AIMessage(given);
    case "human":
      return new HumanMessage(given);
    case "system":
      return new SystemMessage(given);
    case "tool":
      return new ToolMessage(given as unknown as ConstructorParameters<typeof ToolMessage>[0]);
    case "remove":
      return new RemoveMessage(given as unknown as ConstructorParameters<typeof RemoveMessage>[0]);
    case "function":
      return new FunctionMessage(given as unknown as ConstructorParameters<typeof FunctionMessage>[0]);
    default:
      return new ChatMessage({ role: type, ...given });
  }
}

/** A chunk reads its tool calls from their pieces. Where a person has changed the calls, the pieces no longer count. */
function chunkFrom(given: { content: string }): AIMessageChunk {
  const message = new AIMessageChunk(given);
  const { tool_calls: calls, tool_call_chunks: pieces, ...rest } = given as Record<string, unknown>;
  if (pieces === undefined || calls === undefined || canonicalJson(calls) === canonicalJson(message.tool_calls))
    return message;
  return new AIMessageChunk({ ...rest, tool_calls: calls } as unknown as { content: string });
}

/** Whether a message has, besides what every message has, no members but these. */
export function hasNoMembersBut(allowed: ReadonlySet<string>, message: BaseMessage): boolean {
  const given = message as unknown as Record<string, unknown>;
  for (const member of members) {
    if (allowed.has(member) || isEmpty(given[member])) continue;
    if (member !== "metadata" || !isVersionOnly(given[member])) return false;
  }
  return true;
}

function isVersionOnly(metadata: unknown): boolean {
  if (typeof metadata !== "object" || metadata === null) return false;
  const [key, ...others] = Object.keys(metadata);
  return key === "versions" && others.length === 0;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value !== "object") return false;
  try {
    const prototype: unknown = Object.getPrototypeOf(value);
    return (
      (prototype === Object.prototype || prototype === null) && Object.values(value).every((one) => one === undefined)
    );
  } catch {
    // Something that cannot be read.
    return false;
  }
}
