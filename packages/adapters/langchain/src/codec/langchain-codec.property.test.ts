// Any message survives the way into a content tree and back.
import { AIMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import type { BaseMessage } from "@langchain/core/messages";
import { contentHash, decodeContent, encodeContent } from "@runreel/content";
import type { Blob } from "@runreel/content";
import * as fc from "fast-check";
import { expect, test } from "vitest";

import { langchainCodec } from "./langchain-codec.ts";
import { messageFields } from "./message-fields.ts";

const codecs = [langchainCodec];
const json = fc.jsonValue({ maxDepth: 3 });
const content = fc.oneof(
  fc.string(),
  fc.array(fc.record({ type: fc.constant("text"), text: fc.string() }), { maxLength: 3 }),
);
const call = fc.record({
  type: fc.constant("tool_call"),
  id: fc.string(),
  name: fc.string(),
  args: fc.dictionary(fc.string(), json, { maxKeys: 3 }),
});
const message: fc.Arbitrary<BaseMessage> = fc.oneof(
  content.map((given) => new HumanMessage({ content: given } as never)),
  fc
    .tuple(content, fc.array(call, { maxLength: 3 }))
    .map(([given, calls]) => new AIMessage({ content: given, tool_calls: calls } as never)),
  fc
    .tuple(content, json)
    .map(([given, artifact]) => new ToolMessage({ content: given, tool_call_id: "c", artifact } as never)),
);

test("class and members are the same, and so is the hash", async () => {
  await fc.assert(
    fc.asyncProperty(message, async (given) => {
      const blobs = new Map<string, Blob>();
      const hash = encodeContent(given, (blob) => blobs.set(blob.hash, blob), { codecs });
      const back = (await decodeContent(hash, async () => blobs, { codecs })) as BaseMessage;
      expect(back.constructor).toBe(given.constructor);
      expect(messageFields(back)).toEqual(messageFields(given));
      expect(contentHash(back, { codecs })).toBe(hash);
    }),
    { numRuns: 200 },
  );
});
