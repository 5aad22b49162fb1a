import { setTimeout as sleep } from "node:timers/promises";

const DELAY_MIN_MS = 50;
const DELAY_MAX_MS = 10_000;

/**
 * Does something until it works, with pauses that double up to ten seconds, half of each by chance, so that several collectors do not come back to a
 * server in step.
 *
 * @throws Only the reason of the signal, when that ends it.
 */
export async function retryForever<Result>(
  attempt: (count: number) => Promise<Result>,
  { signal, onFailure }: { signal: AbortSignal; onFailure: (error: unknown, count: number) => void },
): Promise<Result> {
  for (let count = 0; ; count++) {
    signal.throwIfAborted();
    try {
      return await attempt(count);
    } catch (error) {
      signal.throwIfAborted();
      onFailure(error, count);
    }
    const delayMs = Math.min(DELAY_MAX_MS, DELAY_MIN_MS * 2 ** Math.min(count, 16));
    await sleep(delayMs / 2 + (Math.random() * delayMs) / 2, null, { signal });
  }
}
