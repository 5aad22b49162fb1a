import type { Attributes } from "@opentelemetry/api";
import {
  GEN_AI_AGENT_NAME,
  GEN_AI_AGENT_VERSION,
  GEN_AI_CONVERSATION_ID,
  GEN_AI_INPUT_MESSAGES,
  GEN_AI_OUTPUT_MESSAGES,
  GEN_AI_SYSTEM_INSTRUCTIONS,
  GEN_AI_TOOL_CALL_ARGUMENTS,
  GEN_AI_TOOL_CALL_RESULT,
  GEN_AI_TOOL_DEFINITIONS,
} from "@runreel/semconv";

import type { ContentPlace, WriteContent } from "../content/content-writer.ts";

/** Where the conventions have content, and what it is to its span with us. */
const places = new Map<string, ContentPlace>([
  [GEN_AI_INPUT_MESSAGES, "input"],
  [GEN_AI_OUTPUT_MESSAGES, "output"],
  [GEN_AI_SYSTEM_INSTRUCTIONS, "system"],
  [GEN_AI_TOOL_DEFINITIONS, "tools"],
  [GEN_AI_TOOL_CALL_ARGUMENTS, "arguments"],
  [GEN_AI_TOOL_CALL_RESULT, "result"],
]);

const inheritedKeys = [GEN_AI_AGENT_NAME, GEN_AI_AGENT_VERSION, GEN_AI_CONVERSATION_ID];

/** Names under which instrumentations of other conventions have content. */
const foreignContent =
  /^(gen_ai\.(prompt|completion|content|retrieval|tool\.message)|ai\.(prompt|response\.(text|object|toolCalls|reasoning|files|providerMetadata)|toolCall\.(args|result)|values?$|embeddings?$|documents|request\.(text|body))|(input|output)\.value|llm\.(prompts|completions|input_messages|output_messages)|traceloop\.entity\.(input|output)|langfuse\.(observation|trace)\.(input|output))/;

/** Whether what stands under a name is content that passes the writer of content, which has limits of its own. */
export function isContent(key: string): boolean {
  return places.has(key);
}

/** What says nothing but what was said to a model or a tool, or by it. */
export function isForeignContent(key: string): boolean {
  return foreignContent.test(key);
}

/** Whether a name belongs to what is said of a model or a tool, by the conventions or by Vercel's AI SDK. */
export function isOfModel(key: string): boolean {
  return key.startsWith("gen_ai.") || key.startsWith("ai.");
}

/** Whose work the spans below a span are, unless they say otherwise. */
export function inheritedBy(above: Attributes, attributes: Attributes): Attributes {
  let inherited = above;
  for (const key of inheritedKeys) {
    const value = attributes[key];
    if (value !== undefined && value !== inherited[key]) inherited = { ...inherited, [key]: value };
  }
  return inherited;
}

/** Says what a host's span tells of a model or a tool in the way that our spans do: whose it is, and content each once. */
export function inOurWords(attributes: Attributes, inherited: Attributes, write: WriteContent): Attributes {
  const ours: Attributes = { ...inherited };
  for (const [key, value] of Object.entries(attributes)) {
    const place = places.get(key);
    if (place === undefined) ours[key] = value;
    else write(ours, place, place === "output" ? alone(valueOf(value)) : valueOf(value));
  }
  return ours;
}

/** The conventions want JSON as text here. */
function valueOf(value: Attributes[string]): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** A model gives one message, which the conventions put in a list. */
function alone(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}
