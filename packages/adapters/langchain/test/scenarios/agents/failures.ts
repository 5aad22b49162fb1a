// Tools and models that fail, and what is done about it.
import { InMemoryCache } from "@langchain/core/caches";
import { modelFallbackMiddleware, modelRetryMiddleware, toolRetryMiddleware } from "langchain";

import { fatalToolErrors } from "../../fatal-tool-errors.ts";
import { orError } from "../observe.ts";
import { agentOf, broken, call, config, flaky, go, loose, says } from "../props.ts";
import type { Scenario } from "../scenario.ts";
import { scenario } from "./agent-scenario.ts";

export const failures: readonly Scenario[] = [
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
      orError(agentOf(ours, { model: says({ error: new Error("overloaded") }) }).invoke(go(), config(ours.callbacks))),
    arrives: ["run scout → failed Error: overloaded", "  chat scripted-1 → failed Error: overloaded"],
  }),
];
