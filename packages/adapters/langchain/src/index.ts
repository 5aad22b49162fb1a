import type { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { BaseCheckpointSaver } from "@langchain/langgraph-checkpoint";
import { recorder, registerCodec } from "@runreel/sdk/adapter";
import type { AgentMiddleware } from "langchain";

import { RunreelCallbackHandler } from "./callbacks/callback-handler.ts";
import { langchainCodec } from "./codec/langchain-codec.ts";
import { createRunreelMiddleware } from "./middleware/create-middleware.ts";
import type { RecordingOptions } from "./options.ts";
import { Registry } from "./record/registry.ts";
import { createRecordingSaver } from "./saver/recording-saver.ts";

export type { RecordingOptions } from "./options.ts";
export type { Effects } from "./mapping/tool.ts";

registerCodec(langchainCodec);
const registry = new Registry(recorder);

/**
 * Records an agent of `createAgent`, and replays it: `createAgent({ …, middleware: [runreelMiddleware()] })`.
 *
 * Put it last among the middleware, so that it sees what really goes to the model, each attempt of a retry included. Needs no `run()`;
 * inside one, the agent becomes a part of that run.
 */
export function runreelMiddleware(options: RecordingOptions = {}): AgentMiddleware {
  return createRunreelMiddleware(recorder, registry, options);
}

/**
 * Records graphs, chains, models and tools: `graph.invoke(input, { callbacks: [runreelCallbacks()] })`. Beside the middleware it
 * records nothing twice.
 */
export function runreelCallbacks(options: RecordingOptions = {}): BaseCallbackHandler {
  return new RunreelCallbackHandler(recorder, registry, options);
}

/** The user's own checkpoint saver, whose checkpoints are recorded: `checkpointer: recordingSaver(new MemorySaver())`. */
export function recordingSaver<Saver extends BaseCheckpointSaver>(saver: Saver): Saver {
  return createRecordingSaver(recorder, registry, saver);
}
