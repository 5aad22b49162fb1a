// Agents of `createAgent`.
import { InMemoryCache } from "@langchain/core/caches";
import { ToolMessage } from "@langchain/core/messages";
import { Command, InMemoryStore, interrupt, MemorySaver } from "@langchain/langgraph";
import { createRetrieverTool } from "@langchain/classic/tools/retriever";
import {
  createMiddleware,
  humanInTheLoopMiddleware,
  modelFallbackMiddleware,
  modelRetryMiddleware,
  summarizationMiddleware,
  tool,
  toolRetryMiddleware,
  toolStrategy,
} from "langchain";
import { z } from "zod";

import { allSpans } from "./arrived.ts";

import { fatalToolErrors } from "../fatal-tool-errors.ts";
import { chunksOf, orError } from "./observe.ts";
import { agentOf, broken, call, config, flaky, go, looker, loose, says, Shelf, stateBefore } from "./props.ts";
import { agentWays } from "./scenario.ts";
import type { Scenario, ScenarioGroup } from "./scenario.ts";

const scenario = (title: string, rest: Omit<Scenario, "title" | "ways"> & { ways?: Scenario["ways"] }): Scenario => ({
  title,
  ways: agentWays,
  ...rest,
});

const modes = ["values", "updates", "messages", "custom", "tasks", "debug"];

/** The kind of a span that calls somebody else. */
const CLIENT = 3;

const lookedTwice = [
  'run scout → "done"',
  '  chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
  '  tool look({"at":"a"}) → "saw a"',
  '  tool look({"at":"b"}) → "saw b"',
  '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "done"',
];

const streamed: Scenario[] = [...modes.map((mode) => [mode]), ["updates", "messages"]].map((mode) =>
  scenario(`createAgent, streamMode ${mode.join(" + ")}`, {
    program: (ours) =>
      chunksOf(
        agentOf(ours, { model: looker() }).stream(go(), {
          ...config(ours.callbacks),
          streamMode: mode.length === 1 ? mode[0] : mode,
        }),
      ),
    arrives: lookedTwice,
  }),
);

export const agents: ScenarioGroup = {
  title: "Agents of createAgent",
  scenarios: [
    scenario("createAgent with parallel tools", {
      program: (ours) =>
        agentOf(ours, { model: looker(), systemPrompt: "Be brief." }).invoke(go(), config(ours.callbacks)),
      arrives: [
        'run scout → "done"',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
        '  tool look({"at":"a"}) → "saw a"',
        '  tool look({"at":"b"}) → "saw b"',
        '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "done"',
      ],
      check: ({ expect, roots }) => {
        const [chat, first, second] = roots[0]!.children;
        expect(chat).toMatchObject({
          kind: CLIENT,
          system: [{ type: "text", content: "Be brief." }],
          input: [{ role: "user", parts: [{ type: "text", content: "go" }] }],
          attributes: {
            "gen_ai.provider.name": "mistral_ai",
            "gen_ai.response.model": "scripted-1-2026",
            "gen_ai.response.id": "answer-0",
            "gen_ai.response.finish_reasons": ["tool_calls"],
            "gen_ai.agent.name": "scout",
          },
        });
        const ids = [first, second].map((one) => one?.attributes["gen_ai.tool.call.id"]);
        expect(ids).toEqual(["call_0_0", "call_0_1"]);
      },
    }),
    ...streamed,
    scenario("createAgent, streamEvents", {
      program: (ours) =>
        chunksOf(agentOf(ours, { model: looker() }).streamEvents(go(), { ...config(ours.callbacks), version: "v2" })),
      arrives: [
        'run scout → "done"',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
        '  tool look({"at":"a"}) → "saw a"',
        '  tool look({"at":"b"}) → "saw b"',
        '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "done"',
      ],
    }),
    scenario("createAgent, streamEvents v3", {
      older: "Before langchain 1.5, agents have no such stream.",
      program: (ours) =>
        orError(
          (async () => {
            const agent = agentOf(ours, { model: says("all is well") });
            return chunksOf(await agent.streamEvents(go(), { ...config(ours.callbacks), version: "v3" }));
          })(),
        ),
      arrives: ['run scout → "all is well"', '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "all is well"'],
    }),
    scenario("A tool that streams (generator), streamMode tools", {
      program: (ours) => {
        const count = tool(
          loose(async function* () {
            yield "one";
            yield "two";
            return "three";
          }),
          { name: "count", description: "Counts", schema: z.object({}) },
        );
        const agent = agentOf(ours, { model: says({ tools: [call("count")] }, "done"), tools: [count] });
        return chunksOf(agent.stream(go(), { ...config(ours.callbacks), streamMode: "tools" }));
      },
      arrives: [
        'run scout → "done"',
        "  chat scripted-1 [100, read 40, out 20, reasoning 5] → count({})",
        '  tool count({}) → "three"',
        '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "done"',
      ],
    }),
    scenario("createAgent, two at once", {
      program: (ours) => {
        const agent = agentOf(ours, { model: looker() });
        return Promise.all([agent.invoke(go(), config(ours.callbacks)), agent.invoke(go(), config(ours.callbacks))]);
      },
      arrives: [
        'run scout → "done"',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
        '  tool look({"at":"a"}) → "saw a"',
        '  tool look({"at":"b"}) → "saw b"',
        '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "done"',
        'run scout → "done"',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
        '  tool look({"at":"a"}) → "saw a"',
        '  tool look({"at":"b"}) → "saw b"',
        '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "done"',
      ],
    }),
    scenario("Structured output (toolStrategy)", {
      program: (ours) =>
        agentOf(ours, {
          model: says({ tools: [call("extract-1", { city: "Bern" })] }),
          responseFormat: toolStrategy(
            loose({ title: "extract-1", type: "object", properties: { city: { type: "string" } }, required: ["city"] }),
          ),
        }).invoke(go(), config(ours.callbacks)),
      arrives: [
        'run scout → {"city":"Bern"}',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → extract-1({"city":"Bern"})',
      ],
    }),
    scenario("A tool with returnDirect", {
      program: (ours) => {
        const direct = tool(() => "direct", {
          name: "direct",
          description: "Direct",
          schema: z.object({}),
          returnDirect: true,
        });
        return agentOf(ours, { model: says({ tools: [call("direct")] }), tools: [direct] }).invoke(
          go(),
          config(ours.callbacks),
        );
      },
      arrives: [
        'run scout → "direct"',
        "  chat scripted-1 [100, read 40, out 20, reasoning 5] → direct({})",
        '  tool direct({}) → "direct"',
      ],
    }),
    scenario("A tool result with an artifact", {
      program: (ours) => {
        const chart = tool(() => ["a chart", { points: [1, 2] }], {
          name: "chart",
          description: "Draws",
          schema: z.object({}),
          responseFormat: "content_and_artifact",
        });
        return agentOf(ours, { model: says({ tools: [call("chart")] }, "drawn"), tools: [chart] }).invoke(
          go(),
          config(ours.callbacks),
        );
      },
      arrives: [
        'run scout → "drawn"',
        "  chat scripted-1 [100, read 40, out 20, reasoning 5] → chart({})",
        '  tool chart({}) → "a chart"',
        '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "drawn"',
      ],
      check: ({ expect, roots }) => {
        expect(roots[0]?.children[1]?.raw).toBeInstanceOf(ToolMessage);
        expect(roots[0]?.children[1]?.raw).toMatchObject({ artifact: { points: [1, 2] } });
      },
    }),
    scenario("A tool that updates the state (Command)", {
      program: (ours) => {
        const note = tool(
          (_: object, runtime: { toolCallId?: string; toolCall?: { id?: string } }) =>
            new Command({
              update: {
                messages: [
                  new ToolMessage({ content: "noted", tool_call_id: runtime.toolCallId ?? runtime.toolCall?.id ?? "" }),
                ],
              },
            }),
          {
            name: "note",
            description: "Notes",
            schema: z.object({}),
          },
        );
        return agentOf(ours, { model: says({ tools: [call("note")] }, "ok"), tools: [note] }).invoke(
          go(),
          config(ours.callbacks),
        );
      },
      arrives: [
        'run scout → "ok"',
        "  chat scripted-1 [100, read 40, out 20, reasoning 5] → note({})",
        '  tool note({}) → "noted"',
        '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "ok"',
      ],
    }),
    scenario("Long-term memory (store)", {
      note: "What a tool reads and writes in the store is a part of the tool call.",
      program: async (ours) => {
        const store = new InMemoryStore();
        const remember = tool(
          async ({ fact }: { fact: string }, runtime: { store?: unknown }) => {
            const memory = runtime.store as InMemoryStore;
            await memory.put(["facts"], "1", { fact });
            return `known: ${String((await memory.get(["facts"], "1"))?.value["fact"])}`;
          },
          { name: "remember", description: "Remembers", schema: z.object({ fact: z.string() }) },
        );
        const answer: unknown = await agentOf(ours, {
          model: says({ tools: [call("remember", { fact: "likes tea" })] }, "ok"),
          tools: [remember],
          store,
        }).invoke(go(), config(ours.callbacks));
        return [answer, (await store.get(["facts"], "1"))?.value];
      },
      arrives: [
        'run scout → "ok"',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → remember({"fact":"likes tea"})',
        '  tool remember({"fact":"likes tea"}) → "known: likes tea"',
        '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "ok"',
      ],
    }),
    scenario("A retriever as a tool", {
      note: "Callbacks go down to the retriever; middleware sees the tool.",
      program: (ours) => {
        const search = createRetrieverTool(new Shelf(), { name: "search", description: "Searches" });
        return agentOf(ours, {
          model: says({ tools: [call("search", { query: "llamas" })] }, "found"),
          tools: [search],
        }).invoke(go(), config(ours.callbacks));
      },
      arrives: {
        middleware: [
          'run scout → "found"',
          '  chat scripted-1 [100, read 40, out 20, reasoning 5] → search({"query":"llamas"})',
          '  tool search({"query":"llamas"}) → "all about llamas"',
          '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "found"',
        ],
        callbacks: [
          'run scout → "found"',
          '  chat scripted-1 [100, read 40, out 20, reasoning 5] → search({"query":"llamas"})',
          '  tool search({"query":"llamas"}) → "all about llamas"',
          '    code Shelf("llamas") → [{"metadata":{"shelf":3},"pageContent":"all about llamas"}]',
          '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "found"',
        ],
        both: [
          'run scout → "found"',
          '  chat scripted-1 [100, read 40, out 20, reasoning 5] → search({"query":"llamas"})',
          '  tool search({"query":"llamas"}) → "all about llamas"',
          '    code Shelf("llamas") → [{"metadata":{"shelf":3},"pageContent":"all about llamas"}]',
          '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "found"',
        ],
      },
    }),
    scenario("An agent as a tool of another", {
      program: (ours) => {
        const helper = agentOf(ours, { model: looker("helped"), name: "helper" });
        const help = tool(async () => (await helper.invoke(go())).messages.at(-1)?.text ?? "", {
          name: "help",
          description: "Helps",
          schema: z.object({}),
        });
        return agentOf(ours, { model: says({ tools: [call("help")] }, "done"), tools: [help], name: "boss" }).invoke(
          go(),
          config(ours.callbacks),
        );
      },
      arrives: [
        'run boss → "done"',
        "  chat scripted-1 [100, read 40, out 20, reasoning 5] → help({})",
        '  tool help({}) → "helped"',
        '    agent helper → "helped"',
        '      chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
        '      tool look({"at":"a"}) → "saw a"',
        '      tool look({"at":"b"}) → "saw b"',
        '      chat scripted-1 [101, read 40, out 20, reasoning 5] → "helped"',
        '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "done"',
      ],
    }),
    scenario("A tool that throws", {
      program: (ours) =>
        agentOf(ours, { model: says({ tools: [call("broken")] }, "sorry"), tools: [broken] }).invoke(
          go(),
          config(ours.callbacks),
        ),
      arrives: [
        'run scout → "sorry"',
        "  chat scripted-1 [100, read 40, out 20, reasoning 5] → broken({})",
        "  tool broken({}) → failed RangeError: out of range",
        '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "sorry"',
      ],
      check: ({ expect, roots }) => {
        const [event] = roots[0]!.children[1]!.events;
        expect(event).toMatchObject({ name: "exception", attributes: { "exception.type": "RangeError" } });
      },
    }),
    scenario("A tool that throws, fatally (wrapToolCall)", {
      program: (ours) =>
        orError(
          agentOf(ours, {
            model: says({ tools: [call("broken")] }, "sorry"),
            tools: [broken],
            middleware: [fatalToolErrors()],
          }).invoke(go(), config(ours.callbacks)),
        ),
      arrives: [
        "run scout → failed RangeError: out of range",
        "  chat scripted-1 [100, read 40, out 20, reasoning 5] → broken({})",
        "  tool broken({}) → failed RangeError: out of range",
      ],
    }),
    scenario("Arguments that do not fit, and a tool that nobody knows", {
      note: "LangChain tells no callback of a call that does not reach its tool.",
      program: (ours) =>
        agentOf(ours, { model: says({ tools: [call("look", { at: 5 })] }, { tools: [call("fly")] }, "sorry") }).invoke(
          go(),
          config(ours.callbacks),
        ),
      arrives: {
        middleware: [
          'run scout → "sorry"',
          '  chat scripted-1 [100, read 40, out 20, reasoning 5] → look({"at":5})',
          '  tool look({"at":5}) → failed ToolInvocationError: Error invoking tool \'look\' with kwargs {"at":5} with error: Error: Received tool input did…',
          "  chat scripted-1 [101, read 40, out 20, reasoning 5] → fly({})",
          "  tool fly({}) → failed ToolError: Error: fly is not a valid tool, try one of [look].",
          '  chat scripted-1 [102, read 40, out 20, reasoning 5] → "sorry"',
        ],
        callbacks: [
          'run scout → "sorry"',
          '  chat scripted-1 [100, read 40, out 20, reasoning 5] → look({"at":5})',
          "  chat scripted-1 [101, read 40, out 20, reasoning 5] → fly({})",
          '  chat scripted-1 [102, read 40, out 20, reasoning 5] → "sorry"',
        ],
        both: [
          'run scout → "sorry"',
          '  chat scripted-1 [100, read 40, out 20, reasoning 5] → look({"at":5})',
          '  tool look({"at":5}) → failed ToolInvocationError: Error invoking tool \'look\' with kwargs {"at":5} with error: Error: Received tool input did…',
          "  chat scripted-1 [101, read 40, out 20, reasoning 5] → fly({})",
          "  tool fly({}) → failed ToolError: Error: fly is not a valid tool, try one of [look].",
          '  chat scripted-1 [102, read 40, out 20, reasoning 5] → "sorry"',
        ],
      },
    }),
    scenario("Tool retries (toolRetryMiddleware)", {
      note: "Each attempt is a tool call, with `runreelMiddleware()` last in the list.",
      program: (ours) =>
        agentOf(ours, {
          model: says({ tools: [call("flaky")] }, "ok"),
          tools: [flaky(2)],
          middleware: [toolRetryMiddleware({ maxRetries: 3, initialDelayMs: 1, jitter: false })],
        }).invoke(go(), config(ours.callbacks)),
      arrives: [
        'run scout → "ok"',
        "  chat scripted-1 [100, read 40, out 20, reasoning 5] → flaky({})",
        "  tool flaky({}) → failed Error: busy",
        "  tool flaky({}) → failed Error: busy",
        '  tool flaky({}) → "fine"',
        '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "ok"',
      ],
    }),
    scenario("Model retries (modelRetryMiddleware)", {
      note: "Each attempt is an inference, with `runreelMiddleware()` last in the list.",
      program: (ours) => {
        const unreliable = says({ error: new Error("overloaded"), fails: 1, text: "at last" });
        return agentOf(ours, {
          model: unreliable,
          middleware: [modelRetryMiddleware({ maxRetries: 2, initialDelayMs: 1, jitter: false })],
        }).invoke(go(), config(ours.callbacks));
      },
      arrives: [
        'run scout → "at last"',
        "  chat scripted-1 → failed Error: overloaded",
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "at last"',
      ],
    }),
    scenario("A model with a cache in an agent", {
      note: "In a graph the cache of a model is never hit: LangChain's key holds ids of the run.",
      program: async (ours) => {
        const model = says("hi");
        model.cache = new InMemoryCache();
        const agent = agentOf(ours, { model });
        const answers = [
          await agent.invoke(go(), config(ours.callbacks)),
          await agent.invoke(go(), config(ours.callbacks)),
        ];
        return [answers, model.requests.length];
      },
      arrives: [
        'run scout → "hi"',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "hi"',
        'run scout → "hi"',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "hi"',
      ],
    }),
    scenario("Model fallback (modelFallbackMiddleware)", {
      program: (ours) =>
        agentOf(ours, {
          model: says({ error: new Error("overloaded") }),
          middleware: [modelFallbackMiddleware(loose(says("instead")))],
        }).invoke(go(), config(ours.callbacks)),
      arrives: [
        'run scout → "instead"',
        "  chat scripted-1 → failed Error: overloaded",
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "instead"',
      ],
    }),
    scenario("A model that fails", {
      program: (ours) =>
        orError(
          agentOf(ours, { model: says({ error: new Error("overloaded") }) }).invoke(go(), config(ours.callbacks)),
        ),
      arrives: ["run scout → failed Error: overloaded", "  chat scripted-1 → failed Error: overloaded"],
    }),
    scenario("A model asked by middleware (summarizationMiddleware)", {
      note: "Middleware sees the calls of the agent; what other middleware asks is seen by callbacks.",
      program: (ours) =>
        agentOf(ours, {
          model: looker(),
          middleware: [
            summarizationMiddleware(
              loose({ model: says("a summary"), trigger: { messages: 3 }, keep: { messages: 1 } }),
            ),
          ],
        }).invoke(go(), config(ours.callbacks)),
      arrives: {
        middleware: [
          'run scout → "done"',
          '  chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
          '  tool look({"at":"a"}) → "saw a"',
          '  tool look({"at":"b"}) → "saw b"',
          '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "done"',
        ],
        callbacks: [
          'run scout → "done"',
          '  chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
          '  tool look({"at":"a"}) → "saw a"',
          '  tool look({"at":"b"}) → "saw b"',
          '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "a summary"',
          '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "done"',
        ],
        both: [
          'run scout → "done"',
          '  chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
          '  tool look({"at":"a"}) → "saw a"',
          '  tool look({"at":"b"}) → "saw b"',
          '  chat scripted-1 [100, read 40, out 20, reasoning 5] → "a summary"',
          '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "done"',
        ],
      },
    }),
    scenario("Middleware that answers in a tool's place", {
      note: "The tool did not run, so there is no tool call. What the model read instead is in the next inference.",
      program: (ours) =>
        agentOf(ours, {
          model: looker(),
          middleware: [
            createMiddleware({
              name: "deny",
              wrapToolCall: ({ toolCall }) =>
                new ToolMessage({ content: "denied", tool_call_id: toolCall.id ?? "", status: "error" }),
            }),
          ],
        }).invoke(go(), config(ours.callbacks)),
      arrives: [
        'run scout → "done"',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
        '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "done"',
      ],
    }),
    scenario("A tool that interrupts, and resume", {
      note: "A pause is no error. What resumes is a run of its own in the same conversation.",
      program: async (ours) => {
        const ask = tool(() => String(interrupt("may I?")), { name: "ask", description: "Asks", schema: z.object({}) });
        const agent = agentOf(ours, {
          model: says({ tools: [call("ask")] }, "thanks"),
          tools: [ask],
          checkpointer: ours.saver(new MemorySaver()),
        });
        const first: unknown = await agent.invoke(go(), config(ours.callbacks, "asked-by-tool"));
        return [first, await agent.invoke(new Command({ resume: "yes" }), config(ours.callbacks, "asked-by-tool"))];
      },
      arrives: [
        "run scout → paused",
        "  checkpoint input/-1",
        "  checkpoint loop/0",
        "  chat scripted-1 [100, read 40, out 20, reasoning 5] → ask({})",
        "  checkpoint loop/1",
        "  tool ask({}) → paused",
        'run scout → "thanks"',
        '  tool ask({}) → "yes"',
        "  checkpoint loop/2",
        '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "thanks"',
        "  checkpoint loop/3",
      ],
    }),
    scenario("humanInTheLoopMiddleware, and resume", {
      program: async (ours) => {
        const agent = agentOf(ours, {
          model: says({ tools: [call("look", { at: "a" })] }, "done"),
          checkpointer: ours.saver(new MemorySaver()),
          middleware: [humanInTheLoopMiddleware(loose({ interruptOn: { look: true } }))],
        });
        const first: unknown = await agent.invoke(go(), config(ours.callbacks, "asked-by-middleware"));
        return [
          first,
          await agent.invoke(
            new Command({ resume: { decisions: [{ type: "approve" }] } }),
            config(ours.callbacks, "asked-by-middleware"),
          ),
        ];
      },
      arrives: [
        "run scout → paused",
        "  checkpoint input/-1",
        "  checkpoint loop/0",
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → look({"at":"a"})',
        "  checkpoint loop/1",
        'run scout → "done"',
        "  checkpoint loop/2",
        '  tool look({"at":"a"}) → "saw a"',
        "  checkpoint loop/3",
        '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "done"',
        "  checkpoint loop/4",
        "  checkpoint loop/5",
      ],
      check: ({ expect, roots }) => {
        expect(roots.map(({ attributes }) => attributes["gen_ai.conversation.id"])).toEqual(
          roots.map(() => "asked-by-middleware"),
        );
        expect(new Set(roots.map(({ traceId }) => traceId)).size).toBe(2);
        const saved = allSpans(roots).filter(({ name }) => name === "checkpoint");
        const ids = saved.map(({ attributes }) => attributes["runreel.checkpoint.id"]);
        const parents = saved.map(({ attributes }) => attributes["runreel.checkpoint.parent_id"]);
        expect(parents).toEqual([undefined, ...ids.slice(0, -1)]);
      },
    }),
    scenario("Checkpoints kept only at the end (durability exit)", {
      note: "LangGraph saves once, so there is one checkpoint.",
      program: async (ours) => {
        const agent = agentOf(ours, { model: looker(), checkpointer: ours.saver(new MemorySaver()) });
        return agent.invoke(go(), { ...config(ours.callbacks, "exit"), durability: "exit" });
      },
      arrives: [
        'run scout → "done"',
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
        '  tool look({"at":"a"}) → "saw a"',
        '  tool look({"at":"b"}) → "saw b"',
        '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "done"',
        "  checkpoint loop/3",
      ],
    }),
    scenario("Time travel to an earlier checkpoint", {
      program: async (ours) => {
        const agent = agentOf(ours, { model: looker(), checkpointer: ours.saver(new MemorySaver()) });
        await agent.invoke(go(), config(ours.callbacks, "travel"));
        return agent.invoke(null, {
          ...config(ours.callbacks),
          ...(await stateBefore(agent.graph, "tools", "travel")),
        });
      },
      arrives: [
        'run scout → "done"',
        "  checkpoint input/-1",
        "  checkpoint loop/0",
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
        "  checkpoint loop/1",
        '  tool look({"at":"a"}) → "saw a"',
        '  tool look({"at":"b"}) → "saw b"',
        "  checkpoint loop/2",
        '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "done"',
        "  checkpoint loop/3",
        'run scout → "done"',
        "  checkpoint fork/2",
        '  tool look({"at":"a"}) → "saw a"',
        '  tool look({"at":"b"}) → "saw b"',
        "  checkpoint loop/3",
        '  chat scripted-1 [101, read 40, out 20, reasoning 5] → "done"',
        "  checkpoint loop/4",
      ],
    }),
    scenario("An agent that never ends (recursionLimit)", {
      note: "No hook of middleware is called when the limit is reached, so the run stays open, and the collector shows it as silent. Callbacks beside the middleware, or `run()`, know the end.",
      program: (ours) =>
        orError(
          agentOf(ours, {
            model: says(...Array.from({ length: 9 }, () => ({ tools: [call("look", { at: "a" })] }))),
            checkpointer: ours.saver(new MemorySaver()),
          }).invoke(go(), { ...config(ours.callbacks, "endless"), recursionLimit: 5 }),
        ),
      arrives: {
        middleware: [
          "run scout → still open",
          "  checkpoint input/-1",
          "  checkpoint loop/0",
          '  chat scripted-1 [100, read 40, out 20, reasoning 5] → look({"at":"a"})',
          "  checkpoint loop/1",
          '  tool look({"at":"a"}) → "saw a"',
          "  checkpoint loop/2",
          '  chat scripted-1 [101, read 40, out 20, reasoning 5] → look({"at":"a"})',
          "  checkpoint loop/3",
          '  tool look({"at":"a"}) → "saw a"',
          "  checkpoint loop/4",
          '  chat scripted-1 [102, read 40, out 20, reasoning 5] → look({"at":"a"})',
          "  checkpoint loop/5",
        ],
        callbacks: [
          "run scout → failed GraphRecursionError: Recursion limit of 5 reached without hitting a stop condition. You can increase the limit …",
          "  checkpoint input/-1",
          "  checkpoint loop/0",
          '  chat scripted-1 [100, read 40, out 20, reasoning 5] → look({"at":"a"})',
          "  checkpoint loop/1",
          '  tool look({"at":"a"}) → "saw a"',
          "  checkpoint loop/2",
          '  chat scripted-1 [101, read 40, out 20, reasoning 5] → look({"at":"a"})',
          "  checkpoint loop/3",
          '  tool look({"at":"a"}) → "saw a"',
          "  checkpoint loop/4",
          '  chat scripted-1 [102, read 40, out 20, reasoning 5] → look({"at":"a"})',
          "  checkpoint loop/5",
        ],
        both: [
          "run scout → failed GraphRecursionError: Recursion limit of 5 reached without hitting a stop condition. You can increase the limit …",
          "  checkpoint input/-1",
          "  checkpoint loop/0",
          '  chat scripted-1 [100, read 40, out 20, reasoning 5] → look({"at":"a"})',
          "  checkpoint loop/1",
          '  tool look({"at":"a"}) → "saw a"',
          "  checkpoint loop/2",
          '  chat scripted-1 [101, read 40, out 20, reasoning 5] → look({"at":"a"})',
          "  checkpoint loop/3",
          '  tool look({"at":"a"}) → "saw a"',
          "  checkpoint loop/4",
          '  chat scripted-1 [102, read 40, out 20, reasoning 5] → look({"at":"a"})',
          "  checkpoint loop/5",
        ],
      },
    }),
    scenario("An agent that is aborted", {
      program: (ours) => {
        const stop = new AbortController();
        const slow = tool(
          () => {
            stop.abort(new Error("enough"));
            return new Promise<string>((resolve) => void setTimeout(resolve, 5, "late"));
          },
          { name: "slow", description: "Slow", schema: z.object({}) },
        );
        return orError(
          agentOf(ours, { model: says({ tools: [call("slow")] }, "done"), tools: [slow] }).invoke(go(), {
            ...config(ours.callbacks),
            signal: stop.signal,
          }),
        );
      },
      arrives: {
        middleware: [
          "run scout → failed Error: enough",
          "  chat scripted-1 [100, read 40, out 20, reasoning 5] → slow({})",
          "  tool slow({}) → failed Error: enough",
        ],
        callbacks: [
          "run scout → failed Error: Abort",
          "  chat scripted-1 [100, read 40, out 20, reasoning 5] → slow({})",
          "  tool slow({}) → failed Error: enough",
        ],
        both: [
          "run scout → failed Error: Abort",
          "  chat scripted-1 [100, read 40, out 20, reasoning 5] → slow({})",
          "  tool slow({}) → failed Error: enough",
        ],
      },
    }),
  ],
};
