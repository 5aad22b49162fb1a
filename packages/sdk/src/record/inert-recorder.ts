import { RunreelReplayError } from "../errors.ts";
import type { Replay } from "../replay/replay.ts";
import type { RecordedSpan, Recorder } from "./recorder.ts";

/** Stands where a span cannot be had. */
export const inertSpan: RecordedSpan = {
  traceId: "0".repeat(32),
  spanId: "0".repeat(16),
  ended: true,
  traceContext: {},
  run: (fn) => fn(),
  setAttributes: () => {},
  end: () => {},
};

/** Records nothing: before `start()`, and where the SDK is disabled. */
export const inertRecorder: Recorder = {
  enabled: false,
  replay: undefined,
  active: () => undefined,
  beginRun: () => inertSpan,
  beginInference: () => inertSpan,
  beginTool: () => inertSpan,
  beginCode: () => inertSpan,
  checkpoint: () => "",
  reasoning: () => {},
};

const unread = (): never => {
  throw new Error("There is no plan before start()");
};

const blockingReplay: Replay = {
  get plan() {
    return unread();
  },
  divergence: undefined,
  messageEdits: [],
  decide: ({ kind, name }) =>
    Promise.resolve({
      action: "block",
      reason: "failure",
      error: new RunreelReplayError(
        "RUNREEL_REPLAY_FAILED",
        `${kind} "${name}" was not run: this process is to replay a run, and start() has not been called before its first step.`,
      ),
    }),
};

/** In a process that is to replay, before `start()`: lets no step run, since nothing could tell whether it repeats an effect. */
export const blockedRecorder: Recorder = { ...inertRecorder, replay: blockingReplay };
