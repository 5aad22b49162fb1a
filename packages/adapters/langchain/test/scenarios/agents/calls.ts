// The ways to call an agent, and to read what it says.
import { tool } from "langchain";
import { z } from "zod";

import { chunksOf, orError } from "../observe.ts";
import { agentOf, call, config, go, looker, loose, says } from "../props.ts";
import type { Scenario } from "../scenario.ts";
import { scenario } from "./agent-scenario.ts";

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

export const calls: readonly Scenario[] = [
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
];
