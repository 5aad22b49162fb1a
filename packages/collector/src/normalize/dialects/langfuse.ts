import { answeredOutput, failedIf, kind, otherInput, otherResponseModel, otherText } from "../attribute-readers.ts";
import type { Dialect } from "../reading.ts";
import { usageObject } from "../usage-object.ts";

/** Langfuse. Its usage is its own, without the cached, or the provider's, with it: the words inside tell. */
export const langfuse: Dialect = {
  "langfuse.observation.type": kind({
    generation: "call",
    embedding: "embedding",
    tool: "tool",
    agent: "agent",
    chain: "chain",
    span: "chain",
    retriever: "retrieval",
    event: "other",
    evaluator: "other",
    guardrail: "other",
  }),
  "langfuse.observation.model.name": otherResponseModel,
  "langfuse.observation.usage_details": usageObject,
  "langfuse.observation.input": otherInput,
  "langfuse.observation.output": answeredOutput,
  "langfuse.observation.level": failedIf("error"),
  "langfuse.observation.status_message": (reading, attribute) => {
    reading.failureMessage = reading.text(attribute);
    return false;
  },
  "langfuse.session.id": otherText("conversationId"),
  "langfuse.observation.metadata.thread_id": otherText("conversationId"),
  "langfuse.observation.metadata.ls_provider": otherText("provider"),
  "langfuse.observation.metadata.ls_model_name": otherText("requestModel"),
  "langfuse.observation.metadata.lc_agent_name": otherText("agent"),
};
