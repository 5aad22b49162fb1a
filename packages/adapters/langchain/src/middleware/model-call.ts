import type { BaseMessage } from "@langchain/core/messages";
import type { Outcome, RecordedSpan, Recorder, Served, Verdict } from "@runreel/sdk/adapter";

import { hostConfig, isPause, scopeOf } from "../host-config.ts";
import type { HostConfig } from "../host-config.ts";
import { answerOf, messageIn } from "../mapping/answer.ts";
import { historyOf } from "../mapping/history.ts";
import { instructionsOf, toGenAiMessage } from "../mapping/message.ts";
import { describeModel } from "../mapping/model.ts";
import { offeredTools } from "../mapping/offered-tools.ts";
import { FRAMEWORK } from "../options.ts";
import type { AgentRun, HookEnd } from "../record/agent-run.ts";
import { withMessageEdits } from "../replay/edit-messages.ts";
import { servedAnswer } from "../replay/serve.ts";
import { ServedModel } from "../replay/served-model.ts";
import type { HookContext } from "./hook-context.ts";
import { asItself } from "./own-error.ts";
import { hasOtherToolWrappers } from "./other-tool-wrappers.ts";

/** As much of the host's request as we read; the rest goes through untouched. */
export interface ModelRequest {
  model: unknown;
  messages: BaseMessage[];
  systemMessage?: { content?: unknown };
  tools?: unknown[];
}

export type ModelHandler = (request: ModelRequest) => Promise<unknown>;

/** Records a model call, or hands back the recorded one. */
export function wrapModelCall(
  context: HookContext,
): (request: ModelRequest, handler: ModelHandler) => Promise<unknown> {
  return async (request, handler) => {
    const recorder = context.recorder();
    const config = hostConfig();
    context.toolWrappers.questions.set(scopeOf(config), questionOf(context, request, handler));
    if (!recorder.enabled && recorder.replay === undefined) return handler(request);
    const run = runOf(context, config, request);
    run.enter(config);
    let end: HookEnd = { kind: "went-on" };
    try {
      const response = await call(context, { recorder, run, request, handler });
      end = endOf(response);
      return response;
    } catch (error) {
      end = isPause(error) ? { kind: "paused" } : { kind: "failed", error };
      throw asItself(error);
    } finally {
      run.leave(end);
    }
  };
}

interface Call {
  recorder: Recorder;
  run: AgentRun;
  request: ModelRequest;
  handler: ModelHandler;
}

async function call(context: HookContext, { recorder, run, request, handler }: Call): Promise<unknown> {
  const { replay } = recorder;
  const { registry } = context;
  const verdict = await replay?.decide({
    kind: "inference",
    name: describeModel(request.model).model,
    arguments: request.messages.map(toGenAiMessage),
    effect: "none",
  });
  if (verdict?.action === "block") {
    begin(recorder, run, request, "blocked").end({ error: verdict.error });
    throw verdict.error;
  }
  if (verdict?.action === "serve") {
    const span = begin(recorder, run, request, "recorded");
    return ended(span, async () => registry.wrap("inference", span, async () => serve(verdict, request)), withoutUsage);
  }
  const edits = replay?.messageEdits ?? [];
  const asked = edits.length === 0 ? request : { ...request, messages: withMessageEdits(request.messages, edits) };
  const span = begin(recorder, run, asked, verdict?.served);
  return ended(span, async () => registry.wrap("inference", span, async () => handler(asked)), answerOf);
}

/** Other middleware between us and the model is passed over: it could ask a model of its own. */
async function serve(
  verdict: Extract<Verdict, { action: "serve" }>,
  { model, messages }: ModelRequest,
): Promise<unknown> {
  let response: unknown;
  const stand = new ServedModel(() => {
    response = servedAnswer(verdict);
    return messageIn(response)!;
  }, model);
  await stand.invoke(messages, hostConfig() as object);
  return response;
}

/** Tokens of a recorded answer were spent when it was recorded. */
function withoutUsage(response: unknown): ReturnType<typeof answerOf> {
  const { usage: _, ...outcome } = answerOf(response);
  return outcome;
}

async function ended(
  span: RecordedSpan,
  give: () => Promise<unknown>,
  outcomeOf: (response: unknown) => ReturnType<typeof answerOf>,
): Promise<unknown> {
  try {
    const response = await give();
    span.end(readable(response, outcomeOf));
    return response;
  } catch (error) {
    span.end(isPause(error) ? { interrupted: true } : { error });
    throw error;
  }
}

/** What nobody can read the content tree marks as such. */
function readable(response: unknown, outcomeOf: (response: unknown) => Outcome): Outcome {
  try {
    return outcomeOf(response);
  } catch {
    return { output: response, raw: response };
  }
}

function begin(recorder: Recorder, run: AgentRun, request: ModelRequest, served: Served | undefined): RecordedSpan {
  const { model, provider, parameters } = describeModel(request.model);
  const system = instructionsOf(request.systemMessage);
  const tools = offeredTools(request.tools);
  return recorder.beginInference({
    parent: run.span,
    framework: FRAMEWORK,
    model,
    parameters,
    messages: historyOf(run.span).read(request.messages),
    ...(provider === undefined ? {} : { provider }),
    ...(system.length === 0 ? {} : { system }),
    ...(tools.length === 0 ? {} : { tools }),
    ...(served === undefined ? {} : { served }),
  });
}

function runOf(context: HookContext, config: HostConfig, request: ModelRequest): AgentRun {
  return context.runs.of(config, {
    name: context.options.name,
    input: () => request.messages.map(toGenAiMessage),
  });
}

/** A question for later, about other middleware that wraps tool calls. */
function questionOf(
  context: HookContext,
  request: ModelRequest,
  handler: ModelHandler,
): () => Promise<boolean | undefined> {
  const { toolWrappers } = context;
  return () =>
    hasOtherToolWrappers((change) => {
      // The host looks while it is called, before anything is awaited.
      toolWrappers.isHidden = true;
      try {
        return handler({ ...request, ...change });
      } finally {
        toolWrappers.isHidden = false;
      }
    }, request.tools ?? []);
}

/** Calls named `extract-…` carry structured output and run no tool, but the host may send the model to work again. */
function endOf(response: unknown): HookEnd {
  const message = messageIn(response);
  if (message === undefined) return { kind: "led-on" };
  if (response === message && (message.tool_calls ?? []).length > 0) return { kind: "went-on" };
  const { structuredResponse } = response as { structuredResponse?: unknown };
  return { kind: "answered", output: structuredResponse ?? toGenAiMessage(message) };
}
