// Pauses, and states that are saved and taken up again.
import { Command, interrupt, MemorySaver } from "@langchain/langgraph";
import { humanInTheLoopMiddleware, tool } from "langchain";
import { z } from "zod";

import { allSpans } from "../arrived.ts";
import { agentOf, call, config, go, looker, loose, says, stateBefore } from "../props.ts";
import type { Scenario } from "../scenario.ts";
import { scenario } from "./agent-scenario.ts";

export const savedStates: readonly Scenario[] = [
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
];
