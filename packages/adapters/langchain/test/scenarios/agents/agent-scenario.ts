// How the programs of `createAgent` are watched.
import { agentWays } from "../scenario.ts";
import type { Scenario } from "../scenario.ts";

export const scenario = (
  title: string,
  rest: Omit<Scenario, "title" | "ways"> & { ways?: Scenario["ways"] },
): Scenario => ({
  title,
  ways: agentWays,
  ...rest,
});
