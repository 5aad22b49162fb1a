// Streams that their readers leave: what is recorded of them ends, and costs nothing any more.
import { HumanMessage } from "@langchain/core/messages";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { RunnableLambda } from "@langchain/core/runnables";
import { createAgent } from "langchain";
import { expect, test } from "vitest";

import { RunreelCallbackHandler } from "../src/callbacks/callback-handler.ts";
import { Registry } from "../src/record/registry.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { MemoryRecorder } from "./memory-recorder.ts";
import { ScriptedModel } from "./scripted-model.ts";

function watched() {
  const recorder = new MemoryRecorder();
  const callbacks = new RunreelCallbackHandler(() => recorder, new Registry(() => recorder), {});
  const open = (): string[] => recorder.spans.filter(({ ended }) => !ended).map(({ kind }) => kind);
  return { recorder, callbacks, open };
}

const words = "one two three four";
const model = (): ScriptedModel => new ScriptedModel([{ text: words }]);
const chain = () =>
  ChatPromptTemplate.fromMessages([["human", "{q}"]])
    .pipe(model())
    .pipe(new StringOutputParser());

async function firstOf<T>(stream: AsyncIterable<T>): Promise<T | undefined> {
  for await (const chunk of stream) return chunk;
  return undefined;
}

const left = { error: { name: "AbortError" } };

test("a chain's stream that is left ends, what was open inside as well, when it was last heard of", async () => {
  const { recorder, callbacks, open } = watched();
  expect(await firstOf(await chain().stream({ q: "?" }, { callbacks: [callbacks] }))).toBe("one ");
  const leftAtMs = Date.now();
  expect(open()).toEqual(["run", "inference"]);
  await new Promise((resolve) => void setTimeout(resolve, 20));
  await collectGarbage(() => open().length === 0);
  expect(recorder.spans.map(({ outcome }) => outcome)).toMatchObject([left, left]);
  for (const { outcome } of recorder.spans) expect(outcome?.endTimeMs).toBeLessThanOrEqual(leftAtMs);
});

test("a model's stream that is left ends with the run around it", async () => {
  const { recorder, callbacks, open } = watched();
  await firstOf(await model().stream("?", { callbacks: [callbacks] }));
  await collectGarbage(() => open().length === 0);
  expect(recorder.spans.map(({ outcome }) => outcome)).toMatchObject([left, left]);
});

test("a model's stream that a step leaves ends inside a run that goes well", async () => {
  const { recorder, callbacks, open } = watched();
  const glance = RunnableLambda.from(
    async (text: string, config) => (await firstOf(await model().stream(text, config)))?.text,
  );
  expect(await glance.invoke("?", { callbacks: [callbacks] })).toBe("one ");
  await collectGarbage(() => open().length === 0);
  expect(recorder.spans.map(({ outcome }) => outcome)).toMatchObject([{ output: "one " }, left]);
});

test.each(["updates", "messages", "values"] as const)(
  "of an agent whose stream is left nothing stays open, streamMode %s",
  async (streamMode) => {
    const { recorder, callbacks, open } = watched();
    const agent = createAgent({ model: model(), tools: [] });
    await firstOf(await agent.stream({ messages: [new HumanMessage("?")] }, { callbacks: [callbacks], streamMode }));
    await collectGarbage(() => open().length === 0);
    expect(open()).toEqual([]);
    expect(recorder.spans[0]?.kind).toBe("run");
  },
);

test("a stream that somebody still holds stays open, and ends as it does", async () => {
  const { recorder, callbacks, open } = watched();
  const stream = await chain().stream({ q: "?" }, { callbacks: [callbacks] });
  const read = [(await stream.next()).value];
  await collectGarbage();
  expect(open()).toEqual(["run", "inference"]);
  for await (const chunk of stream) read.push(chunk);
  expect(read.join("")).toBe(words);
  expect(recorder.spans[0]?.outcome?.output).toBe(words);
});

test("an abort by signal ends it at once, with its reason", async () => {
  const { recorder, callbacks, open } = watched();
  const stop = new AbortController();
  const read = async (): Promise<void> => {
    for await (const _ of await chain().stream({ q: "?" }, { callbacks: [callbacks], signal: stop.signal }))
      stop.abort(new Error("enough"));
  };
  await expect(read()).rejects.toThrow("enough");
  expect(open()).toEqual([]);
  for (const { outcome } of recorder.spans) expect(outcome?.error).toMatchObject({ message: "enough" });
});

test("a chain that can never end is told as one", async () => {
  const { callbacks, open } = watched();
  void RunnableLambda.from(() => new Promise<string>(() => {})).invoke("?", { callbacks: [callbacks] });
  await new Promise((resolve) => void setImmediate(resolve));
  expect(open()).toEqual(["run"]);
  await collectGarbage(() => open().length === 0);
  expect(open()).toEqual([]);
});

test("of a thousand streams that are left, none stays open", async () => {
  const { recorder, callbacks, open } = watched();
  const one = chain();
  for (let at = 0; at < 1_000; at += 1) await firstOf(await one.stream({ q: "?" }, { callbacks: [callbacks] }));
  expect(recorder.spans).toHaveLength(2_000);
  await collectGarbage(() => open().length === 0);
  expect(open()).toEqual([]);
});
