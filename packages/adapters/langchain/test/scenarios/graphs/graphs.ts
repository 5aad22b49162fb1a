// Graphs of one's own.
import type { ScenarioGroup } from "../scenario.ts";
import { toolNodes } from "./tool-nodes.ts";
import { streams } from "./streams.ts";
import { shapes } from "./shapes.ts";
import { pauses } from "./pauses.ts";
import { again } from "./again.ts";
import { otherNodes } from "./other-nodes.ts";

export const graphs: ScenarioGroup = {
  title: "Graphs (StateGraph, functional API)",
  scenarios: [...toolNodes, ...streams, ...shapes, ...pauses, ...again, ...otherNodes],
};
