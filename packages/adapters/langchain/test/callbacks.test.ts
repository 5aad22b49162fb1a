// The callbacks record what is no createAgent: graphs, chains, models and tools on their own, with parents by LangChain's ids.
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { RunnableLambda } from "@langchain/core/runnables";
import { tool } from "@langchain/core/tools";
import { interrupt, MemorySaver, MessagesAnnotation, StateGraph } from "@langchain/langgraph";
import { createAgent } from "langchain";
import { expect, test } from "vitest";
import { z } from "zod";

import { RunreelCallbackHandler } from "../src/callbacks/callback-handler.ts";
import { createRunreelMiddleware } from "../src/middleware/create-middleware.ts";
import { Registry } from "../src/record/registry.ts";
import { MemoryRecorder } from "./memory-recorder.ts";
import type { MemorySpan } from "./memory-recorder.ts";
import { ScriptedModel } from "./scripted-model.ts";

const upper = tool(({ text }: { text: string }) => text.toUpperCase(), {
  name: "upper",
  description: "Upper case",
  schema: z.object({ text: z.string() }),
  metadata: { effect: "none" },
});

function recording() {
  const recorder = new MemoryRecorder();
  const registry = new Registry(() => recorder);
  const callbacks = new RunreelCallbackHandler(() => recorder, registry, {});
  return { recorder, registry, callbacks };
}

const tree = (spans: MemorySpan[]): string[] =>
  spans.map(({ kind, name, parent }) => `${(parent as MemorySpan | undefined)?.name ?? "-"} > ${kind} ${name}`);

test("a graph: its run, its model and tool calls, no plumbing", async () => {
  const { recorder, callbacks } = recording();
  const model = new ScriptedModel([
    { reasoning: "hm", tools: [{ name: "upper", args: { text: "a" } }] },
    { text: "A" },
  ]);
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("ask", async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
    .addNode("act", async ({ messages }) => ({
      messages: [await upper.invoke((messages.at(-1) as AIMessage).tool_calls![0]!)],
    }))
    .addEdge("__start__", "ask")
    .addConditionalEdges("ask", ({ messages }) =>
      (messages.at(-1) as AIMessage).tool_calls?.length ? "act" : "__end__",
    )
    .addEdge("act", "ask")
    .compile({ name: "shouter" });
  await graph.invoke(
    { messages: [new HumanMessage("shout a")] },
    { callbacks: [callbacks], configurable: { thread_id: "t" } },
  );

  expect(tree(recorder.spans)).toEqual([
    "- > run shouter",
    "shouter > inference scripted-1",
    "shouter > tool upper",
    "shouter > inference scripted-1",
  ]);
  const [run, first, act] = recorder.spans;
  expect(run).toMatchObject({
    request: {
      conversationId: "t",
      input: { messages: [{ role: "user", parts: [{ type: "text", content: "shout a" }] }] },
    },
    outcome: { output: { role: "assistant", parts: [{ type: "text", content: "A" }] } },
  });
  expect(first).toMatchObject({
    request: { provider: "mistral_ai", messages: [{ role: "user" }] },
    outcome: { usage: { inputTokens: 100, cacheReadTokens: 40, outputTokens: 20, reasoningTokens: 5 } },
  });
  expect(act).toMatchObject({
    request: { callId: "call_0_0", arguments: { text: "a" }, effect: "none" },
    outcome: { output: "A" },
  });
});

test("a chain: system instructions stand apart", async () => {
  const { recorder, callbacks } = recording();
  const chain = ChatPromptTemplate.fromMessages([
    ["system", "Be brief."],
    ["human", "{q}"],
  ])
    .pipe(new ScriptedModel([{ text: "ok" }]))
    .pipe(RunnableLambda.from((message: AIMessage) => message.text));
  expect(await chain.invoke({ q: "why?" }, { callbacks: [callbacks], runName: "explain" })).toBe("ok");
  expect(tree(recorder.spans)).toEqual(["- > run explain", "explain > inference scripted-1"]);
  expect(recorder.spans[0]).toMatchObject({ request: { input: { q: "why?" } }, outcome: { output: "ok" } });
  expect(recorder.spans[1]?.request).toMatchObject({
    system: [{ type: "text", content: "Be brief." }],
    messages: [{ role: "user", parts: [{ type: "text", content: "why?" }] }],
  });
});

test("a model and a tool alone get a run around them; inside a run they are its steps", async () => {
  const { recorder, callbacks } = recording();
  await new ScriptedModel([{ text: "ok" }]).invoke("hello", { callbacks: [callbacks] });
  await upper.invoke({ text: "a" }, { callbacks: [callbacks] });
  expect(tree(recorder.spans)).toEqual([
    "- > run scripted-1",
    "scripted-1 > inference scripted-1",
    "- > run upper",
    "upper > tool upper",
  ]);
  expect(recorder.spans.every(({ ended }) => ended)).toBe(true);
  const outer = recorder.beginRun({ name: "outer" });
  await outer.run(() => upper.invoke({ text: "a" }, { callbacks: [callbacks] }));
  expect(recorder.spans.at(-1)?.parent).toBe(outer);
});

test("two handlers that are told the same record it once", async () => {
  const { recorder, registry, callbacks } = recording();
  const model = new ScriptedModel([{ text: "ok" }]);
  model.callbacks = [new RunreelCallbackHandler(() => recorder, registry, {})];
  const chain = RunnableLambda.from((text: string) => text)
    .pipe(model)
    .withConfig({ runName: "explain" });
  await chain.invoke("x", { callbacks: [callbacks] });
  expect(tree(recorder.spans)).toEqual(["- > run explain", "explain > inference scripted-1"]);
  expect(recorder.spans.every(({ ended }) => ended)).toBe(true);
});

test("errors are errors, on the step and on the run", async () => {
  const { recorder, callbacks } = recording();
  const chain = RunnableLambda.from((text: string) => text).pipe(
    new ScriptedModel([{ error: new Error("overloaded") }]),
  );
  await expect(chain.invoke("x", { callbacks: [callbacks] })).rejects.toThrow("overloaded");
  expect(recorder.spans.map(({ outcome }) => outcome?.error)).toMatchObject([
    { message: "overloaded" },
    { message: "overloaded" },
  ]);
});

test("a pause in a graph is no error", async () => {
  const { recorder, callbacks } = recording();
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("ask", () => ({ messages: [new AIMessage(String(interrupt("may I?")))] }))
    .addEdge("__start__", "ask")
    .compile({ checkpointer: new MemorySaver() });
  await graph.invoke({ messages: [] }, { callbacks: [callbacks], configurable: { thread_id: "t" } });
  expect(recorder.spans.map(({ outcome }) => outcome)).toEqual([{ interrupted: true }]);
});

test("beside the middleware, nothing is recorded twice, and a model inside a tool stands below that tool", async () => {
  const { recorder, registry, callbacks } = recording();
  const inner = new ScriptedModel([{ text: "inner" }]);
  const think = tool(async () => (await inner.invoke("think")).text, {
    name: "think",
    description: "Thinks",
    schema: z.object({}),
  });
  const agent = createAgent({
    model: new ScriptedModel([{ tools: [{ name: "think", args: {} }] }, { text: "done" }]),
    tools: [think],
    name: "thinker",
    middleware: [createRunreelMiddleware(() => recorder, registry, {})],
  });
  await agent.invoke({ messages: [new HumanMessage("go")] }, { callbacks: [callbacks] });
  expect(tree(recorder.spans)).toEqual([
    "- > run thinker",
    "thinker > inference scripted-1",
    "thinker > tool think",
    "think > inference scripted-1",
    "thinker > inference scripted-1",
  ]);
  expect(recorder.spans.every(({ ended }) => ended)).toBe(true);
  expect(recorder.spans[0]?.outcome).toMatchObject({ output: { parts: [{ content: "done" }] } });
});
