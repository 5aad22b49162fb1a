// Proves that a growing conversation costs what is new in it, and that a memory is never stale.
import { expect, test } from "vitest";

import { ContentEncoder, contentHash, immutable } from "./index.ts";
import type { Blob, Codec } from "./index.ts";

function message(index: number): { role: string; parts: { type: string; content: string }[] } {
  const text = Array.from({ length: 50 }, (_, word) => `word ${index}.${word} of a message that is new`).join(" ");
  return { role: index % 2 === 0 ? "user" : "assistant", parts: [{ type: "text", content: text }] };
}

test("1,000 messages appended one by one emit at most 2.5 times their own text", () => {
  const encoder = new ContentEncoder();
  const known = new Set<string>();
  const messages: unknown[] = [];
  let emittedBytes = 0;
  let newBytes = 0;
  let emittedMost = 0;
  for (let index = 0; index < 1_000; index += 1) {
    messages.push(message(index));
    newBytes += JSON.stringify(messages.at(-1)).length;
    let emitted = 0;
    encoder.encode([...messages], (blob: Blob) => {
      if (known.has(blob.hash)) return;
      known.add(blob.hash);
      emitted += 1;
      emittedBytes += blob.data.length;
    });
    emittedMost = Math.max(emittedMost, emitted);
  }
  expect(emittedBytes / newBytes).toBeLessThan(2.5);
  // The text, its message, the group it joins, the list of groups.
  expect(emittedMost).toBeLessThanOrEqual(5);
});

test("an object that was cut out and has not changed is not emitted again", () => {
  const encoder = new ContentEncoder();
  const long = Array.from({ length: 24 }, (_, index) => message(index));
  encoder.encode({ long }, () => {});
  const emitted: string[] = [];
  encoder.encode({ long, other: 1 }, (blob) => emitted.push(blob.type));
  expect(emitted).toEqual(["tree"]);
  encoder.forget();
  emitted.length = 0;
  encoder.encode({ long, other: 1 }, (blob) => emitted.push(blob.type));
  expect(emitted).toContain("text");
});

test("an object that has changed since is written anew, however deep the change", () => {
  const encoder = new ContentEncoder();
  const value = { list: [{ deep: { text: "before" } }], map: new Map([["a", 1]]) };
  encoder.encode(value, () => {});
  value.list[0]!.deep.text = "after";
  expect(encoder.encode(value, () => {})).toBe(contentHash(value));
  value.map.set("a", 2);
  expect(encoder.encode(value, () => {})).toBe(contentHash(value));
  value.list.push({ deep: { text: "more" } });
  expect(encoder.encode(value, () => {})).toBe(contentHash(value));
});

test("a key that took another's place is seen, even where both are undefined", () => {
  const encoder = new ContentEncoder();
  const long = Array.from({ length: 24 }, (_, index) => message(index));
  const before: Record<string, unknown> = { long, a: undefined };
  encoder.encode([before], () => {});
  delete before["a"];
  before["b"] = undefined;
  expect(encoder.encode([before], () => {})).toBe(contentHash([{ long, b: undefined }]));
  before["b"] = 1;
  expect(encoder.encode([before], () => {})).toBe(contentHash([{ long, b: 1 }]));
});

/** A message that says how often somebody looked at it. */
function watched(index: number): { looks: () => number; message: object } {
  let looks = 0;
  const { role, parts } = message(index);
  const given = {
    role,
    get parts() {
      looks += 1;
      return parts;
    },
  };
  return { looks: () => looks, message: immutable(given) };
}

test("what never changes is looked at once, alone and in a list that grows", () => {
  const encoder = new ContentEncoder();
  const known = new Set<string>();
  const all = Array.from({ length: 200 }, (_, index) => watched(index));
  const messages: object[] = [];
  let last = "";
  for (const { message: next } of all) {
    messages.push(next);
    let emitted = 0;
    const hash = encoder.encode([...messages], (blob) => {
      if (!known.has(blob.hash)) emitted += 1;
      known.add(blob.hash);
    });
    expect(emitted).toBeLessThanOrEqual(5);
    last = hash;
  }
  expect(last).toBe(contentHash(messages.map((one) => ({ ...one }))));
  // Once by the encoder, and once by the copy above.
  expect(new Set(all.map(({ looks }) => looks()))).toEqual(new Set([2]));
});

test("a list of other elements that never change is not taken for the one before", () => {
  const encoder = new ContentEncoder();
  const elements = Array.from({ length: 70 }, (_, index) => immutable(message(index)));
  encoder.encode(elements, () => {});
  for (const at of [0, 1, 31, 32, 69]) {
    const other = elements.with(at, immutable(message(1_000 + at)));
    expect(encoder.encode(other, () => {})).toBe(contentHash(structuredClone(other)));
  }
  const [first, ...rest] = elements;
  expect(encoder.encode([...rest, first], () => {})).toBe(contentHash(structuredClone([...rest, first])));
});

class Note {
  parts: { text: string }[];
  constructor(index: number) {
    this.parts = [{ text: `${"a note ".repeat(40)}${index}` }];
  }
}

/** As an adapter's codec does: the same plain object as long as the instance has the same members. */
const plain = new WeakMap<Note, { parts: Note["parts"] }>();
const noteCodec: Codec = {
  name: "notes",
  matches: (value) => value instanceof Note,
  encode: (value) => {
    const { parts } = value as Note;
    const known = plain.get(value as Note);
    if (known?.parts === parts) return known;
    plain.set(value as Note, { parts });
    return plain.get(value as Note);
  },
  decode: (value) => value,
};

test("instances that have not changed are not emitted again in a list that grows; those that have are, until blobs are lost all", () => {
  const codecs = [noteCodec];
  const encoder = new ContentEncoder({ codecs });
  const notes: Note[] = [];
  let emitted = 0;
  const encode = (): string => {
    emitted = 0;
    return encoder.encode({ notes: [...notes] }, () => (emitted += 1));
  };
  for (let index = 0; index < 10; index += 1) notes.push(new Note(index));
  encode();
  for (let index = 10; index < 200; index += 1) {
    notes.push(new Note(index));
    expect(encode()).toBe(contentHash({ notes }, { codecs }));
    // The note, the groups of the list, the list of groups, the root.
    expect(emitted).toBeLessThanOrEqual(3 + Math.ceil(notes.length / 32));
  }
  notes[7]!.parts[0]!.text += " changed";
  expect(encode()).toBe(contentHash({ notes }, { codecs }));
  notes[8]!.parts = [{ text: "another ".repeat(40) }];
  expect(encode()).toBe(contentHash({ notes }, { codecs }));
  expect(encode()).toBe(contentHash({ notes }, { codecs }));
  expect(emitted).toBeLessThanOrEqual(2 + Math.ceil(notes.length / 32));
  encoder.forget();
  expect(encode()).toBe(contentHash({ notes }, { codecs }));
  expect(emitted).toBeGreaterThan(200);
});

test("a root that never changes is emitted once, until blobs are lost", () => {
  const encoder = new ContentEncoder();
  const tools = immutable([{ name: "search", description: "x".repeat(600) }]);
  const emitted: string[] = [];
  const hash = encoder.encode(tools, (blob) => emitted.push(blob.type));
  expect(emitted).toEqual(["text", "tree"]);
  expect(encoder.encode(tools, (blob) => emitted.push(blob.type))).toBe(hash);
  expect(emitted).toHaveLength(2);
  encoder.forget();
  expect(encoder.encode(tools, (blob) => emitted.push(blob.type))).toBe(hash);
  expect(emitted).toHaveLength(4);
});
