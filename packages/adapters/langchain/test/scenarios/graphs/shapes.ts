// Shapes of graphs: fanned out, in a batch, inside one another, with nodes that choose the way.
import { Annotation, Command, MemorySaver, MessagesAnnotation, Send, StateGraph } from "@langchain/langgraph";

import { config, go, says } from "../props.ts";
import type { Scenario } from "../scenario.ts";
import { asking, scenario } from "./graph-scenario.ts";

const Topics = Annotation.Root({
  topics: Annotation<string[]>(),
  jokes: Annotation<string[]>({ reducer: (one, other) => [...one, ...other], default: () => [] }),
});

export const shapes: readonly Scenario[] = [
  scenario("Send fan-out", {
    program: (ours) => {
      const model = says("haha");
      return new StateGraph(Topics)
        .addNode("plan", () => ({}))
        .addNode("joke", async ({ topic }: { topic: string }) => ({
          jokes: [(await model.invoke(`a joke about ${topic}`)).text],
        }))
        .addEdge("__start__", "plan")
        .addConditionalEdges("plan", ({ topics }) => topics.map((topic) => new Send("joke", { topic })), ["joke"])
        .compile()
        .invoke({ topics: ["cats", "dogs", "fish"] }, config(ours.callbacks));
    },
    arrives: [
      'run LangGraph → {"jokes":["haha","haha","haha"],"topics":["cats","dogs","fish"]}',
      '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "haha"',
      '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "haha"',
      '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "haha"',
    ],
  }),
  scenario("StateGraph, batch", {
    program: (ours) => {
      const model = says("haha");
      return new StateGraph(Topics)
        .addNode("joke", async ({ topics }) => ({ jokes: [(await model.invoke(`a joke about ${topics[0]}`)).text] }))
        .addEdge("__start__", "joke")
        .compile()
        .batch([{ topics: ["cats"] }, { topics: ["dogs"] }], config(ours.callbacks));
    },
    arrives: [
      'run LangGraph → {"jokes":["haha"],"topics":["cats"]}',
      '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "haha"',
      'run LangGraph → {"jokes":["haha"],"topics":["dogs"]}',
      '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "haha"',
    ],
  }),
  scenario("A graph inside a graph", {
    note: "A graph without a name has no span: its steps stand below the run, its checkpoints carry their namespace.",
    program: (ours) => {
      const inner = new StateGraph(MessagesAnnotation)
        .addNode("think", asking(says("thought")))
        .addEdge("__start__", "think")
        .compile({ checkpointer: true as never });
      return new StateGraph(MessagesAnnotation)
        .addNode("inner", inner)
        .addNode("answer", asking(says("first", "second")))
        .addEdge("__start__", "inner")
        .addEdge("inner", "answer")
        .compile({ checkpointer: ours.saver(new MemorySaver()) })
        .invoke(go(), config(ours.callbacks, "subgraph"));
    },
    arrives: [
      'run LangGraph → "second"',
      "  checkpoint input/-1",
      "  checkpoint loop/0",
      "  checkpoint input/-1 in inner",
      "  checkpoint loop/0 in inner",
      '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "thought"',
      "  checkpoint loop/1 in inner",
      "  checkpoint loop/1",
      '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "second"',
      "  checkpoint loop/2",
    ],
  }),
  scenario("A graph with a name inside a graph", {
    note: "A graph with a name is an agent inside.",
    program: (ours) => {
      const inner = new StateGraph(MessagesAnnotation)
        .addNode("think", asking(says("thought")))
        .addEdge("__start__", "think")
        .compile({ name: "thinker" });
      return new StateGraph(MessagesAnnotation)
        .addNode("inner", inner)
        .addEdge("__start__", "inner")
        .compile({ name: "whole" })
        .invoke(go(), config(ours.callbacks));
    },
    arrives: [
      'run whole → "thought"',
      '  agent thinker → "thought"',
      '    chat scripted-1 [100, read 40, out 20, reasoning 5] → "thought"',
    ],
  }),
  scenario("Nodes that say where to go (Command)", {
    program: (ours) =>
      new StateGraph(MessagesAnnotation)
        .addNode(
          "triage",
          async (state) =>
            new Command({
              goto: "expert",
              update: { messages: [await says("to the expert").invoke(state.messages)] },
            }),
          { ends: ["expert"] },
        )
        .addNode("expert", asking(says("one", "answered")))
        .addEdge("__start__", "triage")
        .compile()
        .invoke(go(), config(ours.callbacks)),
    arrives: [
      'run LangGraph → "answered"',
      '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "to the expert"',
      '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "answered"',
    ],
  }),
];
