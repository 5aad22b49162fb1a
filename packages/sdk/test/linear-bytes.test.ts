// Proves that what a run sends grows with what is new in it, not with the conversation that every question repeats.
import { flush, run, shutdown, start, status } from "@runreel/sdk";
import { recorder } from "@runreel/sdk/adapter";
import { afterEach, expect, test } from "vitest";

import { createOtlpSink } from "./otlp-sink.ts";

afterEach(async () => {
  await shutdown();
});

const TOOLS_PER_STEP = 3;
const TEXT_BYTES = 1_500;

const text = (key: string): string => `${key} `.repeat(Math.ceil(TEXT_BYTES / (key.length + 1))).slice(0, TEXT_BYTES);

/** Sends a run of so many steps with four new texts in each. Returns the bytes of its requests. */
async function sentBytes(steps: number): Promise<number> {
  await using sink = await createOtlpSink();
  start({ endpoint: sink.endpoint });
  const messages: object[] = [{ role: "user", parts: [{ type: "text", content: text(`task of ${steps}`) }] }];
  await run("long", async () => {
    for (let step = 0; step < steps; step += 1) {
      const inference = recorder().beginInference({ model: "m", messages: [...messages] });
      const calls = Array.from({ length: TOOLS_PER_STEP }, (_, at) => ({ id: `call_${steps}_${step}_${at}`, at }));
      const answer = {
        role: "assistant",
        parts: [
          { type: "text", content: text(`answer ${steps} ${step}`) },
          ...calls.map(({ id, at }) => ({ type: "tool_call", id, name: "look", arguments: { step, at } })),
        ],
      };
      inference.end({ output: answer, usage: { inputTokens: 1_000, outputTokens: 100 } });
      messages.push(answer);
      for (const { id, at } of calls) {
        const response = text(`result ${steps} ${step} ${at}`);
        const args = { step, at };
        recorder().beginTool({ name: "look", callId: id, arguments: args, effect: "read" }).end({ output: response });
        messages.push({ role: "tool", parts: [{ type: "tool_call_response", id, response }] });
      }
      // A model takes its time, in which requests leave.
      if (step % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  });
  expect(await flush()).toMatchObject({ buffered: 0, dropped: 0 });
  expect(status().content).toMatchObject({ dropped: {} });
  await shutdown();
  expect(sink.spans()).toHaveLength(1 + steps * (1 + TOOLS_PER_STEP));
  // As they would be on any wire: what was packed for want of room counts whole.
  return sink.requests.reduce((sum, { body }) => sum + body.length, 0);
}

test("100 steps with 0.6 MB of new text send twice that uncompressed, and 1,000 steps ten times as much", async () => {
  const hundred = await sentBytes(100);
  const newText = 100 * (1 + TOOLS_PER_STEP) * TEXT_BYTES;
  expect(hundred).toBeGreaterThan(newText);
  expect(hundred).toBeLessThan(2 * newText + 50_000);
  const thousand = await sentBytes(1_000);
  expect(thousand / hundred).toBeGreaterThan(9.5);
  expect(thousand / hundred).toBeLessThan(11);
  console.log(`100 steps: ${hundred} bytes, 1,000 steps: ${thousand} bytes (${(thousand / hundred).toFixed(2)} times)`);
});
