import { setTimeout as wait } from "node:timers/promises";

import type { RunDetail } from "../answers.ts";
import type { CollectorClient } from "../client.ts";

const pollIntervalMs = 200;
/** A program that ended in order has delivered by now, and storing takes half a second; one that was killed will never end its run. */
const patienceMs = 6000;

/** The run that carried a replay out, once its end is stored. What is there by then, or undefined, when patience ends first. */
export async function awaitRun(client: CollectorClient, replayId: string): Promise<RunDetail | undefined> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const { runId } = await client.replay(replayId);
    const detail = runId === null ? undefined : await client.run(runId);
    // One that is lost may have its end on the way to the store, or on disk.
    const isOver = detail !== undefined && !["running", "silent", "lost"].includes(detail.run.status);
    if (isOver || Date.now() > deadline) return detail;
    await wait(pollIntervalMs);
  }
}
