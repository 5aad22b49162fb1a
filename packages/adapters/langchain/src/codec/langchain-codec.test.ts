// LangChain's objects come back from a content tree as instances of the same class with everything that matters.
import { Document } from "@langchain/core/documents";
import {
  AIMessage,
  AIMessageChunk,
  ChatMessage,
  HumanMessage,
  RemoveMessage,
  SystemMessage,
  ToolMessage,
} from "@langchain/core/messages";
import { Command, isCommand, Send } from "@langchain/langgraph";
import { ContentEncoder, decodeContent, encodeContent, toPlain } from "@runreel/content";
import type { Blob } from "@runreel/content";
import { expect, test } from "vitest";

import { langchainCodec } from "./langchain-codec.ts";
import { messageFields, messageFrom } from "./message-fields.ts";

const codecs = [langchainCodec];

async function restored(value: unknown): Promise<unknown> {
  const blobs = new Map<string, Blob>();
  const hash = encodeContent(value, (blob) => blobs.set(blob.hash, blob), { codecs });
  return decodeContent(hash, async () => blobs, { codecs });
}

const answer = new AIMessage({
  id: "run-1",
  name: "researcher",
  content: [
    { type: "reasoning", reasoning: "hm" },
    { type: "text", text: "looking" },
  ],
  tool_calls: [{ type: "tool_call", id: "c1", name: "search", args: { q: "a", deep: [1, { $ref: "x" }] } }],
  invalid_tool_calls: [{ type: "invalid_tool_call", id: "c2", name: "search", args: "{", error: "bad" }],
  usage_metadata: { input_tokens: 5, output_tokens: 3, total_tokens: 8, output_token_details: { reasoning: 2 } },
  response_metadata: { model_provider: "openai", finish_reason: "tool_calls" },
  additional_kwargs: { reasoning_content: "hm" },
} as never);

test.each([
  answer,
  new AIMessageChunk({
    content: "a",
    tool_call_chunks: [{ type: "tool_call_chunk", index: 0, id: "c", name: "n", args: "{}" }],
  }),
  new HumanMessage({
    content: [{ type: "image_url", image_url: { url: "data:image/png;base64,AA==" } }],
    name: "ann",
    id: "h",
  }),
  new SystemMessage("Be brief."),
  new ToolMessage({
    content: "r",
    tool_call_id: "c1",
    name: "t",
    status: "error",
    artifact: { rows: new Map([["a", 1n]]) },
    id: "t",
  }),
  new RemoveMessage({ id: "gone" }),
  new ChatMessage({ role: "critic", content: "no" }),
])("%#: a message", async (message) => {
  const back = await restored(message);
  expect(back).toBeInstanceOf(message.constructor);
  expect((back as object).constructor).toBe(message.constructor);
  expect(messageFields(back as AIMessage)).toEqual(messageFields(message));
});

test("tool calls that a person has changed win over the pieces they were streamed in", () => {
  const pieces = [{ type: "tool_call_chunk" as const, index: 0, id: "c", name: "convert", args: '{"to":"EUX"}' }];
  const streamed = messageFields(new AIMessageChunk({ content: "", tool_call_chunks: pieces }));
  const [call] = streamed["tool_calls"] as { args: object }[];
  const edited = messageFrom({ ...streamed, tool_calls: [{ ...call, args: { to: "EUR" } }] }) as AIMessageChunk;
  expect(edited).toBeInstanceOf(AIMessageChunk);
  expect(edited.tool_calls).toMatchObject([{ id: "c", name: "convert", args: { to: "EUR" } }]);
  expect((messageFrom(messageFields(edited)) as AIMessageChunk).tool_calls).toMatchObject([{ args: { to: "EUR" } }]);
});

test("a command with messages and sends", async () => {
  const command = new Command({ update: { messages: [answer] }, goto: [new Send("tools", { call: answer })] });
  const back = (await restored(command)) as Command & { update: { messages: unknown[] }; goto: Send[] };
  expect(isCommand(back)).toBe(true);
  expect(back).toBeInstanceOf(Command);
  expect(back.update.messages[0]).toBeInstanceOf(AIMessage);
  expect(back.goto[0]).toBeInstanceOf(Send);
  expect(back.goto[0]?.args.call).toBeInstanceOf(AIMessage);
});

test("a document, and other objects of LangChain as their own JSON without secrets", async () => {
  const document = new Document({ pageContent: "text", metadata: { page: 1 }, id: "d" });
  expect(await restored(document)).toEqual(document);
  const secret = {
    lc_serializable: true,
    lc_id: ["x", "Model"],
    apiKey: "sk-1",
    toJSON: () => ({ lc: 1, type: "constructor" }),
  };
  expect(await restored(secret)).toEqual({ lc: 1, type: "constructor" });
});

test("people read the plain members", async () => {
  expect(toPlain(messageFields(answer))).toMatchObject({
    type: "ai",
    tool_calls: [{ name: "search", args: { q: "a" } }],
    id: "run-1",
  });
});

test("a growing conversation costs its newest message", () => {
  const encoder = new ContentEncoder({ codecs });
  const messages: HumanMessage[] = [];
  const sizes: number[] = [];
  const sent = new Set<string>();
  for (let at = 0; at < 200; at += 1) {
    messages.push(new HumanMessage({ content: `${at} ${"x".repeat(300)}`, id: String(at) }));
    let bytes = 0;
    encoder.encode({ messages: [...messages] }, ({ hash, data }) => {
      if (!sent.has(hash)) bytes += data.length;
      sent.add(hash);
    });
    sizes.push(bytes);
  }
  // The message, and the references to the others, which stop growing where groups begin.
  expect(sizes.at(-1)).toBeLessThan(3_000);
});

test("a message that changes in place is written anew", () => {
  const encoder = new ContentEncoder({ codecs });
  const message = new AIMessage("before");
  const first = encoder.encode(message, () => {});
  message.content = "after";
  expect(encoder.encode(message, () => {})).not.toBe(first);
});
