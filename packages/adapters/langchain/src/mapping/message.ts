import type { BaseMessage } from "@langchain/core/messages";
import { immutable } from "@runreel/content";

import { partsOf, reasoning, summaryOf } from "./part.ts";
import type { Part } from "./part.ts";

/** A message as the GenAI conventions have it, without ids that the host made up (docs/wire.md). */
export interface GenAiMessage {
  readonly role: string;
  readonly name?: string;
  readonly parts: readonly Part[];
}

/** What of a LangChain message its mapping depends on. */
interface Fields {
  content: unknown;
  additional_kwargs?: Record<string, unknown>;
  tool_calls?: readonly { id?: string; name: string; args: unknown }[];
  invalid_tool_calls?: readonly { id?: string; name?: string; args?: string }[];
  tool_call_id?: string;
  name?: string;
  role?: string;
}

/** A mapping, with the members that it was made from. */
interface Mapped {
  message: GenAiMessage;
  content: unknown;
  tool_calls: unknown;
  invalid_tool_calls: unknown;
  additional_kwargs: unknown;
  name: unknown;
  /** Arguments of calls, which are the host's own objects: what they held. Undefined where that is more than can be seen at a glance. */
  args: readonly Snapshot[] | undefined;
}

interface Snapshot {
  object: Record<string, unknown>;
  keys: readonly string[];
  values: readonly unknown[];
}

/** One mapping for each message object, so that the encoder meets the same object again and a long conversation costs its newest message. */
const mapped = new WeakMap<BaseMessage, Mapped>();

/** Turns a LangChain message into its GenAI form. The same object comes back as long as the message does not change. */
export function toGenAiMessage(message: BaseMessage): GenAiMessage {
  const fields = message as unknown as Fields;
  const known = mapped.get(message);
  if (known !== undefined && isSame(fields, known)) return known.message;
  const { content, tool_calls, invalid_tool_calls, additional_kwargs, name } = fields;
  const converted = convert(message.getType(), fields);
  const args = argsOf(tool_calls ?? []);
  mapped.set(message, { message: converted, content, tool_calls, invalid_tool_calls, additional_kwargs, name, args });
  // Whatever could change without our seeing it is looked through again each time.
  return args !== undefined && converted.parts.every(isFlat) ? immutable(converted) : converted;
}

/** Whether nothing in a part belongs to the host, arguments of calls aside. */
function isFlat(part: Part): boolean {
  for (const key in part) {
    const isObject = typeof part[key] === "object" && part[key] !== null;
    if (isObject && !(part.type === "tool_call" && key === "arguments")) return false;
  }
  return true;
}

function argsOf(calls: readonly { args: unknown }[]): Snapshot[] | undefined {
  const snapshots: Snapshot[] = [];
  for (const { args } of calls) {
    if (typeof args !== "object" || args === null) continue;
    const object = args as Record<string, unknown>;
    const keys = Object.keys(object);
    const values = keys.map((key) => object[key]);
    if (values.some((value) => typeof value === "object" && value !== null)) return undefined;
    snapshots.push({ object, keys, values });
  }
  return snapshots;
}

function isStill({ object, keys, values }: Snapshot): boolean {
  for (let at = 0; at < keys.length; at += 1) if (object[keys[at]!] !== values[at]) return false;
  // Counted without a list of them: this is asked of each call in each conversation, each time.
  let count = 0;
  for (const key in object) if (Object.hasOwn(object, key)) count += 1;
  return count === keys.length;
}

function isSame(fields: Fields, known: Mapped): boolean {
  return (
    fields.content === known.content &&
    fields.tool_calls === known.tool_calls &&
    fields.invalid_tool_calls === known.invalid_tool_calls &&
    fields.additional_kwargs === known.additional_kwargs &&
    fields.name === known.name &&
    (known.args ?? []).every(isStill)
  );
}

function convert(type: string, fields: Fields): GenAiMessage {
  switch (type) {
    case "ai":
      // The host names each answer after the agent, after the fact; a name would tell the same answer apart from itself.
      return { role: "assistant", parts: assistantParts(fields) };
    case "tool":
      return { role: "tool", parts: [toolResponse(fields)] };
    case "human":
      return named({ role: "user", parts: partsOf(fields.content) }, fields.name);
    case "system":
    case "developer":
      return { role: "system", parts: partsOf(fields.content) };
    case "function":
      return named({ role: "tool", parts: partsOf(fields.content) }, fields.name);
    default:
      return named({ role: fields.role ?? type, parts: partsOf(fields.content) }, fields.name);
  }
}

const named = (message: GenAiMessage, name: string | undefined): GenAiMessage =>
  name === undefined ? message : { ...message, name };

function assistantParts(fields: Fields): Part[] {
  const content = partsOf(fields.content);
  const isToldInContent = content.some((part) => part.type === "reasoning");
  return [
    ...(isToldInContent ? [] : reasoningBeside(fields.additional_kwargs ?? {})),
    ...content,
    ...toolCalls(fields),
  ];
}

/** Reasoning that providers put beside the content: DeepSeek and its kin, OpenAI's responses. */
function reasoningBeside(extra: Record<string, unknown>): Part[] {
  for (const key of ["reasoning_content", "reasoning", "thinking"]) {
    const given = extra[key];
    if (typeof given === "string" && given !== "") return [reasoning(given)];
    if (typeof given === "object" && given !== null) {
      const summary = summaryOf((given as { summary?: unknown }).summary);
      if (summary.length > 0) return summary;
    }
  }
  return [];
}

function toolCalls({ tool_calls = [], invalid_tool_calls = [] }: Fields): Part[] {
  return [
    ...tool_calls.map((call) => ({ type: "tool_call", id: call.id ?? null, name: call.name, arguments: call.args })),
    ...invalid_tool_calls.map((call) => ({
      type: "tool_call",
      id: call.id ?? null,
      name: call.name ?? "",
      arguments: call.args ?? null,
    })),
  ];
}

const toolResponse = (fields: Fields): Part => ({
  type: "tool_call_response",
  id: fields.tool_call_id ?? null,
  response: responseOf(fields.content),
});

/** A tool's result as text where it is one, else as parts. */
export const responseOf = (content: unknown): unknown => (typeof content === "string" ? content : partsOf(content));

const instructions = new WeakMap<object, { content: unknown; parts: readonly Part[] }>();

/** The parts of a system message. The same parts come back as long as it does not change. */
export function instructionsOf(message: { content?: unknown } | undefined): readonly Part[] {
  if (message === undefined) return [];
  const known = instructions.get(message);
  if (known !== undefined && known.content === message.content) return known.parts;
  const parts = partsOf(message.content);
  instructions.set(message, { content: message.content, parts: parts.every(isFlat) ? immutable(parts) : parts });
  return parts;
}

/** The reasoning of a message, joined, or nothing. */
export function reasoningOf(message: GenAiMessage): string {
  const texts = message.parts.filter((part) => part.type === "reasoning").map((part) => String(part["content"]));
  return texts.join("\n\n");
}
