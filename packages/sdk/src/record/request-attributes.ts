import type { Attributes } from "@opentelemetry/api";
import {
  GEN_AI_AGENT_DESCRIPTION,
  GEN_AI_AGENT_ID,
  GEN_AI_AGENT_NAME,
  GEN_AI_AGENT_VERSION,
  GEN_AI_CONVERSATION_ID,
  GEN_AI_OPERATION_NAME,
  GEN_AI_PROVIDER_NAME,
  GEN_AI_REQUEST_MAX_TOKENS,
  GEN_AI_REQUEST_MODEL,
  GEN_AI_REQUEST_STREAM,
  GEN_AI_REQUEST_TEMPERATURE,
  GEN_AI_REQUEST_TOP_P,
  GEN_AI_TOOL_CALL_ID,
  GEN_AI_TOOL_DESCRIPTION,
  GEN_AI_TOOL_NAME,
  RUNREEL_CHECKPOINT_ID,
  RUNREEL_CHECKPOINT_LABEL,
  RUNREEL_CHECKPOINT_NAMESPACE,
  RUNREEL_CHECKPOINT_PARENT_ID,
  RUNREEL_EFFECT,
  RUNREEL_EFFECT_CONFIRMED_BY,
  RUNREEL_FRAMEWORK,
  RUNREEL_RUN_NAME,
  RUNREEL_STEP_KIND,
  RUNREEL_STEP_NAME,
  RUNREEL_STEP_SERVED,
} from "@runreel/semconv";

import { present } from "./outcome-attributes.ts";
import type { CheckpointRequest, CodeRequest, InferenceRequest, RunRequest, ToolRequest } from "./recorder.ts";

/** A run, or an agent inside one. */
export function runAttributes(request: RunRequest): Attributes {
  return present({
    ...request.attributes,
    [GEN_AI_OPERATION_NAME]: "invoke_agent",
    [GEN_AI_AGENT_NAME]: request.agent?.name ?? request.name,
    [GEN_AI_AGENT_ID]: request.agent?.id,
    [GEN_AI_AGENT_VERSION]: request.agent?.version,
    [GEN_AI_AGENT_DESCRIPTION]: request.agent?.description,
    [GEN_AI_CONVERSATION_ID]: request.conversationId,
    [RUNREEL_RUN_NAME]: request.name,
    [RUNREEL_FRAMEWORK]: request.framework,
  });
}

export function inferenceAttributes(request: InferenceRequest): Attributes {
  const { parameters = {} } = request;
  return present({
    ...request.attributes,
    [GEN_AI_OPERATION_NAME]: "chat",
    [GEN_AI_PROVIDER_NAME]: request.provider,
    [GEN_AI_REQUEST_MODEL]: request.model,
    [GEN_AI_REQUEST_MAX_TOKENS]: parameters.maxTokens,
    [GEN_AI_REQUEST_TEMPERATURE]: parameters.temperature,
    [GEN_AI_REQUEST_TOP_P]: parameters.topP,
    [GEN_AI_REQUEST_STREAM]: parameters.stream,
    [RUNREEL_STEP_KIND]: "inference",
    [RUNREEL_STEP_NAME]: request.model,
    [RUNREEL_STEP_SERVED]: request.served,
    [RUNREEL_FRAMEWORK]: request.framework,
  });
}

export function toolAttributes(request: ToolRequest): Attributes {
  return present({
    ...request.attributes,
    [GEN_AI_OPERATION_NAME]: "execute_tool",
    [GEN_AI_TOOL_NAME]: request.name,
    [GEN_AI_TOOL_DESCRIPTION]: request.description,
    [GEN_AI_TOOL_CALL_ID]: request.callId,
    [RUNREEL_STEP_KIND]: "tool",
    ...stepAttributes(request),
  });
}

export function codeAttributes(request: CodeRequest): Attributes {
  return present({ ...request.attributes, [RUNREEL_STEP_KIND]: "code", ...stepAttributes(request) });
}

export function checkpointAttributes(request: CheckpointRequest, id: string): Attributes {
  return present({
    [RUNREEL_CHECKPOINT_ID]: id,
    [RUNREEL_CHECKPOINT_PARENT_ID]: request.parentId,
    [RUNREEL_CHECKPOINT_LABEL]: request.label,
    [RUNREEL_CHECKPOINT_NAMESPACE]: request.namespace,
    [RUNREEL_FRAMEWORK]: request.framework,
  });
}

function stepAttributes(request: ToolRequest | CodeRequest): Record<string, string | undefined> {
  return {
    [RUNREEL_STEP_NAME]: request.name,
    [RUNREEL_EFFECT]: request.effect,
    [RUNREEL_STEP_SERVED]: request.served,
    [RUNREEL_EFFECT_CONFIRMED_BY]: request.confirmedBy,
    [RUNREEL_FRAMEWORK]: request.framework,
  };
}
