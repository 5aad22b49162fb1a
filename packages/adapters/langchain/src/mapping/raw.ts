import { ToolMessage } from "@langchain/core/messages";

import { hasNoMembersBut } from "../codec/message-fields.ts";

/**
 * A tool's result in the host's own form, for a replay to hand back. A message that says nothing but its content needs none: the result
 * and the call say all of it.
 */
export function rawOf(result: unknown, { id, name }: { id?: string; name: string }): unknown {
  if (!ToolMessage.isInstance(result) || typeof result.content !== "string") return result;
  const { tool_call_id: callId, name: given, status } = result;
  const isPlain = callId === id && given === name && status === "success";
  return isPlain && hasNoMembersBut(said, result) ? undefined : result;
}

/** The members that result and call say. */
const said = new Set(["content", "tool_call_id", "name", "status"]);
