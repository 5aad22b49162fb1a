// Proves what a process does when the collector asks it for something: content goes again once, what was lost is counted, and it says that it has heard.
import { afterEach, beforeEach, expect, test } from "vitest";

import { recorder } from "../src/adapter.ts";
import { flush, run, shutdown, start, status, tool, traceContext } from "../src/index.ts";
import type { StartOptions } from "../src/index.ts";
import { createOtlpSink } from "./otlp-sink.ts";
import type { OtlpSink } from "./otlp-sink.ts";

let sink: OtlpSink;

beforeEach(async () => {
  sink = await createOtlpSink();
});

afterEach(async () => {
  await shutdown();
  await sink[Symbol.asyncDispose]();
});

const begin = (options: StartOptions = {}): void =>
  start({ endpoint: sink.endpoint, spool: false, flushIntervalMs: 60_000, diagnostics: () => {}, ...options });

/** From now on answers ask for this. */
function ask(asks: { blobs?: string[]; keep?: { runId: string; reason: string }[] }, token = "token-1"): void {
  const text = Buffer.from(JSON.stringify({ token, ...asks }));
  const body = Buffer.concat([Buffer.from([0xc2, 0x3e, (text.length & 0x7f) | 0x80, text.length >> 7]), text]);
  sink.answer = { status: 200, afterMs: 0, headers: { "content-type": "application/x-protobuf" }, body };
}

const askNothing = (): void => void (sink.answer = { status: 200, afterMs: 0 });

const messages: { role: string; parts: { type: string; content: string }[] }[] = [];

/** A step of a conversation that grows, and is sent. */
async function say(content: string): Promise<void> {
  const parts = [`${content} ${"and so on ".repeat(100)}`, `${content}, in short`.padEnd(400, ".")];
  messages.push({ role: "user", parts: parts.map((text) => ({ type: "text", content: text })) });
  recorder()
    .beginInference({ model: "m", messages: [...messages] })
    .end({ output: "well" });
  await flush();
}

const sent = (text: string): string[] =>
  sink
    .blobs()
    .filter(({ data }) => String(Buffer.from(data as Uint8Array)).startsWith(text))
    .map(({ hash }) => hash);

test("a blob that is asked for goes again with the next step that holds it, once, and is counted until then", async () => {
  messages.length = 0;
  begin();
  // Enough of them that each is a tree of its own, which is remembered by its object.
  for (const content of ["first", "second", "and", "more", "of", "them"]) await say(content);
  const [hash] = sent("first");
  ask({ blobs: [hash!, "0".repeat(32)] });
  await say("third");
  expect(status().content.dropped).toEqual({ gone_from_store: 1 });
  expect(sent("first")).toHaveLength(1);
  askNothing();
  const before = sink.blobs().length;
  await say("fourth");
  expect(sent("first")).toEqual([hash, hash]);
  expect(sent("second")).toHaveLength(1);
  // The asked one, the new text, the input's tree and nothing else.
  expect(sink.blobs().length - before).toBeLessThanOrEqual(4);
  await say("fifth");
  expect(sent("first")).toHaveLength(2);
  const { recorded, delivered, dropped } = status().content;
  expect(recorded).toBe(delivered + 1);
  expect(dropped).toEqual({ gone_from_store: 1 });
});

test("a request names its process, and says once what was heard", async () => {
  messages.length = 0;
  begin();
  await say("first");
  ask({ blobs: ["0".repeat(32)] }, "heard-this");
  await say("second");
  askNothing();
  await say("third");
  await say("fourth");
  const ids = new Set(sink.requests.map(({ headers }) => headers["runreel-process"]));
  expect(ids.size).toBe(1);
  expect([...ids][0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(sink.requests.map(({ headers }) => headers["runreel-heard"])).toEqual([
    undefined,
    undefined,
    "heard-this",
    undefined,
  ]);
});

test("a run that waits in the ring has all its content, also where it leaned on what the collector has lost", async () => {
  const found = { text: "the same as ever ".repeat(100) };
  const look = tool({ name: "look", execute: () => found });
  begin({ sample: 0 });
  await run("known", () => look({}), { keep: true });
  await flush();
  const [hash] = sent("the same as ever");
  const others = run("waits", async () => {
    await look({});
    ask({ blobs: [hash!] });
    await flush();
    askNothing();
    await look({});
    await run("fails", () => Promise.reject(new Error("no"))).catch(() => undefined);
  });
  await others;
  await flush();
  expect(sent("the same as ever")).toEqual([hash, hash]);
});

test("a run that is asked for is sent, and one that is over or unknown is not", async () => {
  const look = tool({ name: "look", execute: () => "found ".repeat(200) });
  begin({ sample: 0 });
  let over = "";
  await run("over", async () => {
    over = traceContext().traceparent!.split("-")[1]!;
    await look({});
  });
  await run("wanted", async () => {
    const runId = traceContext().traceparent!.split("-")[1]!;
    await look({});
    const keep = [runId, over, "f".repeat(32)].map((id) => ({ runId: id, reason: "of note" }));
    ask({ keep });
    await flush();
    askNothing();
    await look({});
  });
  await flush();
  const spans = sink.spans().filter(({ name }) => name !== "runreel.usage");
  expect(spans.map(({ name }) => name)).toEqual(["execute_tool look", "execute_tool look", "wanted"]);
  expect(spans.map(({ attributes }) => attributes["runreel.run.kept_because"])).toEqual([
    "of note",
    undefined,
    "of note",
  ]);
  expect(await sink.content(spans[0]!.attributes["runreel.content.output"])).toContain("found");
});
