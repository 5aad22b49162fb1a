// Proves what arrives at an endpoint: the tree, the content, the start records, and that nothing is mixed up under concurrency.
import { setTimeout as pause } from "node:timers/promises";

import { flush, inference, checkpoint, reasoning, run, shutdown, start, status, step, tool } from "@runreel/sdk";
import { recorder } from "@runreel/sdk/adapter";
import { expect, test, vi } from "vitest";

import type { OtlpSink } from "./otlp-sink.ts";
import { sinkOfEachTest } from "./sink-of-each-test.ts";

let sink: OtlpSink;
sinkOfEachTest((one) => (sink = one));

const named = (name: string) => sink.spans().find((span) => span.name === name)!;

test("every step names its agent and conversation, and an agent inside a run its own", async () => {
  start({ endpoint: sink.endpoint, serviceName: "agent" });
  await run(
    "trip",
    async () => {
      await step("outer", () => 1);
      await run("hotel", () => step("inner", () => 2), { agent: { name: "hotel-finder" } });
    },
    { agent: { name: "planner", version: "7" }, conversationId: "c-1" },
  );
  await flush();
  const told = (name: string) => {
    const { attributes } = named(name);
    return ["gen_ai.agent.name", "gen_ai.agent.version", "gen_ai.conversation.id"].map((key) => attributes[key]);
  };
  expect(told("outer")).toEqual(["planner", "7", "c-1"]);
  expect(told("hotel")).toEqual(["hotel-finder", undefined, "c-1"]);
  expect(told("inner")).toEqual(["hotel-finder", undefined, "c-1"]);
});

test("a run with a tool, an inference, a step and a checkpoint arrives as one tree with its content", async () => {
  start({ endpoint: sink.endpoint, serviceName: "agent" });
  const search = tool({
    name: "search",
    description: "Looks things up",
    effect: "read",
    execute: async ({ q }: { q: string }) => ({ hits: [q.toUpperCase()] }),
  });
  const answer = {
    id: "c1",
    model: "gpt-x-1",
    choices: [{ message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
    usage: { prompt_tokens: 10, completion_tokens: 3, prompt_tokens_details: { cached_tokens: 4 } },
  };
  const result = await run(
    "research",
    async () => {
      await inference(
        {
          provider: "openai",
          model: "gpt-x",
          messages: [
            { role: "system", content: "Be kind." },
            { role: "user", content: "Hi" },
          ],
        },
        async () => answer,
      );
      reasoning("I should search.");
      await search({ q: "flights" });
      checkpoint({ found: 1 }, "after-search");
      return await step("clock", () => 42, { effect: "read" });
    },
    { input: "Find flights", conversationId: "conv", agent: { name: "researcher", version: "2" } },
  );
  expect(result).toBe(42);
  expect(await flush()).toMatchObject({ dropped: 0, buffered: 0 });

  const root = named("research");
  expect(root).toMatchObject({ parentSpanId: "", status: { code: 0 } });
  expect(root.resource).toMatchObject({ "service.name": "agent", "runreel.content.mode": "blobs" });
  expect(root.attributes).toMatchObject({
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": "researcher",
    "gen_ai.agent.version": "2",
    "gen_ai.conversation.id": "conv",
    "runreel.run.name": "research",
  });
  for (const span of sink.spans()) expect(span.traceId).toBe(root.traceId);
  for (const name of ["chat gpt-x", "execute_tool search", "clock", "checkpoint"]) {
    expect(named(name).parentSpanId, name).toBe(root.spanId);
  }
  const chat = named("chat gpt-x");
  expect(chat.kind).toBe(3);
  expect(chat.attributes).toMatchObject({
    "gen_ai.provider.name": "openai",
    "gen_ai.response.model": "gpt-x-1",
    "gen_ai.usage.input_tokens": 10,
    "gen_ai.usage.cache_read.input_tokens": 4,
    "gen_ai.usage.output_tokens": 3,
    "gen_ai.response.finish_reasons": ["stop"],
    "runreel.step.kind": "inference",
    "runreel.step.name": "gpt-x",
  });
  expect(chat.attributes).not.toHaveProperty("gen_ai.usage.reasoning.output_tokens");
  expect(await sink.content(chat.attributes["runreel.content.input"])).toEqual([
    { role: "user", parts: [{ type: "text", content: "Hi" }] },
  ]);
  expect(await sink.content(chat.attributes["runreel.content.system"])).toEqual([
    { type: "text", content: "Be kind." },
  ]);
  expect(await sink.content(chat.attributes["runreel.content.output"])).toEqual({
    role: "assistant",
    parts: [{ type: "text", content: "Hello" }],
  });
  expect(await sink.content(chat.attributes["runreel.content.raw"])).toEqual(answer);
  const call = named("execute_tool search");
  expect(call.attributes).toMatchObject({
    "gen_ai.tool.name": "search",
    "gen_ai.tool.description": "Looks things up",
    "runreel.effect": "read",
    "runreel.step.kind": "tool",
  });
  expect(await sink.content(call.attributes["runreel.content.input"])).toEqual({ q: "flights" });
  expect(await sink.content(call.attributes["runreel.content.output"])).toEqual({ hits: ["FLIGHTS"] });
  const point = named("checkpoint");
  expect(point.attributes["runreel.checkpoint.label"]).toBe("after-search");
  expect(await sink.content(point.attributes["runreel.content.state"])).toEqual({ found: 1 });
  expect(await sink.content(root.attributes["runreel.content.input"])).toBe("Find flights");
  expect(await sink.content(root.attributes["runreel.content.output"])).toBe(42);
  expect(root.events).toHaveLength(1);
  expect(await sink.content(root.events[0]!.attributes["runreel.reasoning"])).toBe("I should search.");
});

test("steps start in the order in which they were taken, however fast", async () => {
  start({ endpoint: sink.endpoint });
  await run("fast", async () => {
    for (let index = 0; index < 200; index += 1)
      recorder()
        .beginCode({ name: `s${index}`, effect: "read" })
        .end();
  });
  await flush();
  const steps = sink.spans().filter((span) => span.name.startsWith("s"));
  const starts = steps.toSorted((a, b) => Number(a.startTimeUnixNano - b.startTimeUnixNano));
  expect(starts.map((span) => span.name)).toEqual(Array.from({ length: 200 }, (_, index) => `s${index}`));
  expect(new Set(steps.map((span) => span.startTimeUnixNano)).size).toBe(200);
});

test("100 runs at once: no span in a wrong trace, no root before its start record, each blob once", async () => {
  start({ endpoint: sink.endpoint, flushIntervalMs: 10 });
  const shared = "a text that all runs share ".repeat(100);
  const work = tool({
    name: "work",
    effect: "read",
    execute: async ({ task, round }: { task: number; round: number; shared: string }) => {
      await pause((task * 7 + round * 3) % 11);
      return { task, round, by: recorder().active()?.traceId };
    },
  });
  await Promise.all(
    Array.from({ length: 100 }, (_, task) =>
      run(`task ${task}`, async () => {
        for (let round = 0; round < 5; round += 1) {
          await Promise.all([work({ task, round, shared }), work({ task, round: round + 100, shared })]);
        }
        return task;
      }),
    ),
  );
  await flush();
  const spans = sink.spans();
  expect(spans).toHaveLength(100 * 11);
  const roots = new Map(spans.filter((span) => span.parentSpanId === "").map((span) => [span.traceId, span]));
  expect(roots.size).toBe(100);
  for (const call of spans.filter((span) => span.name === "execute_tool work")) {
    const root = roots.get(call.traceId)!;
    expect(call.parentSpanId).toBe(root.spanId);
    const { task, by } = (await sink.content(call.attributes["runreel.content.output"])) as {
      task: number;
      by: string;
    };
    expect(root.name).toBe(`task ${task}`);
    expect(by).toBe(call.traceId);
  }
  const arrived = sink.requests.flatMap((request, at) => request.spans.map((span) => ({ span, at })));
  for (const [traceId, root] of roots) {
    const started = arrived.find(({ span }) => span.spanId === root.spanId);
    expect(started!.span.attributes["runreel.span.pending"], traceId).toBe(true);
    expect(started!.span.endTimeUnixNano).toBe(0n);
    const lastChild = arrived.findLastIndex(({ span }) => span.parentSpanId === root.spanId);
    expect(arrived.findLastIndex(({ span }) => span.spanId === root.spanId)).toBeGreaterThan(lastChild);
  }
  const hashes = sink.blobs().map((blob) => blob.hash);
  expect(new Set(hashes).size).toBe(hashes.length);
  expect(sink.seen.underWayMost).toBe(1);
  expect(status()).toMatchObject({ recorded: 1100, delivered: 1100, buffered: 0, bufferedBytes: 0, dropped: {} });
});

test("what has ended before its first request needs no start record, what is open at a flush gets one", async () => {
  start({ endpoint: sink.endpoint, flushIntervalMs: 60_000 });
  const open = recorder().beginRun({ name: "open" });
  recorder().beginTool({ name: "fast", parent: open, arguments: {}, effect: "none" }).end();
  const slow = recorder().beginTool({ name: "slow", parent: open, arguments: {}, effect: "none" });
  await flush();
  await flush();
  expect(
    sink
      .startRecords()
      .map((span) => span.name)
      .toSorted(),
  ).toEqual(["execute_tool slow", "open"]);
  slow.end();
  open.end();
  await flush();
  expect(sink.spans().map((span) => span.name)).toEqual(["execute_tool fast", "execute_tool slow", "open"]);
  expect(sink.startRecords()).toHaveLength(2);
});

test("what starts with a run gets no start record of its own at once", async () => {
  start({ endpoint: sink.endpoint, flushIntervalMs: 60_000 });
  const root = recorder().beginRun({ name: "root" });
  const child = recorder().beginTool({ name: "child", parent: root, arguments: {}, effect: "none" });
  while (sink.requests.length === 0) await pause(5);
  expect(sink.startRecords().map((span) => span.name)).toEqual(["root"]);
  child.end();
  root.end();
});

test("two copies of the package are one recorder", async () => {
  start({ endpoint: sink.endpoint });
  vi.resetModules();
  const copy = await import("@runreel/sdk/adapter");
  expect(copy.recorder).not.toBe(recorder);
  run("mine", () => copy.recorder().beginTool({ name: "theirs", arguments: {}, effect: "none" }).end());
  await flush();
  expect(named("execute_tool theirs").parentSpanId).toBe(named("mine").spanId);
});

test("an error is a failed span with its stack and causes, and reaches the caller as it was", async () => {
  start({ endpoint: sink.endpoint });
  const error = new TypeError("no such city", { cause: new Error("geocoder is down") });
  const thrown = await run("failing", () =>
    step("geocode", () => {
      throw error;
    }),
  ).catch((caught: unknown) => caught);
  expect(thrown).toBe(error);
  await flush();
  for (const name of ["geocode", "failing"]) {
    const span = named(name);
    expect(span.status).toEqual({ code: 2, message: "no such city" });
    expect(span.attributes["error.type"]).toBe("TypeError");
    expect(span.events[0]?.name).toBe("exception");
    expect(span.events[0]?.attributes["exception.stacktrace"]).toContain("Caused by: Error: geocoder is down");
  }
});

test("a pause is no error", async () => {
  start({ endpoint: sink.endpoint });
  const span = recorder().beginRun({ name: "asks" });
  span.end({ interrupted: true, error: new Error("interrupt") });
  span.end({ error: new Error("again") });
  await flush();
  expect(named("asks")).toMatchObject({ status: { code: 0 }, events: [] });
  expect(named("asks").attributes["runreel.run.interrupted"]).toBe(true);
});

test("a traceparent joins the run of another process", async () => {
  start({ endpoint: sink.endpoint });
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  await run("joined", async () => 1, { traceparent: `00-${traceId}-b7ad6b7169203331-01` });
  await run("stated", async () => 1, { traceparent: `00-${traceId}-b7ad6b7169203331-01`, tracestate: "ot=th:4,a=b" });
  run("alone", () => 2, { traceparent: "rubbish", tracestate: "rubbish" });
  await flush();
  expect(named("joined")).toMatchObject({ traceId, parentSpanId: "b7ad6b7169203331" });
  expect(named("stated").traceState).toBe("ot=th:4,a=b");
  expect(named("alone").parentSpanId).toBe("");
});

test("bytes arrive as bytes, and inline content as plain attributes", async () => {
  start({ endpoint: sink.endpoint });
  const image = new Uint8Array(100).map((_, index) => index);
  await run("picture", async () => image);
  await flush();
  expect(await sink.content(named("picture").attributes["runreel.content.output"])).toEqual(image);
  await shutdown();

  start({ endpoint: sink.endpoint, content: "inline" });
  await tool({ name: "add", execute: ({ a }: { a: number }) => ({ sum: a + 1 }) })({ a: 1 });
  await flush();
  const { attributes } = named("execute_tool add");
  expect(attributes).toMatchObject({ "gen_ai.tool.call.arguments": '{"a":1}', "gen_ai.tool.call.result": '{"sum":2}' });
  expect(Object.keys(attributes).filter((key) => key.startsWith("runreel.content."))).toEqual([]);
  await shutdown();

  start({ endpoint: sink.endpoint, content: "none" });
  await run("silent", async () => "secret", { input: "secret" });
  await flush();
  expect(JSON.stringify(named("silent").attributes)).not.toContain("secret");
});

test("a conversation of 100 steps costs its new text, not its length squared", async () => {
  start({ endpoint: sink.endpoint });
  const messages: unknown[] = [];
  let newBytes = 0;
  const add = (role: string, size: number): void => {
    const words = Array.from({ length: Math.ceil(size / 12) }, () => Math.random().toString(36).slice(2, 12));
    messages.push({ role, parts: [{ type: "text", content: words.join(" ").slice(0, size) }] });
    newBytes += size;
  };
  await run("long", async () => {
    for (let index = 0; index < 100; index += 1) {
      for (let call = 0; call < 3; call += 1) add("tool", 1_700);
      const span = recorder().beginInference({ model: "m", messages: [...messages] });
      add("assistant", 900);
      span.end({ output: messages.at(-1) });
      if (index % 10 === 0) await flush();
    }
  });
  await flush();
  expect(newBytes).toBe(600_000);
  const sent = sink.requests.reduce((sum, request) => sum + request.bytes, 0);
  expect(sent / newBytes).toBeLessThan(2);
});
