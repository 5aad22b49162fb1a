// Messages in the forms that providers and LangChain use come out in the one form of the GenAI conventions.
import { AIMessage, ChatMessage, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { ContentEncoder } from "@runreel/content";
import { expect, test } from "vitest";

import { reasoningOf, toGenAiMessage } from "./message.ts";

const assistant = (fields: object) => toGenAiMessage(new AIMessage(fields as never)).parts;

test.each([
  ["a standard block", { content: [{ type: "reasoning", reasoning: "hm" }] }],
  ["Anthropic's thinking", { content: [{ type: "thinking", thinking: "hm", signature: "s" }] }],
  [
    "a block of OpenAI's responses",
    { content: [{ type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "hm" }] }] },
  ],
  ["Bedrock's block", { content: [{ type: "reasoning_content", reasoningText: { text: "hm" } }] }],
  ["Google's thought", { content: [{ type: "text", text: "hm", thought: true }] }],
  ["DeepSeek's field", { content: "", additional_kwargs: { reasoning_content: "hm" } }],
  ["OpenAI's field", { content: "", additional_kwargs: { reasoning: { id: "rs_1", summary: [{ text: "hm" }] } } }],
])("reasoning from %s", (_, fields) => {
  expect(assistant(fields)).toEqual([{ type: "reasoning", content: "hm" }]);
  expect(reasoningOf(toGenAiMessage(new AIMessage(fields as never)))).toBe("hm");
});

test("reasoning that stands in two places is told once", () => {
  const fields = { content: [{ type: "reasoning", reasoning: "hm" }], additional_kwargs: { reasoning_content: "hm" } };
  expect(assistant(fields)).toHaveLength(1);
});

test("tool calls, whole and broken, once each", () => {
  const parts = assistant({
    content: [
      { type: "text", text: "so" },
      { type: "tool_use", id: "c1", name: "search", input: { q: "a" } },
    ],
    tool_calls: [{ type: "tool_call", id: "c1", name: "search", args: { q: "a" } }],
    invalid_tool_calls: [{ type: "invalid_tool_call", id: "c2", name: "mail", args: "{oops" }],
  });
  expect(parts).toEqual([
    { type: "text", content: "so" },
    { type: "tool_call", id: "c1", name: "search", arguments: { q: "a" } },
    { type: "tool_call", id: "c2", name: "mail", arguments: "{oops" },
  ]);
});

test("results of tools, text or parts", () => {
  expect(toGenAiMessage(new ToolMessage({ content: "r", tool_call_id: "c1", name: "search" }))).toEqual({
    role: "tool",
    parts: [{ type: "tool_call_response", id: "c1", response: "r" }],
  });
  const rich = new ToolMessage({ content: [{ type: "text", text: "r" }], tool_call_id: "c1" });
  expect(toGenAiMessage(rich).parts).toEqual([
    { type: "tool_call_response", id: "c1", response: [{ type: "text", content: "r" }] },
  ]);
});

test("media by address or by bytes, and blocks that nobody knows as they are", () => {
  const message = new HumanMessage({
    content: [
      { type: "image_url", image_url: { url: "https://example.com/a.png" } },
      { type: "image_url", image_url: { url: "data:image/png;base64,AAEC" } },
      { type: "audio", mimeType: "audio/wav", data: "AAEC" },
      { type: "hologram", depth: 3 },
    ],
    name: "ann",
  } as never);
  expect(toGenAiMessage(message)).toEqual({
    role: "user",
    name: "ann",
    parts: [
      { type: "uri", modality: "image", uri: "https://example.com/a.png" },
      { type: "blob", modality: "image", mime_type: "image/png", content: "AAEC" },
      { type: "blob", modality: "audio", mime_type: "audio/wav", content: "AAEC" },
      { type: "hologram", depth: 3 },
    ],
  });
});

test("other roles", () => {
  expect(toGenAiMessage(new SystemMessage("s")).role).toBe("system");
  expect(toGenAiMessage(new ChatMessage({ role: "critic", content: "c" })).role).toBe("critic");
});

test("ids and the name that the host gives answers are no part of a message", () => {
  const message = new AIMessage({ content: "a", id: "run-1" });
  const before = toGenAiMessage(message);
  message.name = "model";
  message.id = "run-2";
  expect(toGenAiMessage(message)).toEqual(before);
});

test("the same object as long as the message does not change, another when it does", () => {
  const message = new AIMessage("a");
  const before = toGenAiMessage(message);
  expect(toGenAiMessage(message)).toBe(before);
  message.content = "b";
  expect(toGenAiMessage(message).parts).toEqual([{ type: "text", content: "b" }]);
});

test("arguments that are changed in place are seen, at the top and further down", () => {
  const args: Record<string, unknown> = { query: "before", filter: { year: 2025 } };
  const flat: Record<string, unknown> = { query: "before" };
  const message = new AIMessage({
    content: "",
    tool_calls: [
      { type: "tool_call", id: "1", name: "a", args },
      { type: "tool_call", id: "2", name: "b", args: flat },
    ],
  });
  const alone = new AIMessage({ content: "", tool_calls: [{ type: "tool_call", id: "2", name: "b", args: flat }] });
  const encoder = new ContentEncoder();
  const hashes = () => [message, alone].map((one) => encoder.encode([toGenAiMessage(one)], () => {}));
  const first = hashes();
  expect(hashes()).toEqual(first);
  (args["filter"] as { year: number }).year = 2026;
  const second = hashes();
  expect(second[0]).not.toBe(first[0]);
  expect(second[1]).toBe(first[1]);
  flat["query"] = "after";
  expect(hashes()[1]).not.toBe(first[1]);
});
