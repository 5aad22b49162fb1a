// Proves how the messages of the two APIs become those of the GenAI conventions.
import { expect, test } from "vitest";

import { splitMessages, toMessage, toParts } from "./messages.ts";

test("system instructions stand apart, in whichever role", () => {
  const { messages, system } = splitMessages([
    { role: "system", content: "Be kind." },
    { role: "developer", content: [{ type: "text", text: "Be brief." }] },
    { role: "user", content: "Hi" },
  ]);
  expect(system).toEqual([
    { type: "text", content: "Be kind." },
    { type: "text", content: "Be brief." },
  ]);
  expect(messages).toEqual([{ role: "user", parts: [{ type: "text", content: "Hi" }] }]);
});

test("tool results of both APIs", () => {
  expect(toMessage({ role: "tool", tool_call_id: "c1", content: "42" })).toEqual({
    role: "tool",
    parts: [{ type: "tool_call_response", id: "c1", response: "42" }],
  });
  expect(toMessage({ role: "user", content: [{ type: "tool_result", tool_use_id: "c1", content: "42" }] })).toEqual({
    role: "user",
    parts: [{ type: "tool_call_response", id: "c1", response: "42" }],
  });
});

test("arguments that are no JSON stay text, images become addresses, unknown parts stay", () => {
  const message = {
    role: "assistant",
    content: [{ type: "image_url", image_url: { url: "https://a/b.png" } }, { type: "novel", x: 1 }, "bare"],
    tool_calls: [{ id: "c", function: { name: "f", arguments: "{broken" } }],
  };
  expect(toMessage(message)).toEqual({
    role: "assistant",
    parts: [
      { type: "uri", modality: "image", uri: "https://a/b.png" },
      { type: "novel", x: 1 },
      { type: "text", content: "bare" },
      { type: "tool_call", id: "c", name: "f", arguments: "{broken" },
    ],
  });
});

test("what is in the form of the conventions already stays the same object", () => {
  const message = { role: "user", parts: [{ type: "text", content: "Hi" }] };
  expect(toMessage(message)).toBe(message);
  expect(toMessage("odd")).toBe("odd");
  expect(toParts(undefined)).toEqual([]);
});
