// Chains, models, tools and retrievers without a graph.
import { InMemoryCache } from "@langchain/core/caches";
import { dispatchCustomEvent } from "@langchain/core/callbacks/dispatch";
import { InMemoryChatMessageHistory } from "@langchain/core/chat_history";
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatPromptTemplate, MessagesPlaceholder } from "@langchain/core/prompts";
import {
  RunnableBranch,
  RunnableLambda,
  RunnableParallel,
  RunnablePassthrough,
  RunnableWithMessageHistory,
} from "@langchain/core/runnables";
import { FakeLLM } from "@langchain/core/utils/testing";
import { tool } from "langchain";
import { z } from "zod";

import { chunksOf, firstOf, orError } from "./observe.ts";
import { call, config, flaky, look, loose, says, Shelf } from "./props.ts";
import { callbacksOnly } from "./scenario.ts";
import type { Scenario, ScenarioGroup } from "./scenario.ts";

const scenario = (title: string, rest: Omit<Scenario, "title" | "ways">): Scenario => ({
  title,
  ways: callbacksOnly,
  ...rest,
});

const prompt = ChatPromptTemplate.fromMessages([
  ["system", "Be brief."],
  ["human", "{q}"],
]);
const explain = (model = says("because it is so")) => prompt.pipe(model).pipe(new StringOutputParser());

export const chains: ScenarioGroup = {
  title: "Chains, models, tools and retrievers (LCEL)",
  scenarios: [
    scenario("RunnableSequence: prompt, model, parser", {
      program: (ours) => explain().invoke({ q: "why?" }, loose({ ...config(ours.callbacks), runName: "explain" })),
      arrives: [
        'run explain → "because it is so"',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "because it is so"',
      ],
    }),
    scenario("RunnableSequence, stream", {
      program: (ours) => chunksOf(explain().stream({ q: "why?" }, config(ours.callbacks))),
      arrives: [
        'run RunnableSequence → "because it is so"',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "because it is so"',
      ],
    }),
    scenario("RunnableSequence, a stream that its reader leaves", {
      note: "LangChain tells nobody that the reader has gone. The run ends when memory is next cleaned up, with the time when something was last heard of it. A graph's stream ends as aborted at once.",
      program: (ours) => firstOf(() => explain().stream({ q: "why?" }, config(ours.callbacks))),
      arrives: [
        "run RunnableSequence → failed AbortError: Nothing can end this any more: the reader has left its stream, or something never settles",
        "  chat scripted-1 → failed AbortError: Nothing can end this any more: the reader has left its stream, or something never settles",
      ],
    }),
    scenario("RunnableSequence, streamEvents", {
      program: (ours) =>
        chunksOf(explain().streamEvents({ q: "why?" }, loose({ ...config(ours.callbacks), version: "v2" }))),
      arrives: [
        'run RunnableSequence → "because it is so"',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "because it is so"',
      ],
    }),
    scenario("RunnableSequence, batch", {
      older: "Before core 1.4, each run ends with the results of all.",
      program: (ours) => explain().batch([{ q: "why?" }, { q: "how?" }], config(ours.callbacks)),
      arrives: [
        'run RunnableSequence → "because it is so"',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "because it is so"',
        'run RunnableSequence → "because it is so"',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "because it is so"',
      ],
    }),
    scenario("batch with an error among the results", {
      program: (ours) =>
        RunnableLambda.from((text: string) => {
          if (text === "bad") throw new RangeError("bad");
          return text;
        })
          .withConfig({ runName: "check" })
          .batch(["good", "bad"], loose(config(ours.callbacks)), { returnExceptions: true })
          .then((all) => all.map(String)),
      arrives: ['run check → "good"', "run check → failed RangeError: bad"],
    }),
    scenario("RunnableParallel, RunnableBranch, RunnablePassthrough", {
      program: (ours) =>
        RunnableParallel.from({
          asked: new RunnablePassthrough<{ q: string }>(),
          one: explain(says("one")),
          two: RunnableBranch.from([
            [({ q }: { q: string }) => q === "why?", explain(says("two"))],
            explain(says("three")),
          ]),
        }).invoke({ q: "why?" }, config(ours.callbacks)),
      arrives: [
        'run RunnableMap → {"asked":{"q":"why?"},"one":"one","two":"two"}',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "one"',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "two"',
      ],
    }),
    scenario("Model retries (withRetry)", {
      program: (ours) =>
        says({ error: new Error("overloaded"), fails: 1, text: "at last" })
          .withRetry({ stopAfterAttempt: 3, onFailedAttempt: () => {} })
          .invoke("well?", config(ours.callbacks)),
      arrives: [
        'run ScriptedModel → "at last"',
        "  chat scripted-1 → failed Error: overloaded",
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "at last"',
      ],
    }),
    scenario("Model fallbacks (withFallbacks)", {
      program: (ours) =>
        says({ error: new Error("overloaded") })
          .withFallbacks([says("instead")])
          .invoke("well?", config(ours.callbacks)),
      arrives: [
        'run RunnableWithFallbacks → "instead"',
        "  chat scripted-1 → failed Error: overloaded",
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "instead"',
      ],
    }),
    scenario("A chain whose model fails", {
      program: (ours) =>
        orError(explain(says({ error: new Error("overloaded") })).invoke({ q: "why?" }, config(ours.callbacks))),
      arrives: ["run RunnableSequence → failed Error: overloaded", "  chat scripted-1 → failed Error: overloaded"],
    }),
    scenario("A model alone", {
      program: (ours) => says("hi").invoke([new HumanMessage("hello")], config(ours.callbacks)),
      arrives: ['run scripted-1 → "hi"', '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "hi"'],
    }),
    scenario("A model alone, batch and generate", {
      program: async (ours) => {
        const model = says("hi");
        const batch = await model.batch(["one", "two"], config(ours.callbacks));
        const { generations } = await model.generate(
          [[new HumanMessage("three")], [new HumanMessage("four")]],
          config(ours.callbacks),
        );
        return [batch, generations.flat().map(({ text }) => text)];
      },
      arrives: [
        'run scripted-1 → "hi"',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "hi"',
        'run scripted-1 → "hi"',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "hi"',
        'run scripted-1 → "hi"',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "hi"',
        'run scripted-1 → "hi"',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "hi"',
      ],
    }),
    scenario("A cached model call", {
      note: "An answer from the cache is an inference without tokens, marked `runreel.usage.cached`.",
      program: async (ours) => {
        const model = says("hi");
        model.cache = new InMemoryCache();
        const chain = prompt.pipe(model);
        return [
          await chain.invoke({ q: "why?" }, config(ours.callbacks)),
          await chain.invoke({ q: "why?" }, config(ours.callbacks)),
          model.requests.length,
        ];
      },
      arrives: [
        'run RunnableSequence → "hi"',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "hi"',
        'run RunnableSequence → "hi"',
        '  chat scripted-1 [cached] → "hi"',
      ],
    }),
    scenario("A text completion model", {
      program: (ours) => new FakeLLM({ response: "done" }).invoke("finish this:", config(ours.callbacks)),
      arrives: ['run FakeLLM → "done"', '  chat FakeLLM → "done"'],
    }),
    scenario("A tool alone", {
      program: (ours) => look.invoke({ at: "a" }, config(ours.callbacks)),
      arrives: ['run look → "saw a"', '  tool look({"at":"a"}) → "saw a"'],
    }),
    scenario("A tool called by a tool call, tried again", {
      program: (ours) =>
        flaky(1)
          .withRetry({ stopAfterAttempt: 2, onFailedAttempt: () => {} })
          .invoke(loose({ type: "tool_call", id: "c1", ...call("flaky") }), config(ours.callbacks)),
      arrives: ['run flaky → "fine"', "  tool flaky({}) → failed Error: busy", '  tool flaky({}) → "fine"'],
    }),
    scenario("A tool with a model inside", {
      program: (ours) => {
        const think = tool(async () => (await says("thought").invoke("think")).text, {
          name: "think",
          description: "Thinks",
          schema: z.object({}),
        });
        return think.invoke({}, config(ours.callbacks));
      },
      arrives: [
        'run think → "thought"',
        '  tool think({}) → "thought"',
        '    chat scripted-1 [100, read 40, out 20, reasoning 5] → "thought"',
      ],
    }),
    scenario("A retriever in a chain", {
      program: (ours) =>
        RunnableParallel.from({ context: new Shelf(), q: new RunnablePassthrough<string>() })
          .pipe(ChatPromptTemplate.fromTemplate("{q} given {context}"))
          .pipe(says("found"))
          .invoke("llamas", loose({ ...config(ours.callbacks), runName: "rag" })),
      arrives: [
        'run rag → "found"',
        '  code Shelf("llamas") → [{"metadata":{"shelf":3},"pageContent":"all about llamas"}]',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "found"',
      ],
    }),
    scenario("A retriever alone", {
      program: (ours) => new Shelf().invoke("llamas", config(ours.callbacks)),
      arrives: [
        'run Shelf → [{"metadata":{"shelf":3},"pageContent":"all about llamas"}]',
        '  code Shelf("llamas") → [{"metadata":{"shelf":3},"pageContent":"all about llamas"}]',
      ],
    }),
    scenario("A retriever that fails", {
      program: (ours) => orError(new Shelf(new Error("shelf is gone")).invoke("llamas", config(ours.callbacks))),
      arrives: ["run Shelf → failed Error: shelf is gone", '  code Shelf("llamas") → failed Error: shelf is gone'],
    }),
    scenario("RunnableWithMessageHistory", {
      program: async (ours) => {
        const history = new InMemoryChatMessageHistory();
        const chain = new RunnableWithMessageHistory(
          loose({
            runnable: ChatPromptTemplate.fromMessages([new MessagesPlaceholder("history"), ["human", "{q}"]]).pipe(
              says("first", "second"),
            ),
            getMessageHistory: () => history,
            inputMessagesKey: "q",
            historyMessagesKey: "history",
          }),
        );
        const given = loose({ ...config(ours.callbacks), configurable: { sessionId: "s" } });
        await chain.invoke({ q: "one?" }, given);
        return [await chain.invoke({ q: "two?" }, given), (await history.getMessages()).length];
      },
      arrives: [
        'run RunnableWithMessageHistory → "first"',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "first"',
        'run RunnableWithMessageHistory → "second"',
        '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "second"',
      ],
    }),
    scenario("Events of one's own (dispatchCustomEvent)", {
      note: "They are the program's own business, and not recorded.",
      program: (ours) =>
        RunnableLambda.from(async (text: string) => {
          await dispatchCustomEvent("half", { at: 1 });
          return text;
        }).invoke("x", config(ours.callbacks)),
      arrives: ['run RunnableLambda → "x"'],
    }),
    scenario("A chain that gives a message", {
      program: (ours) => RunnableLambda.from(() => new AIMessage("plain")).invoke("x", config(ours.callbacks)),
      arrives: ['run RunnableLambda → "plain"'],
    }),
  ],
};
