// A step finds its recording by what it is, never by when it comes.
import { contentHash } from "@runreel/content";
import { expect, test } from "vitest";

import { Recording } from "./match.ts";
import type { RecordedStep } from "./plan.ts";
import { recordedStep } from "../../test/replay/recording.ts";

const steps: RecordedStep[] = [
  recordedStep({ index: 1, name: "search", arguments: { q: "a" }, result: "first" }),
  recordedStep({ index: 2, name: "search", arguments: { q: "b" }, result: "other" }),
  recordedStep({ index: 3, name: "search", arguments: { q: "a" }, result: "second" }),
  recordedStep({ index: 4, kind: "code", name: "now", argumentsHash: null, arguments: null, result: 1 }),
];

test("equal steps are handed out in the order of the recording", () => {
  const recording = new Recording({ steps, from: 4 }, contentHash);
  const same = contentHash({ q: "a" });
  expect(recording.claim("tool", "search", same)?.index).toBe(1);
  expect(recording.claim("tool", "search", same)?.index).toBe(3);
  expect(recording.claim("tool", "search", same)).toBeUndefined();
});

test("the order of keys is no difference, kind and name are", () => {
  const recording = new Recording({ steps: [recordedStep({ arguments: { a: 1, b: 2 } })], from: 2 }, contentHash);
  expect(recording.claim("code", "search", contentHash({ b: 2, a: 1 }))).toBeUndefined();
  expect(recording.claim("tool", "find", contentHash({ b: 2, a: 1 }))).toBeUndefined();
  expect(recording.claim("tool", "search", contentHash({ b: 2, a: 1 }))?.index).toBe(1);
});

test("a piece of code without arguments is found by its name", () => {
  const recording = new Recording({ steps, from: 5 }, contentHash);
  expect(recording.claim("code", "now", contentHash(null))?.index).toBe(4);
});

test("the expected step is the next of the same kind and name, else the next", () => {
  const recording = new Recording({ steps, from: 5 }, contentHash);
  recording.claim("tool", "search", contentHash({ q: "a" }));
  expect(recording.expected("tool", "search")?.index).toBe(2);
  expect(recording.expected("code", "now")?.index).toBe(4);
  expect(recording.expected("tool", "mail")?.index).toBe(2);
});

test("a tool that a person ran with other arguments is found by what the model had asked for", () => {
  const parts = [{ type: "tool_call", id: "c1", name: "search", arguments: { q: "a" } }];
  const inference = recordedStep({
    index: 1,
    kind: "inference",
    name: "gpt",
    arguments: [],
    result: { role: "assistant", parts },
  });
  const changed = recordedStep({ index: 2, callId: "c1", arguments: { q: "changed" } });
  const recording = (): Recording => new Recording({ steps: [inference, changed], from: 3 }, contentHash);
  expect(recording().claim("tool", "search", contentHash({ q: "a" }))?.index).toBe(2);
  const once = recording();
  expect(once.claim("tool", "search", contentHash({ q: "changed" }))?.index).toBe(2);
  expect(once.claim("tool", "search", contentHash({ q: "a" }))).toBeUndefined();
});
