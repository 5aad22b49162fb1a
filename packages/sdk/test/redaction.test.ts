// Proves that a secret, wherever a program puts it, is in no byte that is sent or put on disk, and that a replay works without it.
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { context, createTraceState, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { checkpoint, flush, inference, reasoning, run, shutdown, start, status, step, tool } from "@runreel/sdk";
import type { RedactOptions } from "@runreel/sdk";
import { recorder } from "@runreel/sdk/adapter";
import * as fc from "fast-check";
import { afterEach, expect, test } from "vitest";

import { createOtlpSink } from "./otlp-sink.ts";

const random = (alphabet: string, length: number) =>
  fc
    .array(fc.constantFrom(...alphabet.split("")), { minLength: length, maxLength: length })
    .map((letters) => letters.join(""));
const letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** Secrets of known forms, put together here so that none stands in this file. */
const secret = fc.oneof(
  random(letters, 48).map((text) => ["sk", "proj", text].join("-")),
  random(letters, 36).map((text) => ["ghp", text].join("_")),
  random("ABCDEFGHJKLMNPQRSTUVWXYZ234567", 16).map((text) => ["AK", "IA", text].join("")),
  random(letters, 40).map((text) => ["xoxb", "1234567890", text].join("-")),
);

/** How a secret stands in the text around it. */
const around = fc.constantFrom(
  (one: string) => one,
  (one: string) => `the key is ${one}, keep it`,
  (one: string) => JSON.stringify({ nested: JSON.stringify({ one }) }),
  (one: string) => `${"long text ".repeat(200)}${one}${" and more".repeat(200)}`,
  (one: string) => `https://example.test/?q=${one}&x=1`,
);

/** Everywhere that a program can put a text. */
const places: Record<string, (text: string) => unknown> = {
  "a run's name": (text) => run(text, () => 1),
  "a run's input": (text) => run("r", () => 1, { input: { deep: [text] } }),
  "a run's output": (text) => run("r", () => ({ text })),
  "a conversation": (text) => run("r", () => 1, { conversationId: text, agent: { name: text, description: text } }),
  "a tool's name and description": (text) => tool({ name: text, description: text, execute: () => 1 })({}),
  "a tool's arguments": (text) => tool({ name: "t", execute: () => 1 })({ given: [{ text }] }),
  "a key of arguments": (text) => tool({ name: "t", execute: () => 1 })({ [text]: 1 }),
  "a tool's result": (text) => tool({ name: "t", execute: () => text })({}),
  "a map, a set and an error": (text) => step("s", () => [new Map([[text, new Set([text])]]), new Error(text)]),
  bytes: (text) => step("s", () => ({ short: Buffer.from(text.length > 60 ? "" : text), long: Buffer.from(text) })),
  "an error and its cause": async (text) => {
    const failing = step("s", () => Promise.reject(new Error("outer", { cause: new Error(text) })));
    await failing.catch(() => {});
    await step("s", () => Promise.reject(new Error(text))).catch(() => {});
  },
  "messages, instructions and tools": (text) =>
    inference(
      {
        model: "m",
        system: text,
        messages: [{ role: "user", content: [{ type: "text", text }] }],
        tools: [{ name: "t", parameters: { description: text } }],
      },
      async () => ({ choices: [{ message: { role: "assistant", content: text, reasoning_content: text } }] }),
    ),
  reasoning: (text) => run("r", () => reasoning(text)),
  "a state": (text) => run("r", () => checkpoint({ messages: [{ content: text }] }, text)),
  attributes: (text) => {
    const span = recorder().beginCode({ name: "c", effect: "none", attributes: { one: text, [text]: "x" } });
    span.setAttributes({ two: text, many: ["a", text] });
    span.end();
  },
  "a tracestate that came along": (text) =>
    run("r", () => step("s", () => 1), { traceparent, tracestate: `ot=th:0,vendor=${text}` }),
  "the tracestate of a link": (text) => {
    const traceState = createTraceState(`vendor=${text}`);
    const linked = { traceId: "a".repeat(32), spanId: "b".repeat(16), traceFlags: 1, traceState };
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const result = context.with(trace.setSpanContext(ROOT_CONTEXT, linked), () => run("r", () => 1));
    context.disable();
    return result;
  },
};

const traceparent = `00-${"c".repeat(32)}-${"d".repeat(16)}-01`;

afterEach(async () => {
  await shutdown();
});

test.each(["blobs", "inline"] as const)("no byte that is sent holds a planted secret (%s)", async (content) => {
  const sink = await createOtlpSink();
  await fc.assert(
    fc.asyncProperty(secret, around, async (planted, surrounded) => {
      start({ endpoint: sink.endpoint, content, serviceName: `agent ${planted}`, spool: false });
      sink.requests.length = 0;
      const text = surrounded(planted);
      for (const put of Object.values(places)) await put(text);
      expect(await flush()).toMatchObject({ dropped: 0, buffered: 0 });
      expect(status().problem).toBeUndefined();
      await shutdown();
      const sent = Buffer.concat(sink.requests.map(({ body }) => body));
      expect(sent.length).toBeGreaterThan(3_000);
      expect(sent.includes(planted)).toBe(false);
      expect(sent.includes(Buffer.from(planted).toString("base64").slice(0, 20))).toBe(false);
      expect(sent.includes("[redacted:")).toBe(true);
    }),
    { numRuns: 25 },
  );
  await sink[Symbol.asyncDispose]();
});

test("no byte that is put on disk holds a planted secret", async () => {
  const spoolDir = mkdtempSync(join(tmpdir(), "runreel-spool-"));
  const [planted] = fc.sample(secret, 1) as [string];
  // A port that nobody listens on.
  start({ endpoint: "http://127.0.0.1:9", spoolDir, diagnostics: () => {} });
  for (const put of Object.values(places)) await put(`the key is ${planted}`);
  expect((await shutdown()).spooled).toBeGreaterThan(10);
  const files = readdirSync(spoolDir, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".otlp"));
  expect(files.length).toBeGreaterThan(0);
  for (const name of files) expect(readFileSync(join(spoolDir, name)).includes(planted)).toBe(false);
});

test("redact: false sends everything as it is, and options of its own are heard", async () => {
  const sink = await createOtlpSink();
  const [planted] = fc.sample(secret, 1) as [string];
  const sent = async (redact: boolean | RedactOptions) => {
    start({ endpoint: sink.endpoint, spool: false, redact });
    sink.requests.length = 0;
    await tool({ name: "t", execute: () => "order 4711 of ann@example.test" })({ text: planted, diary: "dear diary" });
    await shutdown();
    return Buffer.concat(sink.requests.map(({ body }) => body));
  };
  expect((await sent(false)).includes(planted)).toBe(true);
  const custom = await sent({ email: true, keys: ["diary"], patterns: [{ name: "order", pattern: /order \d+/ }] });
  for (const gone of [planted, "ann@example.test", "dear diary", "order 4711"])
    expect(custom.includes(gone)).toBe(false);
  for (const there of ["[redacted:email]", "[redacted:order]"]) expect(custom.includes(there)).toBe(true);
  await sink[Symbol.asyncDispose]();
});
