// The public functions on the real SDK: what arrives at an endpoint is one whole run, each message once, and it can be read back.
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph-checkpoint";
import { decodeContent } from "@runreel/content";
import { flush, shutdown, start } from "@runreel/sdk";
import { createAgent, tool } from "langchain";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";

import { createOtlpSink } from "../../../sdk/test/otlp-sink.ts";
import { langchainCodec } from "../src/codec/langchain-codec.ts";
import { recordingSaver, runreelCallbacks, runreelMiddleware } from "../src/index.ts";
import { ScriptedModel } from "./scripted-model.ts";

afterEach(async () => {
  await shutdown();
});

const page = (at: number): string => `page ${at}: ${"lorem ipsum ".repeat(60)}`;
const read = tool(({ at }: { at: number }) => page(at), {
  name: "read",
  description: "Reads",
  schema: z.object({ at: z.number() }),
});

function reader(steps: number) {
  const script = Array.from({ length: steps }, (_, at) => ({
    text: `reading ${at}`,
    tools: [{ name: "read", args: { at } }],
  }));
  return createAgent({
    model: new ScriptedModel([...script, { text: "read all" }]),
    tools: [read],
    name: "reader",
    middleware: [runreelMiddleware({ effects: { read: "read" } })],
    checkpointer: recordingSaver(new MemorySaver()),
  });
}

const go = { messages: [new HumanMessage("read")] };

test("a flush right after the agent delivers its whole run", async () => {
  await using sink = await createOtlpSink();
  start({ endpoint: sink.endpoint, spool: false });
  await reader(2).invoke(go, { configurable: { thread_id: "t" }, callbacks: [runreelCallbacks()] });
  const { buffered, dropped } = await flush();
  expect({ buffered, dropped }).toEqual({ buffered: 0, dropped: 0 });

  const spans = sink.spans();
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  const names = spans.map(({ name }) => name);
  expect(names.filter((name) => name === "chat scripted-1")).toHaveLength(3);
  expect(names.filter((name) => name === "execute_tool read")).toHaveLength(2);
  expect(names.filter((name) => name === "checkpoint")).toHaveLength(7);
  const root = spans.find(({ parentSpanId }) => parentSpanId === undefined || parentSpanId === "");
  expect(root?.attributes).toMatchObject({
    "gen_ai.agent.name": "reader",
    "gen_ai.conversation.id": "t",
    "runreel.framework": "langchain",
  });

  const checkpoint = spans.findLast(({ name }) => name === "checkpoint");
  const blobs = new Map(sink.blobs().map((blob) => [blob.hash, blob]));
  const reference = String(checkpoint?.attributes["runreel.content.state"]);
  const state = (await decodeContent(reference, async () => blobs, { codecs: [langchainCodec] })) as {
    messages: unknown[];
  };
  expect(state.messages).toHaveLength(6);
  expect(state.messages.at(-1)).toBeInstanceOf(AIMessage);
});

test.each(["middleware", "callbacks"])(
  "a run that is sampled out sends usage alone, and all if it fails: %s",
  async (way) => {
    await using sink = await createOtlpSink();
    const usage: object[] = [];
    for (const sample of [1, 0]) {
      const before = sink.spans().length;
      start({ endpoint: sink.endpoint, spool: false, sample });
      const agent = createAgent({
        model: new ScriptedModel([{ text: "reading", tools: [{ name: "read", args: { at: 1 } }] }, { text: "read" }]),
        tools: [read],
        name: "reader",
        middleware: way === "middleware" ? [runreelMiddleware()] : [],
      });
      await agent.invoke(go, way === "callbacks" ? { callbacks: [runreelCallbacks()] } : {});
      await shutdown();
      const sent = sink.spans().slice(before);
      expect(sent.some(({ name }) => name.startsWith("chat"))).toBe(sample === 1);
      const counted = sent.flatMap((span) =>
        span.name === "runreel.usage"
          ? span.events.map((row) => row.attributes)
          : [{ ...span.attributes, "runreel.usage.spans": 1 }],
      );
      const count = (key: string): number =>
        counted.reduce((sum, row) => sum + (row[key] === undefined ? 0 : Number(row["runreel.usage.spans"])), 0);
      usage.push({
        spans: count("runreel.usage.spans"),
        tools: count("gen_ai.tool.name"),
        models: count("gen_ai.request.model"),
      });
    }
    expect(usage[1]).toEqual(usage[0]);
    expect(usage[0]).toMatchObject({ tools: 1, models: 2 });

    const before = sink.spans().length;
    start({ endpoint: sink.endpoint, spool: false, sample: 0 });
    const failing = createAgent({
      model: new ScriptedModel([
        { text: "reading", tools: [{ name: "read", args: { at: 2 } }] },
        { error: new Error("overloaded") },
      ]),
      tools: [read],
      name: "reader",
      middleware: way === "middleware" ? [runreelMiddleware()] : [],
    });
    await expect(failing.invoke(go, way === "callbacks" ? { callbacks: [runreelCallbacks()] } : {})).rejects.toThrow(
      "overloaded",
    );
    await shutdown();
    const sent = sink.spans().slice(before);
    const call = sent.find(({ name }) => name === "execute_tool read");
    expect(JSON.stringify(await sink.content(call?.attributes["runreel.content.output"]))).toContain("page 2");
    expect(sent.filter(({ name }) => name === "chat scripted-1")).toHaveLength(2);
  },
);

test("what is sent grows with what is new, checkpoints included", async () => {
  const bytesOf = async (steps: number): Promise<number> => {
    await using sink = await createOtlpSink();
    start({ endpoint: sink.endpoint, spool: false });
    await reader(steps).invoke(go, { configurable: { thread_id: "t" }, recursionLimit: 10 * steps });
    expect((await flush()).dropped).toBe(0);
    await shutdown();
    return sink.blobs().reduce((sum, { data }) => sum + data.length, 0);
  };
  const [short, long] = [await bytesOf(10), await bytesOf(40)];
  expect(long / short).toBeLessThan(5);
});
