// One measurement, in a process of its own: warm up, deliver, collect garbage, then the tasks and their delivery.
import { childArgument } from "../measure/child.ts";
import type { StartOptions, Status } from "@runreel/sdk";
import { openVariant } from "./variants.ts";
import type { VariantName } from "./variant-names.ts";
import { createResearchAgent, runTask } from "./workload.ts";

export type Compression = NonNullable<StartOptions["compression"]>;

export interface MeasurementRequest {
  variant: VariantName;
  sinkUrl: string;
  tasks: number;
  steps: number;
  warmUpTasks: number;
  /** All tasks at once, or one after the other. */
  parallel: boolean;
  /** How requests are compressed; by default not at all, since the sink is on the same machine. */
  compression?: Compression;
}

export interface Measurement {
  /** User and system time of all threads, the variant's own flush included. */
  cpuMs: number;
  wallMs: number;
  peakRssMb: number;
  /** What the SDK says of itself. */
  status: Status | null;
}

const {
  variant: name,
  sinkUrl,
  tasks,
  steps,
  warmUpTasks,
  parallel,
  compression,
} = childArgument() as MeasurementRequest;
if (compression !== undefined) process.env["RUNREEL_COMPRESSION"] = compression;
const variant = openVariant[name](sinkUrl);
const agent = createResearchAgent(steps, variant.instruments);
const task = (id: string): Promise<void> => variant.around(() => runTask(agent, id, steps, variant.callbacks));

async function runTasks(label: string, count: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, index) => `${label}-${index}`);
  if (parallel) await Promise.all(ids.map(task));
  else for (const id of ids) await task(id);
}

await runTasks("warm-up", warmUpTasks);
await variant.flush();
await fetch(sinkUrl, { method: "DELETE" });
globalThis.gc?.();

const cpuBefore = process.cpuUsage();
const begun = performance.now();
await runTasks("measured", tasks);
await variant.flush();
const cpu = process.cpuUsage(cpuBefore);
const measurement: Measurement = {
  cpuMs: (cpu.user + cpu.system) / 1000,
  wallMs: performance.now() - begun,
  peakRssMb: process.resourceUsage().maxRSS / 1024,
  status: variant.status?.() ?? null,
};
await variant.close();
process.send?.(measurement, () => process.disconnect());
