// The middleware alone records an agent's run: every model and tool call with what went in and out, and the end.
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { Command, interrupt, MemorySaver, MessagesAnnotation, StateGraph } from "@langchain/langgraph";
import { createAgent, humanInTheLoopMiddleware, tool, toolRetryMiddleware } from "langchain";
import type { AgentMiddleware } from "langchain";
import { expect, test, vi } from "vitest";
import { z } from "zod";

import { RunreelCallbackHandler } from "../src/callbacks/callback-handler.ts";
import { createRunreelMiddleware } from "../src/middleware/create-middleware.ts";
import { Registry } from "../src/record/registry.ts";
import { createRecordingSaver } from "../src/saver/recording-saver.ts";
import { fatalToolErrors } from "./fatal-tool-errors.ts";
import { MemoryRecorder } from "./memory-recorder.ts";
import { ScriptedModel } from "./scripted-model.ts";

const search = tool(({ q }: { q: string }) => `found ${q}`, {
  name: "search",
  description: "Searches",
  schema: z.object({ q: z.string() }),
  metadata: { effect: "read" },
});
const fail = tool(
  () => {
    throw new TypeError("no such currency");
  },
  { name: "fail", description: "Fails", schema: z.object({}) },
);
const ask = tool(() => String(interrupt("may I?")), { name: "ask", description: "Asks", schema: z.object({}) });
const user = { messages: [new HumanMessage("do it")] };

/** The host's own middleware does not fit its own types where optional properties are exact. */
const hosts = (middleware: unknown): AgentMiddleware => middleware as AgentMiddleware;

function recording(options: ConstructorParameters<typeof MemoryRecorder>[0] = {}) {
  const recorder = new MemoryRecorder(options);
  const registry = new Registry(() => recorder);
  const middleware = createRunreelMiddleware(() => recorder, registry, { effects: { fail: "idempotent" } });
  return { recorder, registry, middleware };
}

test("a run is recorded with its steps, tokens, reasoning and real names", async () => {
  const { recorder, middleware } = recording();
  const model = new ScriptedModel([
    {
      reasoning: "first search",
      tools: [
        { name: "search", args: { q: "a" } },
        { name: "search", args: { q: "b" } },
      ],
    },
    { text: "done" },
  ]);
  const agent = createAgent({
    model,
    tools: [search],
    middleware: [middleware],
    name: "researcher",
    systemPrompt: "Be brief.",
  });
  await agent.invoke(user, { configurable: { thread_id: "t1" } });
  recorder.flush();

  expect(recorder.steps()).toEqual(["inference scripted-1", "tool search", "tool search", "inference scripted-1"]);
  const [run, first, one] = recorder.spans;
  expect(run).toMatchObject({
    kind: "run",
    name: "researcher",
    request: { conversationId: "t1", input: [{ role: "user", parts: [{ type: "text", content: "do it" }] }] },
    outcome: { output: { role: "assistant", parts: [{ type: "text", content: "done" }] } },
  });
  expect(first?.parent).toBe(run);
  expect(first).toMatchObject({
    request: {
      provider: "mistral_ai",
      system: [{ type: "text", content: "Be brief." }],
      messages: [{ role: "user" }],
      tools: [{ type: "function", name: "search", parameters: { properties: { q: { type: "string" } } } }],
    },
    outcome: {
      output: {
        parts: [
          { type: "reasoning", content: "first search" },
          { type: "tool_call", id: "call_0_0", name: "search", arguments: { q: "a" } },
          { type: "tool_call", id: "call_0_1", name: "search", arguments: { q: "b" } },
        ],
      },
      usage: { inputTokens: 100, cacheReadTokens: 40, outputTokens: 20, reasoningTokens: 5 },
      responseModel: "scripted-1-2026",
      responseId: "answer-0",
      finishReasons: ["tool_calls"],
    },
  });
  expect(one).toMatchObject({
    request: { callId: "call_0_0", arguments: { q: "a" }, effect: "read", description: "Searches" },
    outcome: { output: "found a" },
  });
  expect(one?.parent).toBe(run);
  expect(one?.outcome?.raw).toBeInstanceOf(ToolMessage);
});

test("a tool's exception becomes the host's own message, and is an error on its step", async () => {
  const { recorder, middleware } = recording();
  const model = new ScriptedModel([{ tools: [{ name: "fail", args: {} }] }, { text: "sorry" }]);
  const agent = createAgent({ model, tools: [fail], middleware: [middleware] });
  const { messages } = await agent.invoke(user);
  recorder.flush();
  expect(messages[2]?.content).toBe("TypeError: no such currency\n Please fix your mistakes.");
  const step = recorder.spans.find(({ kind }) => kind === "tool");
  expect(step?.outcome?.error).toMatchObject({ name: "TypeError", message: "no such currency" });
  expect(recorder.spans[0]?.outcome?.error).toBeUndefined();
});

test("a fatal tool error ends the run as failed, without a flush", async () => {
  const { recorder, middleware } = recording();
  const model = new ScriptedModel([
    {
      tools: [
        { name: "fail", args: {} },
        { name: "search", args: { q: "a" } },
      ],
    },
  ]);
  const fatal = fatalToolErrors();
  const agent = createAgent({ model, tools: [fail, search], middleware: [fatal, middleware] });
  await expect(agent.invoke(user)).rejects.toThrow("no such currency");
  expect(recorder.spans[0]?.outcome?.error).toMatchObject({ name: "TypeError" });
});

test("a retry outside of us is no failure of the run, and each attempt is a step", async () => {
  const { recorder, middleware } = recording();
  let attempts = 0;
  const flaky = tool(() => (++attempts < 3 ? Promise.reject(new Error("busy")) : "fine"), {
    name: "flaky",
    description: "Flaky",
    schema: z.object({}),
  });
  const model = new ScriptedModel([{ tools: [{ name: "flaky", args: {} }] }, { text: "ok" }]);
  const retry = hosts(toolRetryMiddleware({ maxRetries: 3, initialDelayMs: 1, jitter: false }));
  const agent = createAgent({ model, tools: [flaky], middleware: [retry, middleware] });
  await agent.invoke(user);
  recorder.flush();
  expect(recorder.steps().filter((step) => step === "tool flaky")).toHaveLength(3);
  expect(recorder.spans[0]?.outcome).toMatchObject({ output: { role: "assistant" } });
});

test("a model that fails fails the run", async () => {
  const { recorder, middleware } = recording();
  const agent = createAgent({
    model: new ScriptedModel([{ error: new Error("overloaded") }]),
    tools: [],
    middleware: [middleware],
  });
  await expect(agent.invoke(user)).rejects.toThrow("overloaded");
  expect(recorder.spans[1]?.outcome?.error).toMatchObject({ message: "overloaded" });
  expect(recorder.spans[0]?.outcome?.error).toMatchObject({ message: "overloaded" });
});

test("a tool that waits for a person is no error, and the resumed run is a run of its own", async () => {
  const { recorder, middleware } = recording();
  const model = new ScriptedModel([{ tools: [{ name: "ask", args: {} }] }, { text: "thanks" }]);
  const agent = createAgent({ model, tools: [ask], middleware: [middleware], checkpointer: new MemorySaver() });
  const config = { configurable: { thread_id: "t" } };
  await agent.invoke(user, config);
  recorder.flush();
  expect(recorder.spans[0]?.outcome).toMatchObject({ interrupted: true });
  expect(recorder.spans.at(-1)?.outcome).toEqual({ interrupted: true });
  await agent.invoke(new Command({ resume: "yes" }), config);
  recorder.flush();
  expect(recorder.spans.filter(({ kind }) => kind === "run")).toHaveLength(2);
  expect(recorder.spans.find(({ outcome }) => outcome?.output === "yes")?.kind).toBe("tool");
});

const pausing = (middleware: ReturnType<typeof recording>["middleware"], saver: MemorySaver) =>
  createAgent({
    model: new ScriptedModel([{ tools: [{ name: "search", args: { q: "a" } }] }, { text: "done" }]),
    tools: [search],
    checkpointer: saver,
    middleware: [hosts(humanInTheLoopMiddleware({ interruptOn: { search: true } } as never)), middleware],
  });

test("a pause in other middleware is found in the saved state", async () => {
  const { recorder, middleware } = recording();
  await pausing(middleware, new MemorySaver()).invoke(user, { configurable: { thread_id: "t" } });
  await vi.waitUntil(() => recorder.spans[0]?.ended, { timeout: 5_000 });
  expect(recorder.spans[0]?.outcome).toMatchObject({ interrupted: true });
});

test("with a recording saver, that pause is known at once", async () => {
  const { recorder, registry, middleware } = recording();
  const saver = createRecordingSaver(() => recorder, registry, new MemorySaver());
  await pausing(middleware, saver).invoke(user, { configurable: { thread_id: "t" } });
  recorder.flush();
  expect(recorder.spans[0]?.outcome).toMatchObject({ interrupted: true });
});

test("inside a run the agent is a part of it, and ends with its answer", async () => {
  const { recorder, middleware } = recording();
  const agent = createAgent({
    model: new ScriptedModel([{ text: "hi" }]),
    tools: [],
    middleware: [middleware],
    name: "inner",
  });
  const outer = recorder.beginRun({ name: "outer" });
  await outer.run(() => agent.invoke(user));
  const inner = recorder.spans.find(({ name }) => name === "inner");
  expect(inner?.parent).toBe(outer);
  expect(inner?.ended).toBe(true);
});

test("an agent that is a tool of another stands below that tool's step", async () => {
  const { recorder, middleware } = recording();
  const helper = createAgent({
    model: new ScriptedModel([{ text: "helped" }]),
    tools: [],
    middleware: [middleware],
    name: "helper",
  });
  const help = tool(async () => (await helper.invoke(user)).messages.at(-1)?.text, {
    name: "help",
    description: "Helps",
    schema: z.object({}),
  });
  const model = new ScriptedModel([
    {
      tools: [
        { name: "help", args: {} },
        { name: "help", args: {} },
      ],
    },
    { text: "done" },
  ]);
  const agent = createAgent({ model, tools: [help], middleware: [middleware], name: "boss" });
  await agent.invoke(user);
  recorder.flush();
  const helpers = recorder.spans.filter(({ name }) => name === "helper");
  expect(helpers.map(({ parent }) => (parent as { name?: string }).name)).toEqual(["help", "help"]);
  expect(new Set(recorder.spans.map(({ traceId }) => traceId)).size).toBe(1);
  expect(recorder.spans.every(({ ended }) => ended)).toBe(true);
});

test("a graph that callbacks record is not ended by an agent without a name inside it", async () => {
  const { recorder, registry, middleware } = recording();
  const agent = createAgent({ model: new ScriptedModel([{ text: "hi" }]), tools: [], middleware: [middleware] });
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("ask", async (state) => ({ messages: (await agent.invoke(state)).messages.slice(-1) }))
    .addNode("after", () => {
      // Whoever flushes here, the graph is still at work.
      recorder.flush();
      return { messages: [new HumanMessage("thanks")] };
    })
    .addEdge("__start__", "ask")
    .addEdge("ask", "after")
    .compile();
  await graph.invoke(user, { callbacks: [new RunreelCallbackHandler(() => recorder, registry, {})] });
  expect(recorder.steps()).toEqual(["inference scripted-1"]);
  expect(recorder.spans[0]?.outcome?.output).toEqual({ role: "user", parts: [{ type: "text", content: "thanks" }] });
});

test("of parallel tools, one that hands over ends the agent, whichever is last", async () => {
  const { recorder, middleware } = recording();
  const slow = tool(() => new Promise<string>((resolve) => void setTimeout(resolve, 5, "late")), {
    name: "slow",
    description: "Slow",
    schema: z.object({}),
  });
  const handOver = tool(() => new Command({ graph: Command.PARENT, goto: "expert" }), {
    name: "hand_over",
    description: "Hands over",
    schema: z.object({}),
  });
  const model = new ScriptedModel([
    {
      tools: [
        { name: "hand_over", args: {} },
        { name: "slow", args: {} },
      ],
    },
  ]);
  const agent = createAgent({ model, tools: [slow, handOver], middleware: [middleware] });
  await new StateGraph(MessagesAnnotation)
    .addNode("desk", agent.graph as never, { ends: ["expert"] })
    .addNode("expert", () => ({ messages: [] }))
    .addEdge("__start__", "desk" as never)
    .compile()
    .invoke(user);
  recorder.flush();
  expect(recorder.spans[0]?.outcome?.output).toMatchObject({ goto: ["expert"] });
});

test("switched off, nothing is recorded and exceptions are the host's", async () => {
  const { recorder, middleware } = recording({ enabled: false });
  const model = new ScriptedModel([{ tools: [{ name: "fail", args: {} }] }, { text: "sorry" }]);
  const { messages } = await createAgent({ model, tools: [fail], middleware: [middleware] }).invoke(user);
  expect(messages[2]?.content).toBe("TypeError: no such currency\n Please fix your mistakes.");
  expect(recorder.spans).toEqual([]);
});
