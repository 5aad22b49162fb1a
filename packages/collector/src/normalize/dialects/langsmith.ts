import { kind, otherText } from "../attribute-readers.ts";
import type { Dialect } from "../reading.ts";
import { usageObject } from "../usage-object.ts";

/** LangSmith's export. Its details of usage are Python literals; the same stands as JSON in the metadata. */
export const langsmith: Dialect = {
  "langsmith.span.kind": kind({
    llm: "call",
    tool: "tool",
    chain: "chain",
    retriever: "retrieval",
    embedding: "embedding",
    prompt: "other",
    parser: "other",
  }),
  "langsmith.metadata.usage_metadata": usageObject,
  "langsmith.metadata.session_id": otherText("conversationId"),
  "langsmith.metadata.thread_id": otherText("conversationId"),
  "langsmith.metadata.conversation_id": otherText("conversationId"),
  "langsmith.metadata.lc_agent_name": otherText("agent"),
};
