// Graphs of one's own.
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { RunnableLambda } from "@langchain/core/runnables";
import {
  Annotation,
  Command,
  entrypoint,
  interrupt,
  MemorySaver,
  MessagesAnnotation,
  Send,
  StateGraph,
  task,
} from "@langchain/langgraph";
import { createReactAgent, ToolNode, toolsCondition } from "@langchain/langgraph/prebuilt";

import { chunksOf, orError } from "./observe.ts";
import { broken, call, config, go, look, looker, loose, says, stateBefore } from "./props.ts";
import { callbacksOnly } from "./scenario.ts";
import type { Ours, Scenario, ScenarioGroup } from "./scenario.ts";

const scenario = (title: string, rest: Omit<Scenario, "title" | "ways">): Scenario => ({
  title,
  ways: callbacksOnly,
  ...rest,
});

type Model = ReturnType<typeof says>;
const asking = (model: Model) => async (state: typeof MessagesAnnotation.State) => ({
  messages: [await model.invoke(state.messages)],
});

const toolGraph = (
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

const Topics = Annotation.Root({
  topics: Annotation<string[]>(),
  jokes: Annotation<string[]>({ reducer: (one, other) => [...one, ...other], default: () => [] }),
});

const words = Array.from({ length: 105 }, (_, at) => `w${at}`).join(" ");
const shortWords = `${JSON.stringify(words).slice(0, 90)}…`;
const modes = ["values", "updates", "messages", "custom", "tasks", "debug", "checkpoints"];

const Text = Annotation.Root({ text: Annotation<string>() });

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

export const graphs: ScenarioGroup = {
  title: "Graphs (StateGraph, functional API)",
  scenarios: [
    scenario("StateGraph with ToolNode", {
      program: (ours) => toolGraph(ours, looker()).invoke(go(), config(ours.callbacks, "tool-node")),
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
      ],
    }),
    scenario("ToolNode: a tool that throws", {
      program: (ours) =>
        toolGraph(ours, says({ tools: [call("broken")] }, "sorry"), { tools: [broken] }).invoke(
          go(),
          config(ours.callbacks, "tool-node-error"),
        ),
      arrives: [
        'run LangGraph → "sorry"',
        "  checkpoint input/-1",
        "  checkpoint loop/0",
        "  chat scripted-1 [100, read 40, out 20, reasoning 5] → broken({})",
        "  checkpoint loop/1",
        "  tool broken({}) → failed RangeError: out of range",
        "  checkpoint loop/2",
        '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "sorry"',
        "  checkpoint loop/3",
      ],
    }),
    scenario("ToolNode: a tool that throws, fatally (handleToolErrors: false)", {
      program: (ours) =>
        orError(
          toolGraph(ours, says({ tools: [call("broken")] }), { tools: [broken], handleToolErrors: false }).invoke(
            go(),
            config(ours.callbacks, "tool-node-fatal"),
          ),
        ),
      arrives: [
        "run LangGraph → failed RangeError: out of range",
        "  checkpoint input/-1",
        "  checkpoint loop/0",
        "  chat scripted-1 [100, read 40, out 20, reasoning 5] → broken({})",
        "  checkpoint loop/1",
        "  tool broken({}) → failed RangeError: out of range",
      ],
    }),
    scenario("createReactAgent", {
      program: (ours) =>
        createReactAgent(loose({ llm: looker(), tools: [look], name: "scout" })).invoke(go(), config(ours.callbacks)),
      arrives: [
        'run scout → "done"',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
        '  tool look({"at":"a"}) → "saw a"',
        '  tool look({"at":"b"}) → "saw b"',
        '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "done"',
      ],
    }),
    ...modes.map((mode) =>
      scenario(`StateGraph, streamMode ${mode}`, {
        program: (ours) =>
          chunksOf(
            toolGraph(ours, looker(words)).stream(
              go(),
              loose({ ...config(ours.callbacks, `mode-${mode}`), streamMode: mode }),
            ),
          ),
        arrives: [
          `run LangGraph → ${shortWords}`,
          "  checkpoint input/-1",
          "  checkpoint loop/0",
          '  chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
          "  checkpoint loop/1",
          '  tool look({"at":"a"}) → "saw a"',
          '  tool look({"at":"b"}) → "saw b"',
          "  checkpoint loop/2",
          `  chat scripted-1 [101, read 40, out 20, reasoning 5] → ${shortWords}`,
          "  checkpoint loop/3",
        ],
      }),
    ),
    scenario("StateGraph, a stream that its reader leaves", {
      older: "Before LangGraph 1.7, the graph goes on without its reader, and its run stays open.",
      program: async (ours) => {
        const chunks: unknown[] = [];
        for await (const chunk of await toolGraph(ours, looker()).stream(
          go(),
          loose({ ...config(ours.callbacks, "left"), streamMode: "updates" }),
        )) {
          chunks.push(Object.keys(chunk as object));
          break;
        }
        return chunks;
      },
      arrives: [
        "run LangGraph → failed Error: Abort",
        "  checkpoint input/-1",
        "  checkpoint loop/0",
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
        "  checkpoint loop/1",
        '  tool look({"at":"a"}) → failed AbortError: This operation was aborted',
        '  tool look({"at":"b"}) → failed AbortError: This operation was aborted',
      ],
    }),
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
  ],
};
