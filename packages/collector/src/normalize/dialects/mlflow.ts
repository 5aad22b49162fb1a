import { answeredOutput, kind, otherInput, otherResponseModel } from "../attribute-readers.ts";
import type { Dialect } from "../reading.ts";
import { usageObject } from "../usage-object.ts";

/** MLflow: every value is JSON text, so that a word has quotes of its own. */
export const mlflow: Dialect = {
  "mlflow.spanType": kind({
    chat_model: "call",
    llm: "call",
    tool: "tool",
    agent: "agent",
    chain: "chain",
    workflow: "workflow",
    retriever: "retrieval",
    reranker: "retrieval",
    embedding: "embedding",
    parser: "other",
    memory: "other",
  }),
  "mlflow.spanInputs": otherInput,
  "mlflow.spanOutputs": answeredOutput,
  "mlflow.llm.model": otherResponseModel,
  "mlflow.chat.tokenUsage": usageObject,
};
