import { ToolMessage } from "@langchain/core/messages";

import { isBubbleUp, scopeOf } from "../host-config.ts";
import type { HostConfig } from "../host-config.ts";
import type { ToolWrappers } from "./hook-context.ts";
import { hostTraits, readHostVersion } from "./host-version.ts";

interface FailedCall {
  toolCall: { id?: string; name: string };
  config: HostConfig;
  toolWrappers: ToolWrappers;
}

/** What the host makes of a tool's exception. */
export interface HandledError {
  /** What the model reads instead of a result. Undefined where the exception goes on: a pause, an aborted run, a fatal error. */
  message?: ToolMessage;
  /** We have to return the message, since the host no longer makes it with us there. */
  isReturned: boolean;
}

/**
 * Does with a tool's exception what the host does without us: a message for the model if no middleware wraps tool calls, else nothing,
 * which is fatal. Arguments that do not fit the newer versions of the host turn into a message themselves, in either case.
 */
export async function messageForError(error: unknown, call: FailedCall): Promise<HandledError> {
  const { config, toolWrappers, toolCall } = call;
  if (isBubbleUp(error) || config.signal?.aborted === true) return { isReturned: false };
  await readHostVersion();
  const isInvocation = isInvocationError(error);
  if (isInvocation && hostTraits().handlesInvocationErrors)
    return { message: errorMessage(toolCall, error.message), isReturned: false };
  toolWrappers.hasOthers = (await toolWrappers.questions.get(scopeOf(config))?.()) ?? toolWrappers.hasOthers;
  if (toolWrappers.hasOthers) return { isReturned: false };
  const content = isInvocation ? error.message : `${String(error)}\n Please fix your mistakes.`;
  return { message: errorMessage(toolCall, content), isReturned: true };
}

const errorMessage = ({ id, name }: FailedCall["toolCall"], content: string): ToolMessage =>
  new ToolMessage({
    content,
    tool_call_id: id ?? "",
    name,
    ...(hostTraits().marksErrors ? { status: "error" as const } : {}),
  });

/** `ToolInvocationError` of the host, by the brand that the host goes by, or in older versions by its members. */
const isInvocationError = (error: unknown): error is Error =>
  error instanceof Error &&
  ((error as { "~brand"?: unknown })["~brand"] === "ToolInvocationError" ||
    ("toolCall" in error && "toolError" in error));
