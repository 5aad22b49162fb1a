import { entity, kind, otherCount, otherInput, otherOutput, otherText, sumOfTokens } from "../attribute-readers.ts";
import type { Dialect } from "../reading.ts";

/** OpenLLMetry, of Traceloop: GenAI names of the day, and its own for what these lack. */
export const openllmetry: Dialect = {
  "traceloop.span.kind": kind({ workflow: "workflow", agent: "agent", tool: "tool", task: "other" }),
  "llm.request.type": kind({ chat: "call", completion: "call", embedding: "embedding", rerank: "retrieval" }),
  "traceloop.entity.name": entity,
  "traceloop.entity.input": otherInput,
  "traceloop.entity.output": otherOutput,
  "traceloop.workflow.name": (reading, attribute) => {
    if (reading.workflow === "") reading.workflow = reading.text(attribute);
    return false;
  },
  "traceloop.association.properties.session_id": otherText("conversationId"),
  "traceloop.association.properties.thread_id": otherText("conversationId"),
  "llm.usage.total_tokens": sumOfTokens,
  "llm.usage.reasoning_tokens": otherCount("reasoningTokens"),
};
