// Agents of `createAgent` in a graph of one's own.
import { MessagesAnnotation, StateGraph } from "@langchain/langgraph";
import { createMiddleware } from "langchain";

import { agentOf, config, go, looker, says } from "../props.ts";
import { agentWays, scenario } from "../scenario.ts";
import type { Scenario } from "../scenario.ts";

export const nodes: readonly Scenario[] = [
  scenario("Agents as nodes of a graph", agentWays, {
    note: "A graph does not tell middleware its name or its input: its run is called `LangGraph`, with the input of its first agent and the answer of its last. Nodes that are no agents, and the name, need `runreelCallbacks()` on the graph.",
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
        'run LangGraph → "two"',
        '  agent one → "one"',
        '    chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
        '    tool look({"at":"a"}) → "saw a"',
        '    tool look({"at":"b"}) → "saw b"',
        '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "one"',
        '  agent two → "two"',
        '    chat scripted-1 [102, read 40, out 20, reasoning 5] → "two"',
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
        'run LangGraph → "one"',
        '  agent one → "one"',
        '    chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
        '    tool look({"at":"a"}) → "saw a"',
        '    tool look({"at":"b"}) → "saw b"',
        '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "one"',
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
  scenario("Agents as nodes that run at once", agentWays, {
    program: (ours) => {
      const one = agentOf(ours, { model: looker("one"), name: "one" });
      const two = agentOf(ours, { model: looker("two"), name: "two" });
      return new StateGraph(MessagesAnnotation)
        .addNode("one", one.graph)
        .addNode("two", two.graph)
        .addEdge("__start__", "one")
        .addEdge("__start__", "two")
        .compile({ name: "choir" })
        .invoke(go(), config(ours.callbacks));
    },
    arrives: {
      middleware: [
        'run LangGraph → "two"',
        '  agent one → "one"',
        '    chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
        '    tool look({"at":"a"}) → "saw a"',
        '    tool look({"at":"b"}) → "saw b"',
        '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "one"',
        '  agent two → "two"',
        '    chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
        '    tool look({"at":"a"}) → "saw a"',
        '    tool look({"at":"b"}) → "saw b"',
        '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "two"',
      ],
      callbacks: [
        'run choir → "saw b"',
        '  agent one → "one"',
        '    chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
        '    tool look({"at":"a"}) → "saw a"',
        '    tool look({"at":"b"}) → "saw b"',
        '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "one"',
        '  agent two → "two"',
        '    chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
        '    tool look({"at":"a"}) → "saw a"',
        '    tool look({"at":"b"}) → "saw b"',
        '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "two"',
      ],
      both: [
        'run choir → "saw b"',
        '  agent one → "one"',
        '    chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
        '    tool look({"at":"a"}) → "saw a"',
        '    tool look({"at":"b"}) → "saw b"',
        '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "one"',
        '  agent two → "two"',
        '    chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
        '    tool look({"at":"a"}) → "saw a"',
        '    tool look({"at":"b"}) → "saw b"',
        '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "two"',
      ],
    },
  }),
  scenario("One agent called twice by a node, at once", agentWays, {
    program: (ours) => {
      const one = agentOf(ours, { model: looker("one"), name: "one" });
      return new StateGraph(MessagesAnnotation)
        .addNode("ask", async (state) => {
          const answers = await Promise.all([1, 2].map(() => one.invoke({ messages: state.messages })));
          return { messages: answers.map(({ messages }) => messages.at(-1)!) };
        })
        .addEdge("__start__", "ask")
        .compile({ name: "office" })
        .invoke(go(), config(ours.callbacks));
    },
    arrives: {
      middleware: [
        'run LangGraph → "one"',
        '  agent one → "one"',
        '    chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
        '    tool look({"at":"a"}) → "saw a"',
        '    tool look({"at":"b"}) → "saw b"',
        '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "one"',
        '  agent one → "one"',
        '    chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
        '    tool look({"at":"a"}) → "saw a"',
        '    tool look({"at":"b"}) → "saw b"',
        '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "one"',
      ],
      callbacks: [
        'run office → "one"',
        '  agent one → "one"',
        '    chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
        '    tool look({"at":"a"}) → "saw a"',
        '    tool look({"at":"b"}) → "saw b"',
        '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "one"',
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
        '  agent one → "one"',
        '    chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
        '    tool look({"at":"a"}) → "saw a"',
        '    tool look({"at":"b"}) → "saw b"',
        '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "one"',
      ],
    },
  }),
  scenario("An agent that another's middleware asks", agentWays, {
    program: (ours) => {
      const judge = agentOf(ours, { model: says("fine"), name: "judge" });
      const judged = createMiddleware({
        name: "judged",
        beforeAgent: async (state) => void (await judge.invoke({ messages: state.messages })),
      });
      return agentOf(ours, { model: looker(), middleware: [judged] }).invoke(go(), config(ours.callbacks));
    },
    arrives: {
      middleware: [
        'run LangGraph → "done"',
        '  agent judge → "fine"',
        '    chat scripted-1 [100, read 40, out 20, reasoning 5] → "fine"',
        '  agent scout → "done"',
        '    chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
        '    tool look({"at":"a"}) → "saw a"',
        '    tool look({"at":"b"}) → "saw b"',
        '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "done"',
      ],
      callbacks: [
        'run scout → "done"',
        '  agent judge → "fine"',
        '    chat scripted-1 [100, read 40, out 20, reasoning 5] → "fine"',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
        '  tool look({"at":"a"}) → "saw a"',
        '  tool look({"at":"b"}) → "saw b"',
        '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "done"',
      ],
      both: [
        'run scout → "done"',
        '  agent judge → "fine"',
        '    chat scripted-1 [100, read 40, out 20, reasoning 5] → "fine"',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
        '  tool look({"at":"a"}) → "saw a"',
        '  tool look({"at":"b"}) → "saw b"',
        '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "done"',
      ],
    },
  }),
];
