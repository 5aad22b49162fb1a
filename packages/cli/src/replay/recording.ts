import type { Recording } from "../answers.ts";
import type { BeginReplay, CollectorClient } from "../client.ts";
import { CommandFailure, exitCodes, wrongUse } from "../command-failure.ts";

/** @throws CommandFailure when the steps to be served are not there whole, with all of them named */
export async function completeRecording(client: CollectorClient, runId: string, from: number): Promise<Recording> {
  const recording = await client.recording(runId);
  const { steps, rootSpanId } = recording;
  if (rootSpanId === null) {
    throw new CommandFailure(exitCodes.failed, `The beginning of run ${runId} was never received`, {
      code: "RUNREEL_CONTENT_MISSING",
      hint: "Without its root the run cannot be replayed.",
    });
  }
  if (from > steps.length + 1) {
    throw wrongUse(`--from ${from}: run ${runId} has ${steps.length} steps`);
  }
  const missing = steps.filter((step) => step.index < from && step.contentMissing === true);
  if (missing.length > 0) {
    const list = missing.map(({ index, name }) => `${index} ${name}`).join(", ");
    throw new CommandFailure(exitCodes.failed, `The recording has no content of ${missing.length} steps: ${list}`, {
      code: "RUNREEL_CONTENT_MISSING",
      hint: "It was not sent (RUNREEL_CONTENT), was dropped, or is past its retention. These steps cannot be served.",
    });
  }
  return recording;
}

/** The plan as docs/wire.md describes it; its type is the SDK's `ReplayPlan`. */
export function planOf(request: BeginReplay, replayId: string, recording: Recording, client: CollectorClient): object {
  const { from, mode, onDivergence, edits, originRunId } = request;
  return {
    version: 1,
    replayId,
    origin: { runId: originRunId, rootSpanId: recording.rootSpanId },
    from,
    mode,
    onDivergence,
    edits,
    endpoint: client.endpoint,
    ...(client.apiKey === undefined ? {} : { apiKey: client.apiKey }),
    steps: recording.steps,
  };
}
