import { ToolMessage } from "@langchain/core/messages";

import { messageFields } from "../codec/message-fields.ts";

/**
 * A tool's result in the host's own form, for a replay to hand back. A message that says nothing but its content needs none: the result
 * and the call say all of it.
 */
export function rawOf(result: unknown, { id, name }: { id?: string; name: string }): unknown {
  if (!ToolMessage.isInstance(result) || typeof result.content !== "string") return result;
  const { content: _, type, tool_call_id: callId, name: given, status, ...rest } = messageFields(result);
  const isPlain = type === "tool" && callId === id && given === name && status === "success";
  return isPlain && Object.keys(rest).length === 0 ? undefined : result;
}
