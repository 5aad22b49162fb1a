// Proves that every mode says what it should, and that lost content is made again.
import type { Attributes } from "@opentelemetry/api";
import { contentHash, hashBlob } from "@runreel/content";
import type { BlobType } from "@runreel/content";
import { expect, test } from "vitest";

import { ContentWriter } from "./content-writer.ts";
import type { ContentPlace } from "./content-writer.ts";

type Data = string | Uint8Array;

function attributes(writer: ContentWriter, place: ContentPlace, value: unknown): Attributes {
  const into: Attributes = {};
  writer.write(into, place, value);
  return into;
}

const hasRoom = (): boolean => true;
const long = { text: "x".repeat(1_000) };

test("blobs: a reference, and each blob once", () => {
  const blobs: BlobType[] = [];
  const putBlob = (type: BlobType, data: Data) => ({ hash: hashBlob(type, data), isKept: blobs.push(type) > 0 });
  const writer = new ContentWriter({ mode: "blobs", codecs: [], putBlob, hasRoom });
  expect(attributes(writer, "input", long)).toEqual({ "runreel.content.input": contentHash(long) });
  const count = blobs.length;
  expect(attributes(writer, "result", long)).toEqual({ "runreel.content.output": contentHash(long) });
  expect(blobs.length - count).toBe(1);
  expect(attributes(writer, "raw", undefined)).toEqual({});
});

test("a conversation of which something was lost is not made again with each step, but once there is room", () => {
  let isFull = true;
  let emitted = 0;
  const putBlob = (type: BlobType, data: Data) => {
    emitted += 1;
    return { hash: hashBlob(type, data), isKept: !isFull };
  };
  const writer = new ContentWriter({ mode: "blobs", codecs: [], putBlob, hasRoom: () => !isFull });
  const messages = Array.from({ length: 100 }, (_, index) => ({ role: "user", text: `${index} `.padEnd(600, "x") }));
  for (let step = 2; step <= messages.length; step += 1) {
    const into = attributes(writer, "input", messages.slice(0, step));
    expect(into["runreel.content.dropped"]).toBe("buffer_full");
  }
  // What is new, and what stands around it; all of the conversation again each time would be ten thousand.
  expect(emitted).toBeLessThan(10 * messages.length);
  isFull = false;
  emitted = 0;
  expect(attributes(writer, "input", messages)).not.toHaveProperty("runreel.content.dropped");
  expect(emitted).toBeGreaterThan(messages.length);
});

test("blobs that found no room are told on the span and emitted again", () => {
  let hasRoom = false;
  const emitted: string[] = [];
  const putBlob = (type: BlobType, data: Data) => {
    emitted.push(type);
    return { hash: hashBlob(type, data), isKept: hasRoom };
  };
  const writer = new ContentWriter({ mode: "blobs", codecs: [], putBlob, hasRoom: () => hasRoom });
  expect(attributes(writer, "input", long)["runreel.content.dropped"]).toBe("buffer_full");
  hasRoom = true;
  emitted.length = 0;
  expect(attributes(writer, "input", long)).not.toHaveProperty("runreel.content.dropped");
  expect(emitted).toEqual(["text", "tree"]);
});

test("everything is new again after six hours", () => {
  let nowMs = 0;
  const emitted: string[] = [];
  const putBlob = (type: BlobType, data: Data) => ({ hash: hashBlob(type, data), isKept: emitted.push(type) > 0 });
  const writer = new ContentWriter({ mode: "blobs", codecs: [], putBlob, hasRoom, now: () => nowMs });
  attributes(writer, "input", long);
  nowMs = 6 * 3_600_000 + 1;
  emitted.length = 0;
  attributes(writer, "input", long);
  expect(emitted).toEqual(["text", "tree"]);
});

test("inline: GenAI attributes as JSON text, cut where they are huge", () => {
  const writer = new ContentWriter({
    hasRoom,
    mode: "inline",
    codecs: [],
    putBlob: (type, data) => ({ hash: hashBlob(type, data), isKept: true }),
  });
  expect(attributes(writer, "output", { role: "assistant", parts: [] })).toEqual({
    "gen_ai.output.messages": '[{"parts":[],"role":"assistant"}]',
  });
  expect(attributes(writer, "arguments", { b: 1, a: 2n })).toEqual({
    "gen_ai.tool.call.arguments": '{"a":{"$bigint":"2"},"b":1}',
  });
  expect(attributes(writer, "state", long)).toEqual({});
  const { "gen_ai.tool.call.result": cut } = attributes(writer, "result", "y".repeat(300_000));
  expect(cut).toMatch(/\[runreel: cut, 262144 of 300000 characters kept\]$/);
});

test("none: nothing", () => {
  const writer = new ContentWriter({ mode: "none", codecs: [], putBlob: () => expect.unreachable(), hasRoom });
  expect(attributes(writer, "input", long)).toEqual({});
});
