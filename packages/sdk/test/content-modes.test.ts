// Proves what of the content leaves the process in each mode: `none` sends not one byte of it, but structure and tokens; `inline` sends what
// any backend of OpenTelemetry reads, JSON in the attributes of the GenAI conventions, whatever the values and however long.
import { checkpoint, flush, inference, reasoning, run, start, step, tool } from "@runreel/sdk";
import { inspect } from "node:util";
import * as fc from "fast-check";
import { expect, test } from "vitest";

import type { OtlpSink } from "./otlp-sink.ts";
import { sinkOfEachTest } from "./sink-of-each-test.ts";

let sink: OtlpSink;
sinkOfEachTest((one) => (sink = one));

const MARK = "Xylophon-7341";

/** Values with the mark in them, in any depth and form. */
const marked = fc.tuple(fc.jsonValue({ maxDepth: 3 }), fc.integer({ min: 0, max: 5 })).map(([value, form]): unknown => {
  const text = `before ${MARK} after`;
  const forms = [
    text,
    [value, text],
    { value, [MARK]: text },
    new Map([[text, value]]),
    new Error(text),
    Buffer.from(text),
  ];
  return forms[form];
});

/** Everything that can be recorded, with a value in each place for content. */
async function recordEverything(value: unknown): Promise<void> {
  const use = tool({ name: "use", execute: (given: unknown) => given });
  await run(
    "everything",
    async () => {
      const message = { role: "assistant", content: value };
      await inference(
        { model: "m", messages: [{ role: "user", content: value }], system: value, tools: [value] },
        () => ({ choices: [{ message, finish_reason: "stop" }], usage: { prompt_tokens: 10, completion_tokens: 5 } }),
      );
      reasoning(inspect(value));
      await use(value);
      await step("look", () => value);
      checkpoint({ value });
      return value;
    },
    { input: value },
  );
}

test("none: no byte of the content leaves, structure and tokens do", async () => {
  start({ endpoint: sink.endpoint, content: "none", spool: false, compression: "none" });
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(marked, async (value) => {
      await recordEverything(value);
      runs += 1;
    }),
    { numRuns: 40 },
  );
  await flush();
  for (const { body } of sink.requests) {
    for (const form of [MARK, Buffer.from(`before ${MARK} after`).toString("base64")])
      expect(body.includes(form)).toBe(false);
  }
  expect(sink.blobs()).toEqual([]);
  const spans = sink.spans();
  expect(spans.filter(({ name }) => name === "everything")).toHaveLength(runs);
  const asked = spans.filter(({ name }) => name === "chat m");
  expect(asked).toHaveLength(runs);
  for (const { attributes } of asked) {
    expect(attributes).toMatchObject({ "gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 5 });
  }
  for (const name of ["execute_tool use", "look", "checkpoint"]) {
    expect(spans.filter((span) => span.name === name)).toHaveLength(runs);
  }
});

test("inline: attributes of the conventions, each JSON, messages with role and parts", async () => {
  start({ endpoint: sink.endpoint, content: "inline", spool: false });
  await fc.assert(fc.asyncProperty(marked, recordEverything), { numRuns: 25 });
  await recordEverything(`${MARK} ${"tea ".repeat(200_000)}`);
  await flush();
  expect(sink.blobs()).toEqual([]);
  let messages = 0;
  for (const { attributes } of sink.spans()) {
    expect(Object.keys(attributes).filter((key) => key.startsWith("runreel.content."))).toEqual([]);
    for (const key of ["gen_ai.input.messages", "gen_ai.output.messages"]) {
      const text = attributes[key];
      if (text === undefined) continue;
      for (const message of JSON.parse(text as string) as unknown[]) {
        expect(message).toMatchObject({ role: expect.any(String), parts: expect.any(Array) });
      }
      messages += 1;
    }
  }
  // A run's input and output, those of the model's, and a step's output.
  expect(messages).toBe(26 * 5);
  for (const place of ["gen_ai.system_instructions", "gen_ai.tool.definitions"]) {
    for (const { attributes } of sink.spans().filter(({ name }) => name === "chat m")) {
      expect(JSON.parse(attributes[place] as string)).toBeInstanceOf(Array);
    }
  }
});
