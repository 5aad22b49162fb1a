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

import { put, putAll } from "./put.ts";
import type { CheckpointRequest, CodeRequest, InferenceRequest, RunRequest, ToolRequest } from "./recorder.ts";

/** A run, or an agent inside one. */
export function putRun(into: Attributes, request: RunRequest): void {
  const { name, conversationId, framework } = request;
  const agent = request.agent ?? {};
  putAll(into, request.attributes);
  put(into, GEN_AI_OPERATION_NAME, "invoke_agent");
  put(into, GEN_AI_AGENT_NAME, agent.name ?? name);
  put(into, GEN_AI_AGENT_ID, agent.id);
  put(into, GEN_AI_AGENT_VERSION, agent.version);
  put(into, GEN_AI_AGENT_DESCRIPTION, agent.description);
  put(into, GEN_AI_CONVERSATION_ID, conversationId);
  put(into, RUNREEL_RUN_NAME, name);
  put(into, RUNREEL_FRAMEWORK, framework);
}

export function putInference(into: Attributes, request: InferenceRequest): void {
  const parameters = request.parameters ?? {};
  putAll(into, request.attributes);
  put(into, GEN_AI_OPERATION_NAME, "chat");
  put(into, GEN_AI_PROVIDER_NAME, request.provider);
  put(into, GEN_AI_REQUEST_MODEL, request.model);
  put(into, GEN_AI_REQUEST_MAX_TOKENS, parameters.maxTokens);
  put(into, GEN_AI_REQUEST_TEMPERATURE, parameters.temperature);
  put(into, GEN_AI_REQUEST_TOP_P, parameters.topP);
  put(into, GEN_AI_REQUEST_STREAM, parameters.stream);
  put(into, RUNREEL_STEP_KIND, "inference");
  put(into, RUNREEL_STEP_NAME, request.model);
  put(into, RUNREEL_STEP_SERVED, request.served);
  put(into, RUNREEL_FRAMEWORK, request.framework);
}

export function putTool(into: Attributes, request: ToolRequest): void {
  putAll(into, request.attributes);
  put(into, GEN_AI_OPERATION_NAME, "execute_tool");
  put(into, GEN_AI_TOOL_NAME, request.name);
  put(into, GEN_AI_TOOL_DESCRIPTION, request.description);
  put(into, GEN_AI_TOOL_CALL_ID, request.callId);
  put(into, RUNREEL_STEP_KIND, "tool");
  putStep(into, request);
}

export function putCode(into: Attributes, request: CodeRequest): void {
  putAll(into, request.attributes);
  put(into, RUNREEL_STEP_KIND, "code");
  putStep(into, request);
}

export function putCheckpoint(into: Attributes, request: CheckpointRequest, id: string): void {
  put(into, RUNREEL_CHECKPOINT_ID, id);
  put(into, RUNREEL_CHECKPOINT_PARENT_ID, request.parentId);
  put(into, RUNREEL_CHECKPOINT_LABEL, request.label);
  put(into, RUNREEL_CHECKPOINT_NAMESPACE, request.namespace);
  put(into, RUNREEL_FRAMEWORK, request.framework);
}

function putStep(into: Attributes, request: ToolRequest | CodeRequest): void {
  put(into, RUNREEL_STEP_NAME, request.name);
  put(into, RUNREEL_EFFECT, request.effect);
  put(into, RUNREEL_STEP_SERVED, request.served);
  put(into, RUNREEL_EFFECT_CONFIRMED_BY, request.confirmedBy);
  put(into, RUNREEL_FRAMEWORK, request.framework);
}
