// Streamed graphs.
import { chunksOf, firstOf } from "../observe.ts";
import { config, go, looker, loose } from "../props.ts";
import type { Scenario } from "../scenario.ts";
import { scenario, toolGraph } from "./graph-scenario.ts";

const words = Array.from({ length: 105 }, (_, at) => `w${at}`).join(" ");
const shortWords = `${JSON.stringify(words).slice(0, 90)}…`;
const modes = ["values", "updates", "messages", "custom", "tasks", "debug", "checkpoints"];

export const streams: readonly Scenario[] = [
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
    older:
      "Before LangGraph 1.7, the graph goes on without its reader, and its run ends when memory is next cleaned up.",
    program: (ours) =>
      firstOf(() =>
        toolGraph(ours, looker()).stream(go(), loose({ ...config(ours.callbacks, "left"), streamMode: "updates" })),
      ),
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
];
