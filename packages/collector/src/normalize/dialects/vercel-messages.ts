/** Vercel's messages as those of the GenAI conventions: `{role, parts[]}`. Whatever is not understood stays as it came. */

interface Part {
  type: string;
  [member: string]: unknown;
}

interface Message {
  role: string;
  parts: unknown[];
}

/** What a model was asked: messages, and apart from them the instructions. */
export interface Prompt {
  messages: Message[];
  system: Part[];
}

type Members = Readonly<Record<string, unknown>>;

/** Reads `ai.prompt.messages`, a list of messages, or `ai.prompt`, which is one prompt with its instructions; undefined for anything else. */
export function readPrompt(text: string): Prompt | undefined {
  const value = parsed(text);
  if (Array.isArray(value)) return promptOf(value);
  if (!isObject(value)) return undefined;
  const { system, prompt, messages } = value;
  const given = messages ?? prompt;
  const read = promptOf(Array.isArray(given) ? given : [{ role: "user", content: given }]);
  if (typeof system === "string") read.system.unshift(textPart(system));
  return read;
}

/** Reads `ai.prompt.tools`: a list of texts, each the JSON of a tool. */
export function readTools(json: string): unknown {
  const tools = parsed(json);
  return Array.isArray(tools) ? tools.map((tool) => (typeof tool === "string" ? parsed(tool) : tool)) : tools;
}

/** Reads `ai.response.toolCalls`. */
export function readToolCalls(text: string): unknown[] {
  const calls = parsed(text);
  return Array.isArray(calls) ? calls.map((call) => (isObject(call) ? toolCall(call) : call)) : [];
}

export const textPart = (content: string): Part => ({ type: "text", content });
export const reasoningPart = (content: string): Part => ({ type: "reasoning", content });

function promptOf(given: readonly unknown[]): Prompt {
  const prompt: Prompt = { messages: [], system: [] };
  for (const one of given) {
    const { role, content } = isObject(one) ? one : { role: "user", content: one };
    const parts = (Array.isArray(content) ? content : [content]).map(partOf);
    if (role === "system") prompt.system.push(...(parts as Part[]));
    else prompt.messages.push({ role: typeof role === "string" ? role : "user", parts });
  }
  return prompt;
}

function partOf(given: unknown): unknown {
  if (!isObject(given)) return textPart(typeof given === "string" ? given : JSON.stringify(given ?? null));
  const { type, text, toolCallId } = given;
  if (type === "text" && typeof text === "string") return textPart(text);
  if (type === "reasoning" && typeof text === "string") return reasoningPart(text);
  if (type === "tool-call") return toolCall(given);
  if (type === "tool-result") return { type: "tool_call_response", id: toolCallId ?? null, response: resultOf(given) };
  return given;
}

/** Arguments are called `input`, and before version 5 `args`; they come as a value, or as the text that the model wrote. */
function toolCall({ toolCallId, toolName, input, args }: Members): Part {
  const given = input ?? args;
  const value = typeof given === "string" ? parsed(given) : given;
  return { type: "tool_call", id: toolCallId ?? null, name: toolName, arguments: value };
}

/** A result is `{type, value}`, and before version 5 the value itself. */
function resultOf({ output, result }: Members): unknown {
  return isObject(output) && "value" in output ? output["value"] : (output ?? result);
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of a JSON text; other text as it is. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
