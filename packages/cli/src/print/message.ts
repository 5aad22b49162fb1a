import { inWords } from "./value.ts";

/** A message of the GenAI conventions, taken apart for reading. */
export interface MessageParts {
  role: string;
  text: string;
  reasoning: string;
  toolCalls: { name: string; arguments: unknown }[];
  toolResults: string[];
}

interface Part {
  type?: unknown;
  content?: unknown;
  name?: unknown;
  arguments?: unknown;
  response?: unknown;
  result?: unknown;
}

/** Takes any value; what is no message comes out as text. */
export function messageParts(message: unknown): MessageParts {
  const taken: MessageParts = { role: "", text: "", reasoning: "", toolCalls: [], toolResults: [] };
  if (typeof message !== "object" || message === null) return { ...taken, text: message ? inWords(message) : "" };
  const { role, parts } = message as { role?: unknown; parts?: unknown };
  if (!Array.isArray(parts)) return { ...taken, text: inWords(message) };
  if (typeof role === "string") taken.role = role;
  for (const part of parts as (Part | null)[]) if (part) take(taken, part);
  return taken;
}

function take(taken: MessageParts, part: Part): void {
  const text = typeof part.content === "string" ? part.content : "";
  switch (part.type) {
    case "text":
      taken.text += text;
      break;
    case "reasoning":
      taken.reasoning += text;
      break;
    case "tool_call":
      taken.toolCalls.push({ name: typeof part.name === "string" ? part.name : "?", arguments: part.arguments });
      break;
    case "tool_call_response":
      taken.toolResults.push(inWords(part.response ?? part.result));
      break;
    default:
      taken.text += `[${typeof part.type === "string" ? part.type : "part"}]`;
  }
}

/** The messages an inference was given, or none when its content was not kept. */
export function messagesGiven(argumentsOfInference: unknown): unknown[] {
  if (Array.isArray(argumentsOfInference)) return argumentsOfInference;
  const messages = (argumentsOfInference as { messages?: unknown } | null | undefined)?.messages;
  return Array.isArray(messages) ? messages : [];
}
