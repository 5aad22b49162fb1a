// The graphs that several programs share.
import { Annotation, MemorySaver, MessagesAnnotation, StateGraph } from "@langchain/langgraph";
import { ToolNode, toolsCondition } from "@langchain/langgraph/prebuilt";

import { look, loose, says } from "../props.ts";
import { callbacksOnly } from "../scenario.ts";
import type { Ours, Scenario } from "../scenario.ts";

export const scenario = (title: string, rest: Omit<Scenario, "title" | "ways">): Scenario => ({
  title,
  ways: callbacksOnly,
  ...rest,
});

type Model = ReturnType<typeof says>;
export const asking = (model: Model) => async (state: typeof MessagesAnnotation.State) => ({
  messages: [await model.invoke(state.messages)],
});

export const toolGraph = (
  ours: Ours,
  model: Model,
  { tools = [look], ...options }: { tools?: unknown[]; [option: string]: unknown } = {},
) =>
  new StateGraph(MessagesAnnotation)
    .addNode("model", asking(model))
    .addNode("tools", new ToolNode(loose(tools), loose(options)))
    .addEdge("__start__", "model")
    .addConditionalEdges("model", toolsCondition, ["tools", "__end__"])
    .addEdge("tools", "model")
    .compile({ checkpointer: ours.saver(new MemorySaver()) });

export const Text = Annotation.Root({ text: Annotation<string>() });
