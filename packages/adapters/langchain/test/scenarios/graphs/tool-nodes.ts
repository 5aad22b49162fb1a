// Graphs that call tools.
import { createReactAgent } from "@langchain/langgraph/prebuilt";

import { orError } from "../observe.ts";
import { broken, call, config, go, look, looker, loose, says } from "../props.ts";
import type { Scenario } from "../scenario.ts";
import { scenario, toolGraph } from "./graph-scenario.ts";

export const toolNodes: readonly Scenario[] = [
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
];
