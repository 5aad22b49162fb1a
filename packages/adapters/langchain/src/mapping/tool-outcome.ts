import type { Outcome } from "@runreel/sdk/adapter";

import { rawOf } from "./raw.ts";
import { resultOf } from "./tool.ts";

/** What a tool call came to, for its span. What nobody can read the content tree marks as such. */
export function toolOutcome(result: unknown, call: { id?: string; name: string }): Outcome {
  try {
    return { output: resultOf(result, call.id), raw: rawOf(result, call) };
  } catch {
    return { output: result, raw: result };
  }
}
