import {
  otherCount,
  otherInput,
  otherOutput,
  otherText,
  otherTotal,
  failedIf,
  sumOfTokens,
} from "../attribute-readers.ts";
import type { Dialect } from "../reading.ts";

/** GenAI names of earlier generations (up to 1.36), and what single emitters made of them. */
export const genaiVariants: Dialect = {
  "gen_ai.system": otherText("provider"),
  "gen_ai.prompt": otherInput,
  "gen_ai.completion": otherOutput,
  "gen_ai.usage.prompt_tokens": otherTotal("inputTotal"),
  "gen_ai.usage.completion_tokens": otherTotal("outputTotal"),
  "gen_ai.usage.total_tokens": sumOfTokens,
  // Strands and OpenLLMetry.
  "gen_ai.usage.cache_read_input_tokens": otherCount("cacheReadTokens"),
  "gen_ai.usage.cache_write_input_tokens": otherCount("cacheWriteTokens"),
  "gen_ai.usage.cache_creation_input_tokens": otherCount("cacheWriteTokens"),
  "gen_ai.usage.reasoning_tokens": otherCount("reasoningTokens"),
  // Anthropic's own client, and what the conventions may come to.
  "gen_ai.usage.cache_write.input_tokens": otherCount("cacheWriteTokens"),
  "anthropic.message.stop_reason": otherText("finishReason"),
  // Semantic Kernel and OpenLLMetry.
  "gen_ai.response.finish_reason": otherText("finishReason"),
  "gen_ai.response.stop_reason": otherText("finishReason"),
  "gen_ai.tool.status": failedIf("error"),
  "gen_ai.task.status": failedIf("failure"),
  // Strands in milliseconds, OpenLIT in seconds.
  "gen_ai.server.time_to_first_token": (reading, attribute) => {
    const value = reading.batch.valueNumber(attribute) * (reading.emitter.firstTokenInMs ? 1e6 : 1e9);
    if (reading.span.timeToFirstChunkNs === 0 && value >= 0 && value < 1e15) {
      reading.span.timeToFirstChunkNs = Math.round(value);
    }
    return false;
  },
};
