import { ToolMessage } from "@langchain/core/messages";
import { Command } from "@langchain/langgraph";
import { expect, test } from "vitest";

import { rawOf } from "./raw.ts";

const call = { id: "call_1", name: "search" };
const fields = { content: "found", tool_call_id: "call_1", name: "search", status: "success" as const };

test("a message that is its content needs no form of its own", () => {
  expect(rawOf(new ToolMessage(fields), call)).toBeUndefined();
});

test("whatever else a result says is kept", () => {
  const results = [
    new ToolMessage({ ...fields, status: "error" }),
    new ToolMessage({ ...fields, artifact: { rows: 3 } }),
    new ToolMessage({ ...fields, name: "other" }),
    new ToolMessage({ ...fields, tool_call_id: "call_2" }),
    new ToolMessage({ ...fields, id: "message 1" }),
    new ToolMessage({ ...fields, additional_kwargs: { x: 1 } }),
    new ToolMessage({ ...fields, content: [{ type: "text", text: "found" }] }),
    new Command({ goto: "other" }),
    "found",
  ];
  for (const result of results) expect(rawOf(result, call)).toBe(result);
});
