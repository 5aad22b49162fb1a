// Agents of `createAgent`.
import type { ScenarioGroup } from "../scenario.ts";
import { calls } from "./calls.ts";
import { tools } from "./tools.ts";
import { failures } from "./failures.ts";
import { otherMiddleware } from "./other-middleware.ts";
import { savedStates } from "./saved-states.ts";
import { earlyEnds } from "./early-ends.ts";

export const agents: ScenarioGroup = {
  title: "Agents of createAgent",
  scenarios: [...calls, ...tools, ...failures, ...otherMiddleware, ...savedStates, ...earlyEnds],
};
