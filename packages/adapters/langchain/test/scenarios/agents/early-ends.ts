// Runs that are ended from outside.
import { MemorySaver } from "@langchain/langgraph";
import { tool } from "langchain";
import { z } from "zod";

import { firstOf, orError } from "../observe.ts";
import { agentOf, call, config, go, looker, says } from "../props.ts";
import type { Scenario } from "../scenario.ts";
import { scenario } from "./agent-scenario.ts";

export const earlyEnds: readonly Scenario[] = [
  scenario("An agent that never ends (recursionLimit)", {
    note: "No hook of middleware is called when the limit is reached; it counts the steps. Where nodes of other middleware (`beforeModel`, `afterModel`) take the last one, the run stays open, and the collector shows it as silent. Callbacks beside the middleware, or `run()`, know every end.",
    program: (ours) =>
      orError(
        agentOf(ours, {
          model: says(...Array.from({ length: 9 }, () => ({ tools: [call("look", { at: "a" })] }))),
          checkpointer: ours.saver(new MemorySaver()),
        }).invoke(go(), { ...config(ours.callbacks, "endless"), recursionLimit: 5 }),
      ),
    arrives: [
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
  scenario("An agent whose stream its reader leaves", {
    older:
      "Before LangGraph 1.7, the agent goes on without its reader; by callbacks its run ends when memory is next cleaned up.",
    program: (ours) =>
      firstOf(() =>
        agentOf(ours, { model: looker() }).stream(go(), { ...config(ours.callbacks), streamMode: "updates" }),
      ),
    arrives: {
      middleware: [
        "run scout → failed AbortError: This operation was aborted",
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
        '  tool look({"at":"a"}) → failed AbortError: This operation was aborted',
        '  tool look({"at":"b"}) → failed AbortError: This operation was aborted',
      ],
      callbacks: [
        "run scout → failed Error: Abort",
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
        '  tool look({"at":"a"}) → failed AbortError: This operation was aborted',
        '  tool look({"at":"b"}) → failed AbortError: This operation was aborted',
      ],
      both: [
        "run scout → failed Error: Abort",
        '  chat scripted-1 [100, read 40, out 20, reasoning 5] → (look twice) "I look." look({"at":"a"}) look({"at":"b"})',
        '  tool look({"at":"a"}) → failed AbortError: This operation was aborted',
        '  tool look({"at":"b"}) → failed AbortError: This operation was aborted',
      ],
    },
  }),
];
