// Agents that hand over to one another.
import { MemorySaver, MessagesAnnotation, StateGraph, Command } from "@langchain/langgraph";
import { createReactAgent } from "@langchain/langgraph/prebuilt";
import { createSupervisor } from "@langchain/langgraph-supervisor";
import { createHandoffTool, createSwarm } from "@langchain/langgraph-swarm";
import { ToolMessage } from "@langchain/core/messages";
import { tool } from "langchain";
import { z } from "zod";

import { allSpans } from "./arrived.ts";
import type { ArrivedSpan } from "./arrived.ts";

import { agentOf, call, config, go, look, looker, loose, says } from "./props.ts";
import { agentWays, callbacksOnly } from "./scenario.ts";
import type { Scenario, ScenarioGroup } from "./scenario.ts";

const scenario = (title: string, ways: Scenario["ways"], rest: Omit<Scenario, "title" | "ways">): Scenario => ({
  title,
  ways,
  ...rest,
});

export const multiAgent: ScenarioGroup = {
  title: "Several agents",
  scenarios: [
    scenario("Supervisor (@langchain/langgraph-supervisor)", callbacksOnly, {
      program: (ours) => {
        const scout = createReactAgent(loose({ llm: looker("saw both"), tools: [look], name: "scout" }));
        return createSupervisor(
          loose({
            agents: [scout],
            llm: says({ tools: [call("transfer_to_scout")] }, "unused", "unused", "all done", "all done", "all done"),
          }),
        )
          .compile()
          .invoke(go(), config(ours.callbacks));
      },
      arrives: [
        'run LangGraph → "all done"',
        '  agent supervisor → {"goto":["scout"],"update":{"messages":[{"parts":[{"content":"go","type":"text"}],"role":"…',
        "    chat scripted-1 [100, read 40, out 20, reasoning 5] → transfer_to_scout({})",
        '    tool transfer_to_scout({}) → {"goto":["scout"],"said":"Successfully transferred to scout"}',
        '  agent scout → "saw both"',
        '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "saw both"',
        '  agent supervisor → "all done"',
        '    chat scripted-1 [103, read 40, out 20, reasoning 5] → "all done"',
      ],
    }),
    scenario("Swarm (@langchain/langgraph-swarm)", callbacksOnly, {
      program: async (ours) => {
        const agent = (name: string, other: string, model: unknown) =>
          createReactAgent(
            loose({ llm: model, name, tools: [createHandoffTool({ agentName: other, description: "Hands over" })] }),
          );
        const swarm = createSwarm(
          loose({
            agents: [
              agent("anna", "ben", says({ tools: [call("transfer_to_ben")] })),
              agent("ben", "anna", says("unused", "I am Ben", "still Ben")),
            ],
            defaultActiveAgent: "anna",
          }),
        ).compile({ checkpointer: ours.saver(new MemorySaver()) });
        const first: unknown = await swarm.invoke(go(), config(ours.callbacks, "swarm"));
        return [
          first,
          await swarm.invoke({ messages: [{ role: "user", content: "who?" }] }, config(ours.callbacks, "swarm")),
        ];
      },
      arrives: [
        'run LangGraph → {"activeAgent":"ben","messages":[{"parts":[{"content":"go","type":"text"}],"role":"user"},…',
        "  checkpoint input/-1",
        "  checkpoint loop/0",
        '  agent anna → {"goto":["ben"],"update":{"activeAgent":"ben","messages":[{"parts":[{"content":"go","type"…',
        "    checkpoint input/-1 in anna",
        "    checkpoint loop/0 in anna",
        "    chat scripted-1 [100, read 40, out 20, reasoning 5] → transfer_to_ben({})",
        "    checkpoint loop/1 in anna",
        '    tool transfer_to_ben({}) → {"goto":["ben"],"said":"Successfully transferred to ben"}',
        "  checkpoint loop/1",
        '  agent ben → "I am Ben"',
        "    checkpoint input/-1 in ben",
        "    checkpoint loop/0 in ben",
        '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "I am Ben"',
        "    checkpoint loop/1 in ben",
        "  checkpoint loop/2",
        'run LangGraph → {"activeAgent":"ben","messages":[{"parts":[{"content":"go","type":"text"}],"role":"user"},…',
        "  checkpoint input/3",
        "  checkpoint loop/4",
        '  agent ben → "still Ben"',
        "    checkpoint input/-1 in ben",
        "    checkpoint loop/0 in ben",
        '    chat scripted-1 [102, read 40, out 20, reasoning 5] → "still Ben"',
        "    checkpoint loop/1 in ben",
        "  checkpoint loop/5",
      ],
      check: ({ expect, roots }) => {
        const inside = allSpans(roots).filter(({ attributes }) => attributes["runreel.checkpoint.namespace"]);
        const agentOf = (span: ArrivedSpan): unknown =>
          allSpans(roots).find((one) => one.children.includes(span))?.attributes["gen_ai.agent.name"];
        const namespaces = inside.map(
          ({ attributes }) => String(attributes["runreel.checkpoint.namespace"]).split(":")[0],
        );
        expect(namespaces).toEqual(inside.map(agentOf));
      },
    }),
    scenario("A tool that hands over to another agent (Command.PARENT)", agentWays, {
      older:
        "Before langchain 1.5, middleware does not learn the name of an agent that is a node, and records it as `agent`.",
      note: "A hand-over is no error. Middleware knows its own agent only; put `runreelCallbacks()` on the graph to have all in one run.",
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
          'run desk → {"goto":["expert"],"said":"handed over"}',
          "  chat scripted-1 [100, read 40, out 20, reasoning 5] → hand_over({})",
          '  tool hand_over({}) → {"goto":["expert"],"said":"handed over"}',
          'run expert → "solved"',
          '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "solved"',
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
    scenario("Agents as nodes of a graph", agentWays, {
      older:
        "Before langchain 1.5, middleware does not learn the name of an agent that is a node, and records it as `agent`.",
      note: "Middleware knows its own agent only; put `runreelCallbacks()` on the graph to have all in one run.",
      program: (ours) => {
        const one = agentOf(ours, { model: looker("one"), name: "one" });
        const two = agentOf(ours, { model: says("x", "x", "two"), name: "two" });
        return new StateGraph(MessagesAnnotation)
          .addNode("one", one.graph)
          .addNode("two", two.graph)
          .addEdge("__start__", "one")
          .addEdge("one", "two")
          .compile({ name: "relay" })
          .invoke(go(), config(ours.callbacks));
      },
      arrives: {
        middleware: [
          'run one → "one"',
          '  chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
          '  tool look({"at":"a"}) → "saw a"',
          '  tool look({"at":"b"}) → "saw b"',
          '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "one"',
          'run two → "two"',
          '  chat scripted-1 [102, read 40, out 20, reasoning 5] → "two"',
        ],
        callbacks: [
          'run relay → "two"',
          '  agent one → "one"',
          '    chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
          '    tool look({"at":"a"}) → "saw a"',
          '    tool look({"at":"b"}) → "saw b"',
          '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "one"',
          '  agent two → "two"',
          '    chat scripted-1 [102, read 40, out 20, reasoning 5] → "two"',
        ],
        both: [
          'run relay → "two"',
          '  agent one → "one"',
          '    chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
          '    tool look({"at":"a"}) → "saw a"',
          '    tool look({"at":"b"}) → "saw b"',
          '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "one"',
          '  agent two → "two"',
          '    chat scripted-1 [102, read 40, out 20, reasoning 5] → "two"',
        ],
      },
    }),
    scenario("Agents called by nodes of a graph", agentWays, {
      program: (ours) => {
        const one = agentOf(ours, { model: looker("one"), name: "one" });
        return new StateGraph(MessagesAnnotation)
          .addNode("ask", async (state) => ({
            messages: (await one.invoke({ messages: state.messages })).messages.slice(-1),
          }))
          .addEdge("__start__", "ask")
          .compile({ name: "office" })
          .invoke(go(), config(ours.callbacks));
      },
      arrives: {
        middleware: [
          'run one → "one"',
          '  chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
          '  tool look({"at":"a"}) → "saw a"',
          '  tool look({"at":"b"}) → "saw b"',
          '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "one"',
        ],
        callbacks: [
          'run office → "one"',
          '  agent one → "one"',
          '    chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
          '    tool look({"at":"a"}) → "saw a"',
          '    tool look({"at":"b"}) → "saw b"',
          '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "one"',
        ],
        both: [
          'run office → "one"',
          '  agent one → "one"',
          '    chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
          '    tool look({"at":"a"}) → "saw a"',
          '    tool look({"at":"b"}) → "saw b"',
          '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "one"',
        ],
      },
    }),
  ],
};
