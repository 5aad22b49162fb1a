// Proves that an answer of which only the rest was recorded comes back as it was, and that one whose GenAI form loses something is kept whole.
import { AIMessage, AIMessageChunk } from "@langchain/core/messages";
import type { BaseMessage } from "@langchain/core/messages";
import { contentHash, encodeContent, resolveContent, reviveContent } from "@runreel/content";
import type { Blob } from "@runreel/content";
import * as fc from "fast-check";
import { expect, test } from "vitest";

import { toGenAiMessage } from "../mapping/message.ts";
import { restOfAnswer, wholeAnswer } from "./answer-rest.ts";
import { langchainCodec } from "./langchain-codec.ts";

const codecs = [langchainCodec];

/** A value as a recording has it. */
async function recorded(value: unknown): Promise<unknown> {
  const blobs = new Map<string, Blob>();
  const hash = encodeContent(value, (blob) => blobs.set(blob.hash, blob), { codecs });
  return JSON.parse(JSON.stringify(await resolveContent(hash, async () => blobs)));
}

/** What a replay hands back of an answer. */
async function served(message: AIMessage): Promise<BaseMessage> {
  const output = toGenAiMessage(message);
  const raw = await recorded(restOfAnswer(message, output));
  return reviveContent(wholeAnswer(raw, await recorded(output)) ?? raw, { codecs }) as BaseMessage;
}

const text = fc.string({ unit: "grapheme", maxLength: 700 });
const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);
const args = fc.dictionary(fc.oneof(text, fc.constant("$ref"), fc.constant("__proto__x")), json, {
  noNullPrototype: true,
});
const call = fc.record({ type: fc.constant("tool_call" as const), id: text, name: text, args });
const block = fc.oneof(
  fc.record({ type: fc.constant("text"), text }, { noNullPrototype: true }),
  fc.record({ type: fc.constant("reasoning"), reasoning: text }, { noNullPrototype: true }),
  fc.record({ type: fc.constant("text"), text, annotations: fc.constant([{ url: "x" }]) }, { noNullPrototype: true }),
  fc.record({ type: fc.constant("thinking"), thinking: text, signature: text }, { noNullPrototype: true }),
);
const fields = fc.record(
  {
    content: fc.oneof(text, fc.array(block, { maxLength: 4 })),
    tool_calls: fc.array(call, { maxLength: 3 }),
    id: text,
    name: text,
    additional_kwargs: fc.constantFrom({}, { reasoning_content: "thought" }, { x: 1 }),
    response_metadata: fc.constantFrom({}, { model_name: "m", finish_reason: "stop" }),
    usage_metadata: fc.constantFrom(undefined, { input_tokens: 1, output_tokens: 2, total_tokens: 3 }),
  },
  { requiredKeys: ["content"], noNullPrototype: true },
);

test("an answer comes back as it was", async () => {
  await fc.assert(
    fc.asyncProperty(fields, fc.boolean(), async (given, isChunk) => {
      const message = isChunk
        ? (new AIMessageChunk(given as never) as unknown as AIMessage)
        : new AIMessage(given as never);
      const back = await served(message);
      expect(contentHash(back, { codecs })).toBe(contentHash(message, { codecs }));
      expect(back.constructor).toBe(message.constructor);
    }),
    { numRuns: 300 },
  );
});

test("only the rest of an ordinary answer is recorded", async () => {
  const message = new AIMessage({
    content: [
      { type: "reasoning", reasoning: "r".repeat(300) },
      { type: "text", text: "t".repeat(300) },
    ],
    tool_calls: [{ type: "tool_call", id: "call_1", name: "search", args: { query: "q".repeat(300) } }],
    id: "msg_1",
  });
  expect(restOfAnswer(message, toGenAiMessage(message))).toEqual({ answer: "blocks", fields: { id: "msg_1" } });
  const plain = new AIMessage({ content: "hello" });
  expect(restOfAnswer(plain, toGenAiMessage(plain))).toEqual({ answer: "text", fields: {} });
});

test("what is no rest is left alone", async () => {
  const raw = await recorded(new AIMessage("hello"));
  expect(wholeAnswer(raw, { role: "assistant", parts: [] })).toBeUndefined();
  expect(wholeAnswer({ answer: "text", fields: {} }, "no message")).toBeUndefined();
  expect(wholeAnswer(null, null)).toBeUndefined();
});
