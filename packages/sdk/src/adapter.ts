/**
 * What adapters build on: the same recorder that `run`, `tool` and `inference` use, without their conveniences.
 *
 * @private Adapters of this repository only; does not follow semantic versioning.
 */
export { recorder } from "./start.ts";
export { registerCodec } from "./content/codecs.ts";
export type { RecordingCodec } from "./content/codecs.ts";
export type {
  CheckpointRequest,
  CodeRequest,
  InferenceRequest,
  Parent,
  RecordedSpan,
  Recorder,
  RunRequest,
  Served,
  ToolRequest,
} from "./record/recorder.ts";
export type { Effect, Outcome, StepKind, Usage } from "./record/outcome.ts";
export type { Edit, RecordedStep, ReplayMode, ReplayPlan } from "./replay/plan.ts";
export type { Replay, Verdict } from "./replay/replay.ts";
export type { MessageEdit } from "./replay/message-edits.ts";
