// Anthropic's messages API from a script, streamed or not.
import { createScriptedServer } from "./scripted-server.ts";
import type { ScriptedServer } from "./scripted-server.ts";

export type AnthropicBlock =
  | { type: "text"; text: string }
  | { type: "thinking"; thinking: string; signature: string }
  | { type: "tool_use"; id: string; name: string; input: Record<string, unknown> };

/** The input of a cached prompt: what was read and written comes beside `input_tokens`. */
const usage = { input_tokens: 20, cache_creation_input_tokens: 30, cache_read_input_tokens: 50, output_tokens: 40 };

export function createAnthropicServer(script: readonly AnthropicBlock[][]): Promise<ScriptedServer> {
  return createScriptedServer((request, index) => {
    const content = script[index] ?? [{ type: "text", text: "out of script" }];
    const message = {
      id: `msg_${index}`,
      type: "message",
      role: "assistant",
      model: "claude-test-2026-01-01",
      stop_reason: content.some(({ type }) => type === "tool_use") ? "tool_use" : "end_turn",
      stop_sequence: null,
    };
    if (request["stream"] !== true) return { json: { ...message, content, usage } };
    return { events: [...eventsOf(message, content)].map((data) => ({ event: data.type, data })) };
  });
}

function* eventsOf(message: { stop_reason: string }, content: readonly AnthropicBlock[]): Generator<{ type: string }> {
  const start = { ...message, stop_reason: null, content: [], usage: { ...usage, output_tokens: 1 } };
  yield { type: "message_start", message: start } as { type: string };
  for (const [index, block] of content.entries()) {
    const event = (type: string, rest: object): { type: string } => Object.assign({ type, index }, rest);
    const delta = (rest: object): { type: string } => event("content_block_delta", { delta: rest });
    if (block.type === "text") {
      yield event("content_block_start", { content_block: { type: "text", text: "" } });
      for (const text of block.text.split(/(?<= )/)) yield delta({ type: "text_delta", text });
    } else if (block.type === "thinking") {
      yield event("content_block_start", { content_block: { type: "thinking", thinking: "", signature: "" } });
      for (const thinking of block.thinking.split(/(?<= )/)) yield delta({ type: "thinking_delta", thinking });
      yield delta({ type: "signature_delta", signature: block.signature });
    } else {
      yield event("content_block_start", { content_block: { ...block, input: {} } });
      yield delta({ type: "input_json_delta", partial_json: JSON.stringify(block.input) });
    }
    yield event("content_block_stop", {});
  }
  const { stop_reason } = message;
  yield {
    type: "message_delta",
    delta: { stop_reason, stop_sequence: null },
    usage: { output_tokens: usage.output_tokens },
  } as { type: string };
  yield { type: "message_stop" };
}
