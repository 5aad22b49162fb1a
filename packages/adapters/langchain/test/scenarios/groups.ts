import { agents } from "./agents/agents.ts";
import { chains } from "./chains.ts";
import { content } from "./content.ts";
import { graphs } from "./graphs/graphs.ts";
import { multiAgent } from "./multi-agent/multi-agent.ts";
import { providers } from "./providers/providers.ts";
import type { Scenario, ScenarioGroup, Way } from "./scenario.ts";

export const groups: readonly ScenarioGroup[] = [agents, graphs, multiAgent, chains, providers, content];

/** The lines that have to arrive when a program is watched in this way. */
export function expectedLines({ arrives }: Scenario, way: Way): readonly string[] {
  if ("length" in arrives) return arrives;
  return arrives[way] ?? [];
}
