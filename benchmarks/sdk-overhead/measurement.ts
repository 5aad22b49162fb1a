// One measurement, in a process of its own: warm up, deliver, collect garbage, then the tasks and their delivery.
import { childArgument } from "../measure/child.ts";
import type { StartOptions, Status } from "@runreel/sdk";
import { openVariant } from "./variants.ts";
import type { Latency } from "./latency.ts";
import type { VariantName } from "./variant-names.ts";
import { createResearchAgent, runTask, taskId } from "./workload.ts";

export type Compression = NonNullable<StartOptions["compression"]>;

export interface MeasurementRequest {
  variant: VariantName;
  sinkUrl: string;
  tasks: number;
  steps: number;
  warmUpTasks: number;
  /** All tasks at once, or one after the other. */
  parallel: boolean;
  /** How long model and tools take; by default no time at all. */
  latency?: Latency | undefined;
  /** The number of the first task, so that several measurements have other tasks. */
  firstTask?: number | undefined;
  /** How requests are compressed; by default not at all, since the sink is on the same machine. */
  compression?: Compression | undefined;
}

export interface Measurement {
  /** User and system time of all threads, the variant's own flush included. */
  cpuMs: number;
  wallMs: number;
  peakRssMb: number;
  /** What the SDK says of itself. */
  status: Status | null;
  /** How long each task took, in the order of their numbers. */
  taskMs: number[];
}

const {
  variant: name,
  sinkUrl,
  tasks,
  steps,
  warmUpTasks,
  parallel,
  compression,
  latency,
  firstTask = 0,
} = childArgument() as MeasurementRequest;
if (compression !== undefined) process.env["RUNREEL_COMPRESSION"] = compression;
const variant = await openVariant(name, sinkUrl);
// Warming up is for code, not for waiting.
const [cold, agent] = [undefined, latency].map((latency) => createResearchAgent(steps, variant.instruments, latency));

async function runTasks(of: typeof agent, ids: readonly string[]): Promise<number[]> {
  const task = async (id: string): Promise<number> => {
    const begun = performance.now();
    await variant.around(() => runTask(of!, id, steps, variant.callbacks()));
    return performance.now() - begun;
  };
  if (parallel) return Promise.all(ids.map(task));
  const taskMs: number[] = [];
  for (const id of ids) taskMs.push(await task(id));
  return taskMs;
}

await runTasks(
  cold,
  Array.from({ length: warmUpTasks }, (_, index) => taskId("warmup", index)),
);
await variant.flush();
await fetch(sinkUrl, { method: "DELETE" });
globalThis.gc?.();

const cpuBefore = process.cpuUsage();
const begun = performance.now();
const taskMs = await runTasks(
  agent,
  Array.from({ length: tasks }, (_, index) => taskId("measured", firstTask + index)),
);
await variant.flush();
const cpu = process.cpuUsage(cpuBefore);
const measurement: Measurement = {
  cpuMs: (cpu.user + cpu.system) / 1000,
  wallMs: performance.now() - begun,
  peakRssMb: process.resourceUsage().maxRSS / 1024,
  status: variant.status?.() ?? null,
  taskMs,
};
await variant.close();
process.send?.(measurement, () => process.disconnect());
