// Nodes that are tasks or chains.
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { RunnableLambda } from "@langchain/core/runnables";
import { entrypoint, MessagesAnnotation, StateGraph, task } from "@langchain/langgraph";

import { config, go, says } from "../props.ts";
import type { Scenario } from "../scenario.ts";
import { scenario } from "./graph-scenario.ts";

export const otherNodes: readonly Scenario[] = [
  scenario("Functional API (entrypoint, task)", {
    note: "Tasks and nodes are the way, not steps: what runs inside stands below the run.",
    program: (ours) => {
      const ask = task("ask", async (question: string) => (await says("42").invoke(question)).text);
      const double = task("double", async (value: string) => Number(value) * 2);
      const flow = entrypoint("flow", async (question: string) => double(await ask(question)));
      return flow.invoke("meaning?", config(ours.callbacks));
    },
    arrives: ["run flow → 84", '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "42"'],
  }),
  scenario("A node that is a chain", {
    program: (ours) => {
      const chain = RunnableLambda.from((state: typeof MessagesAnnotation.State) => [
        new HumanMessage(`you said ${state.messages[0]?.text}`),
      ])
        .pipe(says("yes"))
        .pipe((message: AIMessage) => ({ messages: [message] }));
      return new StateGraph(MessagesAnnotation)
        .addNode("chain", chain)
        .addEdge("__start__", "chain")
        .compile()
        .invoke(go(), config(ours.callbacks));
    },
    arrives: ['run LangGraph → "yes"', '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "yes"'],
  }),
];
