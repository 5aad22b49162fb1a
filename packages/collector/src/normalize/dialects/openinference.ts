import {
  answer,
  count,
  kind,
  otherInput,
  otherOutput,
  otherResponseModel,
  otherText,
  otherCount,
  someModel,
  sumOfTokens,
  text,
  total,
} from "../attribute-readers.ts";
import type { Dialect } from "../reading.ts";

/** OpenInference, of Arize. Totals include their parts. The flattened messages stay attributes: `input.value` has them whole. */
export const openinference: Dialect = {
  "openinference.span.kind": kind({
    llm: "call",
    tool: "tool",
    agent: "agent",
    chain: "chain",
    retriever: "retrieval",
    reranker: "retrieval",
    embedding: "embedding",
    guardrail: "other",
    evaluator: "other",
  }),
  "llm.provider": otherText("provider"),
  "llm.system": otherText("provider"),
  "llm.model_name": (reading, attribute) => {
    otherResponseModel(reading, attribute);
    return someModel(reading, attribute);
  },
  "llm.request.model_name": text("requestModel"),
  "llm.response.model_name": (reading, attribute) => {
    reading.responseModel = reading.text(attribute);
    return true;
  },
  "embedding.model_name": someModel,
  "llm.finish_reason": text("finishReason"),
  "llm.token_count.prompt": total("inputTotal"),
  "llm.token_count.completion": total("outputTotal"),
  "llm.token_count.total": sumOfTokens,
  "llm.token_count.prompt_details.cache_read": count("cacheReadTokens"),
  "llm.token_count.prompt_details.cache_input": otherCount("cacheReadTokens"),
  "llm.token_count.prompt_details.cache_write": count("cacheWriteTokens"),
  "llm.token_count.completion_details.reasoning": count("reasoningTokens"),
  "llm.output_messages.0.message.role": answer,
  "input.value": otherInput,
  "output.value": otherOutput,
  "agent.name": otherText("agent"),
  "tool.name": otherText("tool"),
  "tool.id": otherText("toolCallId"),
  "tool_call.id": otherText("toolCallId"),
};
