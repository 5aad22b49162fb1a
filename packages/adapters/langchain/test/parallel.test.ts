// Many agents at once, with default settings, on the real SDK: nothing is lost, nothing comes before what hangs from it, nothing is in another's trace.
import { HumanMessage } from "@langchain/core/messages";
import { flush, shutdown, start, status } from "@runreel/sdk";
import { createAgent, tool } from "langchain";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";

import { otel3 } from "../../../sdk/test/coexistence/otel-3.ts";
import { createOtlpSink } from "../../../sdk/test/otlp-sink.ts";
import type { OtlpSink } from "../../../sdk/test/otlp-sink.ts";
import { runreelCallbacks, runreelMiddleware } from "../src/index.ts";
import { ScriptedModel } from "./scripted-model.ts";

afterEach(async () => {
  await shutdown();
});

const TOOLS = 3;

const work = tool(({ task, at }: { task: number; at: number }) => `${task}/${at}: ${"lorem ipsum ".repeat(80)}`, {
  name: "work",
  description: "Works",
  schema: z.object({ task: z.number(), at: z.number() }),
});

/** An agent of its own for each task: so many steps with three tool calls each, and a summary. */
function agent(task: number, steps: number, by: "middleware" | "callbacks") {
  const script = Array.from({ length: steps }, (_, step) => ({
    text: `task ${task}, step ${step}`,
    tools: Array.from({ length: TOOLS }, (_, call) => ({ name: "work", args: { task, at: step * TOOLS + call } })),
  }));
  const created = createAgent({
    model: new ScriptedModel([...script, { text: `task ${task} is done` }]),
    tools: [work],
    name: `agent-${task}`,
    middleware: by === "middleware" ? [runreelMiddleware({ effects: { work: "read" } })] : [],
  });
  const callbacks = by === "callbacks" ? [runreelCallbacks({ effects: { work: "read" } })] : [];
  return () =>
    created.invoke({ messages: [new HumanMessage(`task ${task}`)] }, { callbacks, recursionLimit: 10 * steps });
}

const spansOf = (steps: number): number => 1 + (steps + 1) + steps * TOOLS;

/** Looks at every span, and gives the root of each task. */
async function expectInPlace(sink: OtlpSink, tasks: number, steps: number) {
  const spans = sink.spans();
  expect(spans).toHaveLength(tasks * spansOf(steps));
  expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
  const traces = Map.groupBy(spans, ({ traceId }) => traceId);
  expect(traces.size).toBe(tasks);
  const roots = [...traces.values()].map(async (inOrder) => {
    expect(inOrder).toHaveLength(spansOf(steps));
    const root = inOrder.at(-1)!;
    expect(root.parentSpanId, "the root comes last").toBe("");
    const ids = new Set(inOrder.map(({ spanId }) => spanId));
    for (const span of inOrder.slice(0, -1))
      expect(ids.has(span.parentSpanId), `${span.name} has its parent`).toBe(true);
    const task = Number(/^agent-(\d+)$/.exec(String(root.attributes["gen_ai.agent.name"]))?.[1]);
    const calls = inOrder.filter(({ name }) => name === "execute_tool work");
    const given = await Promise.all(calls.map((call) => sink.content(call.attributes["runreel.content.input"])));
    const wanted = Array.from({ length: steps * TOOLS }, (_, at) => ({ task, at }));
    expect((given as typeof wanted).toSorted((a, b) => a.at - b.at)).toEqual(wanted);
    const answers = await Promise.all(
      inOrder
        .filter(({ name }) => name.startsWith("chat "))
        .map((chat) => sink.content(chat.attributes["runreel.content.output"])),
    );
    for (const answer of answers) expect(JSON.stringify(answer)).toMatch(new RegExp(`task ${task}(,| is done)`));
    return [task, root] as const;
  });
  return new Map(await Promise.all(roots));
}

describe.each(["middleware", "callbacks"] as const)("with %s", (by) => {
  test("100 agents at once: no span lost, no root before its children, none in a wrong trace", async () => {
    await using sink = await createOtlpSink();
    start({ endpoint: sink.endpoint, spool: false });
    const agents = Array.from({ length: 100 }, (_, task) => agent(task, 5, by));
    await Promise.all(agents.map((invoke) => invoke()));
    await flush();
    const { recorded, delivered, dropped, content } = status();
    expect({ recorded, delivered, dropped }).toEqual({ recorded: 2_200, delivered: 2_200, dropped: {} });
    expect(content.dropped).toEqual({});
    expect((await expectInPlace(sink, 100, 5)).size).toBe(100);
  });

  // Where others read the active context from a queue of their own, all that start in one turn get the context of the last.
  test("20 agents that start in one turn, each in a request of its own: 0 of 1,000 misplaced", async () => {
    await using sink = await createOtlpSink();
    const host = otel3.register();
    try {
      start({ endpoint: sink.endpoint, spool: false });
      const tracer = otel3.trace.getTracer("server");
      const requests = new Map<number, string>();
      const agents = Array.from({ length: 20 }, (_, task) => agent(task, 12, by));
      await Promise.all(
        agents.map((invoke, task) =>
          tracer.startActiveSpan(`GET /tasks/${task}`, async (request) => {
            requests.set(task, request.spanContext().traceId);
            await invoke();
            request.end();
          }),
        ),
      );
      await flush();
      const roots = await expectInPlace(sink, 20, 12);
      for (const [task, root] of roots) expect(root.links.map(({ traceId }) => traceId)).toEqual([requests.get(task)]);
    } finally {
      host.unregister();
    }
  });
});
