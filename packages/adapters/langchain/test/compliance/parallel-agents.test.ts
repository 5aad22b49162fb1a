// Twenty agents that start in one turn of the event loop: every step belongs to its own run.
import { HumanMessage } from "@langchain/core/messages";
import { createAgent, tool } from "langchain";
import { expect, test } from "vitest";
import { z } from "zod";

import { RunreelCallbackHandler } from "../../src/callbacks/callback-handler.ts";
import { createRunreelMiddleware } from "../../src/middleware/create-middleware.ts";
import { Registry } from "../../src/record/registry.ts";
import { MemoryRecorder } from "../memory-recorder.ts";
import { ScriptedModel } from "../scripted-model.ts";

const echo = tool(async ({ who }: { who: string }) => who, {
  name: "echo",
  description: "Echoes",
  schema: z.object({ who: z.string() }),
});

test.each(["middleware", "callbacks", "both"])("by %s, no step is in a wrong run", async (way) => {
  const recorder = new MemoryRecorder();
  const registry = new Registry(() => recorder);
  const middleware = createRunreelMiddleware(() => recorder, registry, {});
  const callbacks = new RunreelCallbackHandler(() => recorder, registry, {});
  const agentOf = (who: string) =>
    createAgent({
      model: new ScriptedModel([
        {
          tools: [
            { name: "echo", args: { who } },
            { name: "echo", args: { who } },
          ],
        },
        { text: who },
      ]),
      tools: [echo],
      middleware: way === "callbacks" ? [] : [middleware],
    });
  await Promise.all(
    Array.from({ length: 20 }, (_, at) =>
      agentOf(`agent ${at}`).invoke(
        { messages: [new HumanMessage(`agent ${at}`)] },
        { callbacks: way === "middleware" ? [] : [callbacks] },
      ),
    ),
  );
  recorder.flush();

  const runs = recorder.spans.filter(({ kind }) => kind === "run");
  expect(runs).toHaveLength(20);
  expect(recorder.spans).toHaveLength(20 * 5);
  for (const run of runs) {
    const steps = recorder.spans.filter(({ parent }) => parent === run);
    const who = JSON.stringify(run.outcome?.output).match(/agent \d+/)?.[0];
    expect(steps.map(({ kind }) => kind).toSorted()).toEqual(["inference", "inference", "tool", "tool"]);
    for (const step of steps) expect(JSON.stringify(step.request)).toContain(`"${String(who)}"`);
    expect(steps.every(({ ended }) => ended)).toBe(true);
  }
});
