/** A message in the form of the GenAI conventions. */
interface Message {
  role: string;
  parts: unknown[];
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Messages of the OpenAI and Anthropic APIs in the form of the GenAI conventions, with the system instructions apart.
 *
 * What is in that form already, and what is in no form known here, is kept as it is.
 */
export function splitMessages(messages: unknown): { messages: unknown[]; system: unknown[] } {
  if (!isList(messages)) return { messages: messages === undefined ? [] : [messages], system: [] };
  const system: unknown[] = [];
  const rest: unknown[] = [];
  for (const message of messages) {
    const converted = orAsItIs(toMessage, message);
    if (isFields(converted) && (converted["role"] === "system" || converted["role"] === "developer")) {
      system.push(...(Array.isArray(converted["parts"]) ? converted["parts"] : [converted]));
    } else {
      rest.push(converted);
    }
  }
  return { messages: rest, system };
}

/** One message; anything without a role is kept as it is. */
export function toMessage(message: unknown): unknown {
  if (!isFields(message) || Array.isArray(message["parts"])) return message;
  if (typeof message["role"] !== "string") return itemMessage(message) ?? message;
  const { role, content, tool_calls: toolCalls, tool_call_id: callId, reasoning_content: reasoning } = message;
  if (role === "tool" && callId !== undefined) {
    return { role, parts: [{ type: "tool_call_response", id: callId, response: content }] } as Message;
  }
  const parts = [
    ...(typeof reasoning === "string" && reasoning !== "" ? [{ type: "reasoning", content: reasoning }] : []),
    ...toParts(content),
    ...(isList(toolCalls) ? toolCalls.map(toToolCall) : []),
  ];
  return { role, parts } as Message;
}

/** An item of OpenAI's responses API that is no message. */
function itemMessage(item: Fields): Message | undefined {
  switch (item["type"]) {
    case "function_call": {
      const { call_id: id, name, arguments: text } = item;
      return { role: "assistant", parts: [{ type: "tool_call", id, name, arguments: parsed(text) }] };
    }
    case "function_call_output":
      return { role: "tool", parts: [{ type: "tool_call_response", id: item["call_id"], response: item["output"] }] };
    case "reasoning": {
      const { summary, content } = item;
      const texts = isList(content) && content.length > 0 ? content : isList(summary) ? summary : [];
      return {
        role: "assistant",
        parts: texts.map((one) => ({ type: "reasoning", content: isFields(one) ? one["text"] : one })),
      };
    }
    default:
      return undefined;
  }
}

/** Content as message parts: a text is one part, nothing is none. */
export function toParts(content: unknown): unknown[] {
  if (content === undefined || content === null || content === "") return [];
  if (typeof content === "string") return [{ type: "text", content }];
  if (!isList(content)) return [content];
  try {
    return content.map((part) => orAsItIs(toPart, part));
  } catch {
    return [content];
  }
}

function toPart(part: unknown): unknown {
  if (typeof part === "string") return { type: "text", content: part };
  if (!isFields(part)) return part;
  switch (part["type"]) {
    case "text":
    case "input_text":
    case "output_text":
      return "text" in part ? { type: "text", content: part["text"] } : part;
    case "thinking":
      return { type: "reasoning", content: part["thinking"] };
    case "tool_use":
      return { type: "tool_call", id: part["id"], name: part["name"], arguments: part["input"] };
    case "tool_result":
      return { type: "tool_call_response", id: part["tool_use_id"], response: part["content"] };
    case "image_url":
      return toImage(part["image_url"]) ?? part;
    default:
      return part;
  }
}

function toImage(image: unknown): unknown {
  const uri = isFields(image) ? image["url"] : image;
  return typeof uri === "string" ? { type: "uri", modality: "image", uri } : undefined;
}

function toToolCall(call: unknown): unknown {
  const called = isFields(call) ? call["function"] : undefined;
  if (!isFields(call) || !isFields(called)) return call;
  return { type: "tool_call", id: call["id"], name: called["name"], arguments: parsed(called["arguments"]) };
}

/** OpenAI gives arguments as JSON text; text that is none stays text. */
function parsed(text: unknown): unknown {
  if (typeof text !== "string") return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** More than this are no messages and no parts: such a list is kept as it is, without being looked through. */
const LIST_MAX_LENGTH = 100_000;

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length <= LIST_MAX_LENGTH;
}

/** What cannot be read keeps its own form, and what stands beside it is read. */
function orAsItIs(convert: (value: unknown) => unknown, value: unknown): unknown {
  try {
    return convert(value);
  } catch {
    return value;
  }
}

/** An object that is no array. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
