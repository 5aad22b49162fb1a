import { AIMessage, BaseMessage, ToolMessage } from "@langchain/core/messages";
import { reviveContent } from "@runreel/content";
import type { RecordedStep, Verdict } from "@runreel/sdk/adapter";

import { wholeAnswer } from "../codec/answer-rest.ts";
import { langchainCodec } from "../codec/langchain-codec.ts";
import { messageFields, messageFrom } from "../codec/message-fields.ts";
import { messageIn } from "../mapping/answer.ts";
import type { GenAiMessage } from "../mapping/message.ts";

type Served = Extract<Verdict, { action: "serve" }>;

/** What the model's call gave when it was recorded, in the host's own form, with the person's changes. Throws the recorded error. */
export function servedAnswer({ recorded, isResultEdited }: Served): unknown {
  const raw = revived(recorded);
  if (raw === undefined && recorded.error !== null) throw recordedError(recorded.error);
  const message = messageIn(raw);
  if (message !== undefined && !isResultEdited) return raw;
  const answer = answerFrom(value(recorded.result) as GenAiMessage, message);
  if (raw === undefined || raw === message) return answer;
  const { messages, ...rest } = raw as { messages: unknown[] };
  return { ...rest, messages: messages.map((one) => (one === message ? answer : one)) };
}

/** The same for a tool's call. `callId` is the id that the live model call gave it. */
export function servedToolResult({ recorded, isResultEdited }: Served, call: { id?: string; name: string }): unknown {
  const raw = revived(recorded);
  if (raw === undefined && recorded.error !== null && !isResultEdited) throw recordedError(recorded.error);
  if (!ToolMessage.isInstance(raw)) return raw ?? toolMessage(value(recorded.result), call, {});
  const fields = messageFields(raw);
  if (isResultEdited) return toolMessage(value(recorded.result), call, fields);
  // Equal calls can change places; the answer has to name the call that it answers.
  return raw.tool_call_id === call.id ? raw : messageFrom({ ...fields, tool_call_id: call.id ?? "" });
}

function revived({ raw, result, error, index }: RecordedStep): unknown {
  // Made whole already, unless this adapter was loaded after the plan was read.
  if (raw !== null && raw !== undefined) return value(wholeAnswer(raw, result) ?? raw);
  if (error !== null || (result !== null && result !== undefined)) return undefined;
  throw new Error(
    `Step ${index} had not ended when its run was recorded, so there is nothing to hand back. Replay from it.`,
  );
}

const value = (tree: unknown): unknown => reviveContent(tree, { codecs: [langchainCodec] });

function recordedError({ name, message, stack }: NonNullable<RecordedStep["error"]>): Error {
  const error = new Error(message);
  error.name = name;
  if (stack !== null) error.stack = stack;
  return error;
}

/** An answer with the parts of a GenAI message, and everything else of the recorded one. */
function answerFrom(result: GenAiMessage, recorded: AIMessage | undefined): BaseMessage {
  const parts = Array.isArray(result?.parts) ? result.parts : [];
  const texts = parts.filter((part) => part.type === "text").map((part) => String(part["content"]));
  const thoughts = parts.filter((part) => part.type === "reasoning");
  const calls = parts.filter((part) => part.type === "tool_call");
  const isPlain = recorded === undefined ? thoughts.length === 0 : typeof recorded.content === "string";
  const blocks = [
    ...thoughts.map((part) => ({ type: "reasoning", reasoning: part["content"] })),
    ...texts.map((text) => ({ type: "text", text })),
  ];
  return messageFrom({
    ...(recorded === undefined ? { type: "ai" } : messageFields(recorded)),
    content: isPlain ? texts.join("") : blocks,
    tool_calls: calls.map((part) => ({
      type: "tool_call",
      id: part["id"],
      name: part["name"],
      args: part["arguments"],
    })),
  } as unknown as Parameters<typeof messageFrom>[0]);
}

function toolMessage(result: unknown, call: { id?: string; name: string }, fields: object): BaseMessage {
  const content = typeof result === "string" ? result : JSON.stringify(result);
  return messageFrom({
    name: call.name,
    status: "success",
    ...fields,
    type: "tool",
    content,
    tool_call_id: call.id ?? "",
  });
}
