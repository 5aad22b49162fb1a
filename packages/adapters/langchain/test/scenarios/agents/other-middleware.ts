// Middleware that works beside ours.
import { ToolMessage } from "@langchain/core/messages";
import { createMiddleware, summarizationMiddleware } from "langchain";

import { agentOf, config, go, looker, loose, says } from "../props.ts";
import type { Scenario } from "../scenario.ts";
import { scenario } from "./agent-scenario.ts";

export const otherMiddleware: readonly Scenario[] = [
  scenario("A model asked by middleware (summarizationMiddleware)", {
    note: "Middleware sees the calls of the agent; what other middleware asks is seen by callbacks.",
    program: (ours) =>
      agentOf(ours, {
        model: looker(),
        middleware: [
          summarizationMiddleware(loose({ model: says("a summary"), trigger: { messages: 3 }, keep: { messages: 1 } })),
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
];
