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
    const isOver = detail !== undefined && detail.run.status !== "running" && detail.run.status !== "silent";
    if (isOver || Date.now() > deadline) return detail;
    await wait(pollIntervalMs);
  }
}
