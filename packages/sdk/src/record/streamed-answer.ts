import { isFields } from "./messages.ts";

type Fields = Record<string, unknown>;

/**
 * Puts a streamed answer together as the same API gives it unstreamed: OpenAI's chat completions and responses, Anthropic's messages.
 * Chunks of any other form are told as they came, texts as one text.
 */
export function assembleAnswer(chunks: readonly unknown[]): unknown {
  const events = chunks.filter(isFields) as Fields[];
  if (events.some((event) => Array.isArray(event["choices"]))) return chatCompletion(events);
  const start = events.find((event) => event["type"] === "message_start");
  if (isFields(start?.["message"])) return anthropicMessage(start["message"], events);
  const responses = events.map((event) => event["response"]).filter(isFields);
  if (responses.length > 0) return openAiResponse(responses.at(-1)!, events);
  return chunks.length > 0 && chunks.every((chunk) => typeof chunk === "string") ? chunks.join("") : chunks;
}

function chatCompletion(events: readonly Fields[]): Fields {
  const answer: Fields = {};
  const choices: { message: Fields; finish_reason: unknown }[] = [];
  for (const event of events) {
    for (const key of ["id", "model"]) answer[key] ??= event[key];
    if (isFields(event["usage"])) answer["usage"] = event["usage"];
    for (const choice of listOf(event["choices"])) {
      const at = typeof choice["index"] === "number" ? choice["index"] : 0;
      if (at > CHOICES_MAX_COUNT) continue;
      const known = (choices[at] ??= { message: { role: "assistant" }, finish_reason: null });
      known.finish_reason = choice["finish_reason"] ?? known.finish_reason;
      if (isFields(choice["delta"])) addDelta(known.message, choice["delta"]);
    }
  }
  return { ...answer, choices: choices.filter((choice) => choice !== undefined) };
}

const CHOICES_MAX_COUNT = 128;

function addDelta(message: Fields, delta: Readonly<Fields>): void {
  for (const key of ["content", "reasoning_content", "reasoning", "refusal"]) addText(message, key, delta[key]);
  for (const part of listOf(delta["tool_calls"])) {
    const calls = (message["tool_calls"] ??= []) as Fields[];
    const at = typeof part["index"] === "number" ? part["index"] : calls.length;
    if (at > CHOICES_MAX_COUNT) continue;
    const call = (calls[at] ??= { type: "function", function: { name: "", arguments: "" } });
    if (part["id"] !== undefined) call["id"] = part["id"];
    const { function: called } = part;
    if (!isFields(called)) continue;
    addText(call["function"] as Fields, "name", called["name"]);
    addText(call["function"] as Fields, "arguments", called["arguments"]);
  }
}

function anthropicMessage(start: Readonly<Fields>, events: readonly Fields[]): Fields {
  const message: Fields = { ...start };
  const blocks: Fields[] = [];
  const inputs: string[] = [];
  for (const event of events) {
    const at = typeof event["index"] === "number" ? event["index"] : 0;
    if (event["type"] === "content_block_start" && isFields(event["content_block"]))
      blocks[at] = { ...event["content_block"] };
    if (event["type"] === "content_block_delta" && isFields(event["delta"]) && blocks[at] !== undefined) {
      const { delta } = event;
      for (const key of ["text", "thinking", "signature"]) addText(blocks[at], key, delta[key]);
      if (typeof delta["partial_json"] === "string") inputs[at] = (inputs[at] ?? "") + delta["partial_json"];
    }
    if (event["type"] !== "message_delta") continue;
    if (isFields(event["delta"])) Object.assign(message, event["delta"]);
    if (isFields(event["usage"]))
      message["usage"] = { ...(message["usage"] as Fields), ...withoutNull(event["usage"]) };
  }
  for (const [at, input] of inputs.entries()) if (input !== undefined) blocks[at]!["input"] = parsed(input);
  return { ...message, content: blocks.filter((block) => block !== undefined) };
}

/** The last event holds the whole answer; where the stream broke off before it, what text had come. */
function openAiResponse(response: Readonly<Fields>, events: readonly Fields[]): Fields {
  if (Array.isArray(response["output"]) && response["output"].length > 0) return response;
  const deltas = events.filter((event) => event["type"] === "response.output_text.delta");
  const text = deltas.map((event) => event["delta"]).join("");
  const message = { type: "message", role: "assistant", content: [{ type: "output_text", text }] };
  return { ...response, output: text === "" ? [] : [message] };
}

function addText(into: Fields, key: string, text: unknown): void {
  if (typeof text === "string") into[key] = (typeof into[key] === "string" ? into[key] : "") + text;
}

function withoutNull(fields: Readonly<Fields>): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

function listOf(value: unknown): readonly Readonly<Fields>[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
