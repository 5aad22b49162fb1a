// OpenAI's responses API from a script: reasoning with a summary, a function call, then an answer.
import { createScriptedServer } from "./scripted-server.ts";
import type { ScriptedServer } from "./scripted-server.ts";

const script = [
  [
    { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "I should look" }] },
    {
      type: "function_call",
      id: "fc_1",
      call_id: "call_a",
      name: "look",
      arguments: '{"at":"a"}',
      status: "completed",
    },
  ],
  [
    {
      type: "message",
      id: "m_1",
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text: "It is a.", annotations: [] }],
    },
  ],
];

const usage = {
  input_tokens: 120,
  input_tokens_details: { cached_tokens: 100 },
  output_tokens: 30,
  output_tokens_details: { reasoning_tokens: 12 },
  total_tokens: 150,
};

export function createResponsesServer(): Promise<ScriptedServer> {
  return createScriptedServer((_, index) => ({
    json: {
      id: `resp_${index}`,
      object: "response",
      created_at: 1,
      model: "gpt-test-2026-01-01",
      status: "completed",
      error: null,
      incomplete_details: null,
      parallel_tool_calls: true,
      output: script[index] ?? [],
      usage,
    },
  }));
}
