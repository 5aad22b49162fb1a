// What tools give an agent, and what it gives at its end.
import { ToolMessage } from "@langchain/core/messages";
import { Command, InMemoryStore } from "@langchain/langgraph";
import { createRetrieverTool } from "@langchain/classic/tools/retriever";
import { tool, toolStrategy } from "langchain";
import { z } from "zod";

import { agentOf, call, config, go, looker, loose, says, Shelf } from "../props.ts";
import type { Scenario } from "../scenario.ts";
import { scenario } from "./agent-scenario.ts";

export const tools: readonly Scenario[] = [
  scenario("Structured output (toolStrategy)", {
    program: (ours) =>
      agentOf(ours, {
        model: says({ tools: [call("extract-1", { city: "Bern" })] }),
        responseFormat: toolStrategy(
          loose({ title: "extract-1", type: "object", properties: { city: { type: "string" } }, required: ["city"] }),
        ),
      }).invoke(go(), config(ours.callbacks)),
    arrives: [
      'run scout → {"city":"Bern"}',
      '  chat scripted-1 [100, read 40, out 20, reasoning 5] → extract-1({"city":"Bern"})',
    ],
  }),
  scenario("A tool with returnDirect", {
    program: (ours) => {
      const direct = tool(() => "direct", {
        name: "direct",
        description: "Direct",
        schema: z.object({}),
        returnDirect: true,
      });
      return agentOf(ours, { model: says({ tools: [call("direct")] }), tools: [direct] }).invoke(
        go(),
        config(ours.callbacks),
      );
    },
    arrives: [
      'run scout → "direct"',
      "  chat scripted-1 [100, read 40, out 20, reasoning 5] → direct({})",
      '  tool direct({}) → "direct"',
    ],
  }),
  scenario("A tool result with an artifact", {
    program: (ours) => {
      const chart = tool(() => ["a chart", { points: [1, 2] }], {
        name: "chart",
        description: "Draws",
        schema: z.object({}),
        responseFormat: "content_and_artifact",
      });
      return agentOf(ours, { model: says({ tools: [call("chart")] }, "drawn"), tools: [chart] }).invoke(
        go(),
        config(ours.callbacks),
      );
    },
    arrives: [
      'run scout → "drawn"',
      "  chat scripted-1 [100, read 40, out 20, reasoning 5] → chart({})",
      '  tool chart({}) → "a chart"',
      '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "drawn"',
    ],
    check: ({ expect, roots }) => {
      expect(roots[0]?.children[1]?.raw).toBeInstanceOf(ToolMessage);
      expect(roots[0]?.children[1]?.raw).toMatchObject({ artifact: { points: [1, 2] } });
    },
  }),
  scenario("A tool that updates the state (Command)", {
    program: (ours) => {
      const note = tool(
        (_: object, runtime: { toolCallId?: string; toolCall?: { id?: string } }) =>
          new Command({
            update: {
              messages: [
                new ToolMessage({ content: "noted", tool_call_id: runtime.toolCallId ?? runtime.toolCall?.id ?? "" }),
              ],
            },
          }),
        {
          name: "note",
          description: "Notes",
          schema: z.object({}),
        },
      );
      return agentOf(ours, { model: says({ tools: [call("note")] }, "ok"), tools: [note] }).invoke(
        go(),
        config(ours.callbacks),
      );
    },
    arrives: [
      'run scout → "ok"',
      "  chat scripted-1 [100, read 40, out 20, reasoning 5] → note({})",
      '  tool note({}) → "noted"',
      '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "ok"',
    ],
  }),
  scenario("Long-term memory (store)", {
    note: "What a tool reads and writes in the store is a part of the tool call.",
    program: async (ours) => {
      const store = new InMemoryStore();
      const remember = tool(
        async ({ fact }: { fact: string }, runtime: { store?: unknown }) => {
          const memory = runtime.store as InMemoryStore;
          await memory.put(["facts"], "1", { fact });
          return `known: ${String((await memory.get(["facts"], "1"))?.value["fact"])}`;
        },
        { name: "remember", description: "Remembers", schema: z.object({ fact: z.string() }) },
      );
      const answer: unknown = await agentOf(ours, {
        model: says({ tools: [call("remember", { fact: "likes tea" })] }, "ok"),
        tools: [remember],
        store,
      }).invoke(go(), config(ours.callbacks));
      return [answer, (await store.get(["facts"], "1"))?.value];
    },
    arrives: [
      'run scout → "ok"',
      '  chat scripted-1 [100, read 40, out 20, reasoning 5] → remember({"fact":"likes tea"})',
      '  tool remember({"fact":"likes tea"}) → "known: likes tea"',
      '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "ok"',
    ],
  }),
  scenario("A retriever as a tool", {
    note: "Callbacks go down to the retriever; middleware sees the tool.",
    program: (ours) => {
      const search = createRetrieverTool(new Shelf(), { name: "search", description: "Searches" });
      return agentOf(ours, {
        model: says({ tools: [call("search", { query: "llamas" })] }, "found"),
        tools: [search],
      }).invoke(go(), config(ours.callbacks));
    },
    arrives: {
      middleware: [
        'run scout → "found"',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → search({"query":"llamas"})',
        '  tool search({"query":"llamas"}) → "all about llamas"',
        '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "found"',
      ],
      callbacks: [
        'run scout → "found"',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → search({"query":"llamas"})',
        '  tool search({"query":"llamas"}) → "all about llamas"',
        '    code Shelf("llamas") → [{"metadata":{"shelf":3},"pageContent":"all about llamas"}]',
        '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "found"',
      ],
      both: [
        'run scout → "found"',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → search({"query":"llamas"})',
        '  tool search({"query":"llamas"}) → "all about llamas"',
        '    code Shelf("llamas") → [{"metadata":{"shelf":3},"pageContent":"all about llamas"}]',
        '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "found"',
      ],
    },
  }),
  scenario("An agent as a tool of another", {
    program: (ours) => {
      const helper = agentOf(ours, { model: looker("helped"), name: "helper" });
      const help = tool(async () => (await helper.invoke(go())).messages.at(-1)?.text ?? "", {
        name: "help",
        description: "Helps",
        schema: z.object({}),
      });
      return agentOf(ours, { model: says({ tools: [call("help")] }, "done"), tools: [help], name: "boss" }).invoke(
        go(),
        config(ours.callbacks),
      );
    },
    arrives: [
      'run boss → "done"',
      "  chat scripted-1 [100, read 40, out 20, reasoning 5] → help({})",
      '  tool help({}) → "helped"',
      '    agent helper → "helped"',
      '      chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
      '      tool look({"at":"a"}) → "saw a"',
      '      tool look({"at":"b"}) → "saw b"',
      '      chat scripted-1 [101, read 40, out 20, reasoning 5] → "helped"',
      '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "done"',
    ],
  }),
];
