import type { Dialect } from "../reading.ts";
import { usageObject } from "../usage-object.ts";

/** Logfire: GenAI names, with cache and reasoning in the provider's own usage alone. */
export const logfire: Dialect = {
  "gen_ai.usage.raw": usageObject,
  // Tell that it is Logfire's.
  "logfire.msg": () => false,
  "logfire.span_type": () => false,
};
