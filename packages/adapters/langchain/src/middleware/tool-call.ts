import { ToolMessage } from "@langchain/core/messages";
import type { BaseMessage } from "@langchain/core/messages";
import type { RecordedSpan, Recorder, Served, Verdict } from "@runreel/sdk/adapter";

import { commandIn, hostConfig, isBubbleUp, isHandOver, isPause } from "../host-config.ts";
import type { HostConfig } from "../host-config.ts";
import { toGenAiMessage } from "../mapping/message.ts";
import { effectOf, isCommand, isForGraphAbove, resultOf } from "../mapping/tool.ts";
import { toolOutcome } from "../mapping/tool-outcome.ts";
import { FRAMEWORK } from "../options.ts";
import type { AgentRun, HookEnd } from "../record/agent-run.ts";
import { servedToolResult } from "../replay/serve.ts";
import type { HookContext } from "./hook-context.ts";
import { asItself, isOwnError, ownError } from "./own-error.ts";
import { messageForError } from "./tool-error.ts";

/** As much of the host's request as we read; the rest goes through untouched. */
export interface ToolRequest {
  toolCall: { id?: string; name: string; args: unknown };
  tool?: { description?: unknown; metadata?: unknown; returnDirect?: unknown };
  state?: { messages?: BaseMessage[] };
}

export type ToolHandler = (request: ToolRequest) => unknown;

/** Records a tool call, hands back the recorded one, or keeps it from running. */
export function wrapToolCall(context: HookContext): (request: ToolRequest, handler: ToolHandler) => Promise<unknown> {
  return async (request, handler) => {
    const recorder = context.recorder();
    const config = hostConfig();
    if (!recorder.enabled && recorder.replay === undefined) return inert(context, { request, handler, config });
    const run = context.runs.of(config, {
      name: context.options.name,
      input: () => request.state?.messages?.map(toGenAiMessage) ?? [],
    });
    run.enter(config);
    let end: HookEnd = { kind: "went-on" };
    try {
      const call: Call = { recorder, run, request, handler, config };
      const result = await decided(context, call);
      if (request.tool?.returnDirect === true || isForGraphAbove(result))
        end = { kind: "answered", output: resultOf(result, request.toolCall.id) };
      else if (isCommand(result)) end = { kind: "led-on" };
      return result;
    } catch (error) {
      if (isHandOver(error)) end = { kind: "answered", output: resultOf(commandIn(error), request.toolCall.id) };
      else end = isPause(error) ? { kind: "paused" } : { kind: "failed", error };
      throw isOwnError(error) ? asItself(error) : error;
    } finally {
      run.leave(end);
    }
  };
}

interface Call {
  recorder: Recorder;
  run: AgentRun;
  request: ToolRequest;
  handler: ToolHandler;
  config: HostConfig;
}

async function decided(context: HookContext, call: Call): Promise<unknown> {
  const { recorder, request } = call;
  const { id, name, args } = request.toolCall;
  const effect = effectOf(name, context.options.effects, request.tool?.metadata);
  const asked = { kind: "tool", name, arguments: args, effect, ...(id === undefined ? {} : { callId: id }) } as const;
  const verdict = await recorder.replay?.decide(asked);
  if (verdict?.action === "block") {
    begin(context, call, { served: "blocked" }).end({ error: verdict.error });
    throw ownError(verdict.error);
  }
  if (verdict?.action === "serve") return serve(context, call, verdict);
  if (verdict === undefined) return live(context, call, {});
  const edited: Call = { ...call, request: { ...request, toolCall: { ...request.toolCall, args: verdict.arguments } } };
  const confirmedBy = verdict.confirmedBy === undefined ? {} : { confirmedBy: verdict.confirmedBy };
  return live(context, edited, { served: verdict.served, ...confirmedBy });
}

function serve(context: HookContext, call: Call, verdict: Extract<Verdict, { action: "serve" }>): unknown {
  const span = begin(context, call, { served: "recorded" });
  const { toolCall } = call.request;
  try {
    const result = servedToolResult(verdict, toolCall);
    const failure = verdict.recorded.error === null || verdict.isResultEdited ? {} : { error: verdict.recorded.error };
    span.end({ ...toolOutcome(result, toolCall), ...failure });
    return result;
  } catch (error) {
    span.end({ error });
    throw ownError(error);
  }
}

async function live(
  context: HookContext,
  call: Call,
  how: { served?: Served; confirmedBy?: string },
): Promise<unknown> {
  const { request, handler, config } = call;
  const { toolCall } = request;
  const span = begin(context, call, how);
  try {
    const result = await context.registry.wrap("tool", span, async () => handler(request));
    span.end({ ...toolOutcome(result, toolCall), ...failureIn(result) });
    return result;
  } catch (error) {
    if (isBubbleUp(error)) {
      span.end(isHandOver(error) ? { output: resultOf(commandIn(error), toolCall.id) } : { interrupted: true });
      throw error;
    }
    const { message, isReturned } = await messageForError(error, {
      toolCall,
      config,
      toolWrappers: context.toolWrappers,
    });
    span.end(message === undefined ? { error } : { error, output: message.content, raw: message });
    if (message === undefined || !isReturned) throw error;
    return message;
  }
}

/** Other middleware, or the host for a tool that it does not know, gives an error as a message. */
function failureIn(result: unknown): { error?: unknown } {
  if (!ToolMessage.isInstance(result) || result.status !== "error") return {};
  return { error: { name: "ToolError", message: typeof result.content === "string" ? result.content : result.text } };
}

function begin(
  context: HookContext,
  { recorder, run, request }: Call,
  how: { served?: Served; confirmedBy?: string },
): RecordedSpan {
  const { toolCall, tool } = request;
  return recorder.beginTool({
    parent: run.span,
    framework: FRAMEWORK,
    name: toolCall.name,
    arguments: toolCall.args,
    effect: effectOf(toolCall.name, context.options.effects, tool?.metadata),
    ...(toolCall.id === undefined ? {} : { callId: toolCall.id }),
    ...(typeof tool?.description === "string" ? { description: tool.description } : {}),
    ...how,
  });
}

/** Switched off, we are still a middleware that wraps tool calls, and have to give exceptions the way they have without us. */
async function inert(
  context: HookContext,
  { request, handler, config }: Pick<Call, "request" | "handler" | "config">,
): Promise<unknown> {
  try {
    return await handler(request);
  } catch (error) {
    const { toolCall } = request;
    const { message, isReturned } = await messageForError(error, {
      toolCall,
      config,
      toolWrappers: context.toolWrappers,
    });
    if (message === undefined || !isReturned) throw error;
    return message;
  }
}
