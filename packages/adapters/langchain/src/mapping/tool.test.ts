// A tool's effect, result and definition.
import { ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { Command, Send } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { z } from "zod";

import { definitionsOf, effectOf, isForGraphAbove, resultOf } from "./tool.ts";

test("the option wins over the tool's metadata; nonsense is unknown", () => {
  expect(effectOf("mail", { mail: "idempotent" }, { effect: "read" })).toBe("idempotent");
  expect(effectOf("mail", {}, { effect: "read" })).toBe("read");
  expect(effectOf("mail", undefined, undefined)).toBe("unknown");
  expect(effectOf("mail", undefined, { effect: "harmless" })).toBe("unknown");
});

test("results: a message's content, a command's answer or what it does, anything else as it is", () => {
  const answer = new ToolMessage({ content: "done", tool_call_id: "c1" });
  expect(resultOf(answer, "c1")).toBe("done");
  expect(resultOf(new Command({ update: { messages: [answer], count: 1 } }), "c1")).toBe("done");
  expect(resultOf(new Command({ update: { count: 1 }, goto: ["next"] }), "c1")).toEqual({
    update: { count: 1 },
    goto: ["next"],
  });
  expect(resultOf({ rows: 1 }, undefined)).toEqual({ rows: 1 });
});

test("a hand-over says where to, and what the model was told of it", () => {
  const said = new ToolMessage({ content: "over to Ben", tool_call_id: "c1" });
  const command = new Command({ graph: Command.PARENT, goto: "ben", update: { messages: [said] } });
  expect(resultOf(command, "c1")).toEqual({ goto: ["ben"], said: "over to Ben" });
  expect(isForGraphAbove(command)).toBe(true);
  expect(isForGraphAbove(new Command({ goto: "ben" }))).toBe(false);
  expect(resultOf(new Command({ goto: [new Send("ben", { at: 1 })] }), undefined)).toEqual({
    goto: [{ node: "ben", args: { at: 1 } }],
    update: null,
  });
});

test("definitions in the forms of providers' requests", () => {
  const parameters = { type: "object", properties: {} };
  const expected = [{ type: "function", name: "look", description: "Looks", parameters }];
  const openAi = { type: "function", function: { name: "look", description: "Looks", parameters } };
  expect(definitionsOf([openAi])).toEqual(expected);
  expect(definitionsOf([{ name: "look", description: "Looks", input_schema: parameters }])).toEqual(expected);
});

test("definitions with their JSON schema, made once; tools of the provider as they are", () => {
  const search = tool(() => "", { name: "search", description: "Searches", schema: z.object({ q: z.string() }) });
  const hosted = { type: "web_search" };
  const [first, second] = definitionsOf([search, hosted]);
  expect(first).toMatchObject({
    type: "function",
    name: "search",
    description: "Searches",
    parameters: { type: "object" },
  });
  expect(second).toBe(hosted);
  expect(definitionsOf([search])[0]).toBe(first);
  expect(definitionsOf(undefined)).toEqual([]);
});
