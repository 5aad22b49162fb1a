// Graphs that wait, and are resumed.
import { Command, interrupt, MemorySaver, StateGraph } from "@langchain/langgraph";

import { config } from "../props.ts";
import type { Ours, Scenario } from "../scenario.ts";
import { scenario, Text } from "./graph-scenario.ts";

/** A graph that asks a person in a graph inside it. */
const asksInside = (ours: Ours) => {
  const inner = new StateGraph(Text)
    .addNode("ask", ({ text }) => ({ text: `${text} ${String(interrupt("may I?"))}` }))
    .addEdge("__start__", "ask")
    .compile({ checkpointer: true as never });
  return new StateGraph(Text)
    .addNode("inner", inner)
    .addEdge("__start__", "inner")
    .compile({ checkpointer: ours.saver(new MemorySaver()) });
};

export const pauses: readonly Scenario[] = [
  scenario("interrupt() in a node, and resume", {
    program: async (ours) => {
      const graph = new StateGraph(Text)
        .addNode("ask", () => ({ text: String(interrupt("may I?")) }))
        .addEdge("__start__", "ask")
        .compile({ checkpointer: ours.saver(new MemorySaver()) });
      const first: unknown = await graph.invoke({ text: "" }, config(ours.callbacks, "interrupt"));
      return [first, await graph.invoke(new Command({ resume: "yes" }), config(ours.callbacks, "interrupt"))];
    },
    arrives: [
      "run LangGraph → paused",
      "  checkpoint input/-1",
      "  checkpoint loop/0",
      'run LangGraph → {"text":"yes"}',
      "  checkpoint loop/1",
    ],
  }),
  scenario("interrupt() in a graph inside, and resume", {
    program: async (ours) => {
      const graph = asksInside(ours);
      const first: unknown = await graph.invoke({ text: "I ask:" }, config(ours.callbacks, "interrupt-inside"));
      return [first, await graph.invoke(new Command({ resume: "yes" }), config(ours.callbacks, "interrupt-inside"))];
    },
    arrives: [
      "run LangGraph → paused",
      "  checkpoint input/-1",
      "  checkpoint loop/0",
      "  checkpoint input/-1 in inner",
      "  checkpoint loop/0 in inner",
      'run LangGraph → {"text":"I ask: yes"}',
      "  checkpoint loop/1 in inner",
      "  checkpoint loop/1",
    ],
  }),
  scenario("A stop before a node (interruptBefore), and resume", {
    program: async (ours) => {
      const graph = new StateGraph(Text)
        .addNode("one", () => ({ text: "one" }))
        .addNode("two", () => ({ text: "two" }))
        .addEdge("__start__", "one")
        .addEdge("one", "two")
        .compile({ checkpointer: ours.saver(new MemorySaver()), interruptBefore: ["two"] });
      const first: unknown = await graph.invoke({ text: "" }, config(ours.callbacks, "stop-before"));
      return [first, await graph.invoke(null, config(ours.callbacks, "stop-before"))];
    },
    arrives: [
      "run LangGraph → paused",
      "  checkpoint input/-1",
      "  checkpoint loop/0",
      "  checkpoint loop/1",
      'run LangGraph → {"text":"two"}',
      "  checkpoint loop/2",
    ],
  }),
];
