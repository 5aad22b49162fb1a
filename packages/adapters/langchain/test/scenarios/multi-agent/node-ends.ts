// How agents that are nodes of a graph end: they hand over, fail, or wait for a person.
import { ToolMessage } from "@langchain/core/messages";
import { Command, MemorySaver, MessagesAnnotation, StateGraph } from "@langchain/langgraph";
import { humanInTheLoopMiddleware, tool } from "langchain";
import { z } from "zod";

import { orError } from "../observe.ts";
import { agentOf, call, config, go, loose, says } from "../props.ts";
import { agentWays, scenario } from "../scenario.ts";
import type { Scenario } from "../scenario.ts";

export const nodeEnds: readonly Scenario[] = [
  scenario("A tool that hands over to another agent (Command.PARENT)", agentWays, {
    note: "A hand-over is no error.",
    program: (ours) => {
      const handOver = tool(
        (_: object, runtime: { toolCallId?: string; toolCall?: { id?: string } }) =>
          new Command({
            graph: Command.PARENT,
            goto: "expert",
            update: {
              messages: [
                new ToolMessage({
                  content: "handed over",
                  tool_call_id: runtime.toolCallId ?? runtime.toolCall?.id ?? "",
                }),
              ],
            },
          }),
        {
          name: "hand_over",
          description: "Hands over",
          schema: z.object({}),
        },
      );
      const desk = agentOf(ours, { model: says({ tools: [call("hand_over")] }), tools: [handOver], name: "desk" });
      const expert = agentOf(ours, { model: says("solved", "solved"), name: "expert" });
      return new StateGraph(MessagesAnnotation)
        .addNode("desk", desk.graph, { ends: ["expert"] })
        .addNode("expert", expert.graph)
        .addEdge("__start__", "desk")
        .compile({ name: "support" })
        .invoke(go(), config(ours.callbacks));
    },
    arrives: {
      middleware: [
        'run LangGraph → "solved"',
        '  agent desk → {"goto":["expert"],"said":"handed over"}',
        "    chat scripted-1 [100, read 40, out 20, reasoning 5] → hand_over({})",
        '    tool hand_over({}) → {"goto":["expert"],"said":"handed over"}',
        '  agent expert → "solved"',
        '    chat scripted-1 [100, read 40, out 20, reasoning 5] → "solved"',
      ],
      callbacks: [
        'run support → "solved"',
        '  agent desk → {"goto":["expert"],"update":{"messages":[{"parts":[{"id":"call_0_0","response":"handed ove…',
        "    chat scripted-1 [100, read 40, out 20, reasoning 5] → hand_over({})",
        '    tool hand_over({}) → {"goto":["expert"],"said":"handed over"}',
        '  agent expert → "solved"',
        '    chat scripted-1 [100, read 40, out 20, reasoning 5] → "solved"',
      ],
      both: [
        'run support → "solved"',
        '  agent desk → {"goto":["expert"],"update":{"messages":[{"parts":[{"id":"call_0_0","response":"handed ove…',
        "    chat scripted-1 [100, read 40, out 20, reasoning 5] → hand_over({})",
        '    tool hand_over({}) → {"goto":["expert"],"said":"handed over"}',
        '  agent expert → "solved"',
        '    chat scripted-1 [100, read 40, out 20, reasoning 5] → "solved"',
      ],
    },
  }),
  scenario("An agent as a node that fails", agentWays, {
    program: (ours) => {
      const one = agentOf(ours, { model: says({ error: new RangeError("too long") }), name: "one" });
      return orError(
        new StateGraph(MessagesAnnotation)
          .addNode("one", one.graph)
          .addEdge("__start__", "one")
          .compile({ name: "relay" })
          .invoke(go(), config(ours.callbacks)),
      );
    },
    arrives: {
      middleware: [
        "run LangGraph → failed RangeError: too long",
        "  agent one → failed RangeError: too long",
        "    chat scripted-1 → failed RangeError: too long",
      ],
      callbacks: [
        "run relay → failed RangeError: too long",
        "  agent one → failed RangeError: too long",
        "    chat scripted-1 → failed RangeError: too long",
      ],
      both: [
        "run relay → failed RangeError: too long",
        "  agent one → failed RangeError: too long",
        "    chat scripted-1 → failed RangeError: too long",
      ],
    },
  }),
  scenario("An agent as a node that waits for a person, and resume", agentWays, {
    program: async (ours) => {
      const one = agentOf(ours, {
        model: says({ tools: [call("look", { at: "a" })] }, "one"),
        name: "one",
        middleware: [humanInTheLoopMiddleware(loose({ interruptOn: { look: true } }))],
      });
      const graph = new StateGraph(MessagesAnnotation)
        .addNode("one", one.graph)
        .addEdge("__start__", "one")
        .compile({ name: "relay", checkpointer: ours.saver(new MemorySaver()) });
      const first: unknown = await graph.invoke(go(), config(ours.callbacks, "node-asks"));
      const yes = loose(new Command({ resume: { decisions: [{ type: "approve" }] } }));
      return [first, await graph.invoke(yes, config(ours.callbacks, "node-asks"))];
    },
    arrives: {
      middleware: [
        "run LangGraph → paused",
        "  checkpoint input/-1",
        "  checkpoint loop/0",
        "  agent one → paused",
        "    checkpoint input/-1 in one",
        "    checkpoint loop/0 in one",
        '    chat scripted-1 [100, read 40, out 20, reasoning 5] → look({"at":"a"})',
        "    checkpoint loop/1 in one",
        'run LangGraph → "one"',
        '  agent one → "one"',
        "    checkpoint loop/2 in one",
        '    tool look({"at":"a"}) → "saw a"',
        "    checkpoint loop/3 in one",
        '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "one"',
        "  checkpoint loop/4 in one",
        "  checkpoint loop/5 in one",
        "  checkpoint loop/1",
      ],
      callbacks: [
        "run relay → paused",
        "  checkpoint input/-1",
        "  checkpoint loop/0",
        "  agent one → paused",
        "    checkpoint input/-1 in one",
        "    checkpoint loop/0 in one",
        '    chat scripted-1 [100, read 40, out 20, reasoning 5] → look({"at":"a"})',
        "    checkpoint loop/1 in one",
        'run relay → "one"',
        '  agent one → "one"',
        "    checkpoint loop/2 in one",
        '    tool look({"at":"a"}) → "saw a"',
        "    checkpoint loop/3 in one",
        '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "one"',
        "    checkpoint loop/4 in one",
        "    checkpoint loop/5 in one",
        "  checkpoint loop/1",
      ],
      both: [
        "run relay → paused",
        "  checkpoint input/-1",
        "  checkpoint loop/0",
        "  agent one → paused",
        "    checkpoint input/-1 in one",
        "    checkpoint loop/0 in one",
        '    chat scripted-1 [100, read 40, out 20, reasoning 5] → look({"at":"a"})',
        "    checkpoint loop/1 in one",
        'run relay → "one"',
        '  agent one → "one"',
        "    checkpoint loop/2 in one",
        '    tool look({"at":"a"}) → "saw a"',
        "    checkpoint loop/3 in one",
        '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "one"',
        "    checkpoint loop/4 in one",
        "    checkpoint loop/5 in one",
        "  checkpoint loop/1",
      ],
    },
  }),
];
