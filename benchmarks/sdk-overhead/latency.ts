import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "../measure/random.ts";

/** How long the scripted model and tools take: middles in milliseconds, and how far tasks and calls lie apart (the standard deviations of their logarithms). */
export interface Latency {
  modelMs: number;
  toolMs: number;
  taskSpread: number;
  callSpread: number;
}

/** A number that is the same for the same text, spread as a normal distribution. */
function normal(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  const random = createRandom(hash);
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

const taskOf = (text: string): string => /[a-z]+-\d{3}\./.exec(text)?.[0] ?? "";

/** Waits as long as this call takes, which depends on its text alone: each variant waits equally long for the same task. */
export async function pause(latency: Latency, kind: "modelMs" | "toolMs", text: string): Promise<void> {
  const { taskSpread, callSpread } = latency;
  await sleep(latency[kind] * Math.exp(taskSpread * normal(taskOf(text)) + callSpread * normal(text)));
}
