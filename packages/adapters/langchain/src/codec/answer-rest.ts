import { AIMessage } from "@langchain/core/messages";

import type { GenAiMessage } from "../mapping/message.ts";
import { messageFields } from "./message-fields.ts";
import type { MessageFields } from "./message-fields.ts";

/**
 * What a model's message says besides its GenAI form, which is recorded beside it as the step's output: most of a message would
 * otherwise be recorded twice.
 */
interface AnswerRest {
  /** Whether the content was a text or a list of blocks. */
  answer: "text" | "blocks";
  fields: Record<string, unknown>;
}

/** The rest of a message, or the message itself where its GenAI form does not say all the rest leaves out. */
export function restOfAnswer(message: AIMessage, output: GenAiMessage): AIMessage | AnswerRest {
  const all = messageFields(message);
  const { type, content, tool_calls: calls, ...fields } = all;
  const rest: AnswerRest = { answer: typeof content === "string" ? "text" : "blocks", fields };
  try {
    return type === "ai" && isSaid(content, calls, output, fields) ? rest : message;
  } catch {
    // Arguments that cannot be read, which the whole message shows as such.
    return message;
  }
}

/** The message that a rest and the output beside it make, as a content tree; undefined for a `raw` that is no rest. */
export function wholeAnswer(raw: unknown, result: unknown): unknown {
  const { answer, fields } = (raw ?? {}) as Partial<AnswerRest>;
  const parts = (result as Partial<GenAiMessage> | null | undefined)?.parts;
  const isRest = (answer === "text" || answer === "blocks") && typeof fields === "object" && Array.isArray(parts);
  if (!isRest || fields === null) return undefined;
  return { $as: ["langchain", { type: "ai", ...saidBy(parts, answer), ...fields }] };
}

/** Content and calls as a GenAI message says them. */
function saidBy(parts: GenAiMessage["parts"], answer: AnswerRest["answer"]): Record<string, unknown> {
  const texts = parts.filter((part) => part.type === "text").map((part) => part["content"]);
  const said = parts.filter((part) => part.type === "text" || part.type === "reasoning");
  const calls = parts.filter((part) => part.type === "tool_call");
  const content = said.map((part) => ({
    type: part.type,
    [part.type]: part["content"],
  }));
  return {
    content: answer === "text" ? texts.join("") : content,
    ...(calls.length === 0 ? {} : { tool_calls: calls.map(callOf) }),
  };
}

const callOf = (part: Record<string, unknown>): object => ({
  type: "tool_call",
  id: part["id"],
  name: part["name"],
  args: part["arguments"],
});

function isSaid(content: unknown, calls: unknown, output: GenAiMessage, fields: MessageFields | object): boolean {
  if ("invalid_tool_calls" in fields) return false;
  const toolCalls = Array.isArray(calls) ? (calls as Record<string, unknown>[]) : [];
  if (!toolCalls.every(isPlainCall)) return false;
  if (typeof content === "string") return true;
  // Reasoning that stood beside the content is among the parts too, and would become a block.
  const saidParts = output.parts.length - toolCalls.length;
  return Array.isArray(content) && content.length === saidParts && (content as Block[]).every(isPlainBlock);
}

type Block = Record<string, unknown> | string;

function isPlainBlock(block: Block): boolean {
  if (typeof block === "string" || Object.keys(block).length !== 2) return false;
  if (block["type"] === "text") return typeof block["text"] === "string";
  return block["type"] === "reasoning" && typeof block["reasoning"] === "string" && block["reasoning"] !== "";
}

function isPlainCall(call: Record<string, unknown>): boolean {
  const isKnown = call["type"] === "tool_call" && typeof call["id"] === "string" && Object.keys(call).length === 4;
  return isKnown && isPlainJson(call["args"], 0);
}

/** Deeper arguments are rare, and recorded twice. */
const ARGUMENTS_MAX_DEPTH = 8;

/** Whether a value is the same as JSON and as a content tree, in which keys that start with `$` mean something. */
function isPlainJson(value: unknown, depth: number): boolean {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || depth > ARGUMENTS_MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.every((one) => isPlainJson(one, depth + 1));
  return Object.entries(value).every(([key, one]) => !key.startsWith("$") && isPlainJson(one, depth + 1));
}
