// Agents that hand over to one another.
import type { ScenarioGroup } from "../scenario.ts";
import { nodeEnds } from "./node-ends.ts";
import { nodes } from "./nodes.ts";
import { packages } from "./packages.ts";

export const multiAgent: ScenarioGroup = { title: "Several agents", scenarios: [...packages, ...nodes, ...nodeEnds] };
