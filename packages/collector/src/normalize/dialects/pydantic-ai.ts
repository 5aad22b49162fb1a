import { otherCount, otherInput, otherOutput } from "../attribute-readers.ts";
import type { Dialect } from "../reading.ts";

/** Pydantic AI: GenAI names, and the provider's details beside them. Sums on agents have names of their own, which are not read. */
export const pydanticAi: Dialect = {
  "gen_ai.usage.details.reasoning_tokens": otherCount("reasoningTokens"),
  "gen_ai.usage.details.cache_read_tokens": otherCount("cacheReadTokens"),
  "gen_ai.usage.details.cache_read_input_tokens": otherCount("cacheReadTokens"),
  "gen_ai.usage.details.cached_tokens": otherCount("cacheReadTokens"),
  "gen_ai.usage.details.cache_write_tokens": otherCount("cacheWriteTokens"),
  "gen_ai.usage.details.cache_creation_input_tokens": otherCount("cacheWriteTokens"),
  "pydantic_ai.all_messages": otherInput,
  tool_arguments: otherInput,
  tool_response: otherOutput,
  final_result: otherOutput,
};
