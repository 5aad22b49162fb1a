// Graphs that go on where they have failed, or from a state that was edited.
import { AIMessage } from "@langchain/core/messages";
import { Annotation, MemorySaver, MessagesAnnotation, StateGraph } from "@langchain/langgraph";

import { orError } from "../observe.ts";
import { config, go, looker, says, stateBefore } from "../props.ts";
import type { Scenario } from "../scenario.ts";
import { asking, scenario, toolGraph } from "./graph-scenario.ts";

export const again: readonly Scenario[] = [
  scenario("A node that fails, and is tried again (retryPolicy)", {
    program: (ours) =>
      new StateGraph(MessagesAnnotation)
        .addNode("model", asking(says({ error: new Error("overloaded"), fails: 1, text: "at last" })), {
          retryPolicy: { maxAttempts: 3, initialInterval: 1, retryOn: () => true, logWarning: false },
        })
        .addEdge("__start__", "model")
        .compile()
        .invoke(go(), config(ours.callbacks)),
    arrives: [
      'run LangGraph → "at last"',
      "  chat scripted-1 → failed Error: overloaded",
      '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "at last"',
    ],
  }),
  scenario("Two nodes at once, of which one fails; then again", {
    program: async (ours) => {
      let fails = 1;
      const State = Annotation.Root({
        said: Annotation<string[]>({ reducer: (one, other) => [...one, ...other], default: () => [] }),
      });
      const graph = new StateGraph(State)
        .addNode("good", async () => ({ said: [(await says("fine").invoke("well?")).text] }))
        .addNode("bad", async () => {
          if (fails-- > 0) throw new TypeError("bad luck");
          return { said: ["good luck"] };
        })
        .addEdge("__start__", "good")
        .addEdge("__start__", "bad")
        .compile({ checkpointer: ours.saver(new MemorySaver()) });
      const first = await orError(graph.invoke({ said: [] }, config(ours.callbacks, "one-fails")));
      return [first, await graph.invoke(null, config(ours.callbacks, "one-fails"))];
    },
    arrives: [
      "run LangGraph → failed TypeError: bad luck",
      "  checkpoint input/-1",
      "  checkpoint loop/0",
      '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "fine"',
      'run LangGraph → {"said":["good luck","fine"]}',
      '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "fine"',
      "  checkpoint loop/1",
    ],
  }),
  scenario("Editing the past (updateState) and going on from there", {
    program: async (ours) => {
      const graph = toolGraph(ours, looker());
      await graph.invoke(go(), config(ours.callbacks, "edit"));
      const fork = await graph.updateState(
        await stateBefore(graph, "tools", "edit"),
        { messages: [new AIMessage({ content: "never mind" })] },
        "model",
      );
      return graph.invoke(null, { ...config(ours.callbacks), ...fork });
    },
    arrives: [
      'run LangGraph → "done"',
      "  checkpoint input/-1",
      "  checkpoint loop/0",
      '  chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
      "  checkpoint loop/1",
      '  tool look({"at":"a"}) → "saw a"',
      '  tool look({"at":"b"}) → "saw b"',
      "  checkpoint loop/2",
      '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "done"',
      "  checkpoint loop/3",
      'run LangGraph → "never mind"',
      "  checkpoint update/2",
    ],
  }),
];
