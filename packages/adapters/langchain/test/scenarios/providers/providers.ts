// The real clients of providers.
import type { ScenarioGroup } from "../scenario.ts";
import { agentExecutor } from "./agent-executor.ts";
import { anthropicClient } from "./anthropic.ts";
import { openAiClient } from "./open-ai.ts";

export const providers: ScenarioGroup = {
  title: "Providers",
  scenarios: [...openAiClient, ...anthropicClient, ...agentExecutor],
};
