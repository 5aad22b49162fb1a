// What recording costs the agent's own process. `node benchmarks/sdk-overhead/run.ts [--quick]`; without --quick it writes the figures into README.md.
import { parseArgs } from "node:util";
import { circumstances, writeFigures, writeResults } from "../measure/figures.ts";
import { measureVariant, startSink } from "./measure-variant.ts";
import type { Load, Sample } from "./measure-variant.ts";
import { compressionTable, linearityTable, overheadTable } from "./tables.ts";
import { variantNames } from "./variant-names.ts";
import type { VariantName } from "./variant-names.ts";

/** Asked first: others may commit while this runs. */
const where = circumstances();
const { values } = parseArgs({
  options: { quick: { type: "boolean", default: false }, repetitions: { type: "string" } },
});
const repetitions = Number(values.repetitions ?? (values.quick ? 2 : 5));

const parallelTasks: Load = { tasks: 100, steps: 5, warmUpTasks: 30, parallel: true };
/** The same with a model and tools that take 10 ms each. */
const waitingTasks: Load = {
  ...parallelTasks,
  latency: { modelMs: 10, toolMs: 10, taskSpread: 0, callSpread: 0 },
};
/** A millisecond each: a model that takes no time at all would never let the process send anything while a long run lasts. */
const oneByOne = { parallel: false, latency: { modelMs: 1, toolMs: 1, taskSpread: 0, callSpread: 0 } };
/** Short runs are repeated, or their cost would drown in the noise of the clock. */
const longRuns: Load[] = [
  { ...oneByOne, steps: 5, tasks: 40, warmUpTasks: 30 },
  { ...oneByOne, steps: 25, tasks: 8, warmUpTasks: 6 },
  { ...oneByOne, steps: 100, tasks: 2, warmUpTasks: 2 },
  { ...oneByOne, steps: 1_000, tasks: 1, warmUpTasks: 1 },
];
const hundredSteps: Load = { ...oneByOne, steps: 100, tasks: 1, warmUpTasks: 1 };

const sink = await startSink();

async function measureAll(variants: readonly VariantName[], load: Load): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    // Another order in each repetition, so that no variant always runs on the machine that the one before has warmed.
    const order = variants.map((_, index) => variants[(index + repetition) % variants.length] ?? "bare");
    for (const variant of order) {
      const sample = await measureVariant(variant, load, sink.url);
      samples.push(sample);
      console.error(
        `${variant}: ${load.tasks} × ${load.steps} steps, ${(sample.cpuMs / load.tasks).toFixed(2)} ms CPU a task, ` +
          `${sample.arrived.wireBytes} bytes, ${sample.lostSpans} spans lost`,
      );
    }
  }
  return samples;
}

const overhead = await measureAll(variantNames, parallelTasks);
const waiting = await measureAll(["bare", "opentelemetry", "middleware", "callbacks"], waitingTasks);
const linearity: Sample[] = [];
for (const load of longRuns.filter(({ steps }) => !values.quick || steps <= 100)) {
  linearity.push(...(await measureAll(["bare", "middleware"], load)));
}
const compressed: Sample[] = [];
for (const compression of ["none", "gzip", "zstd"] as const) {
  compressed.push(...(await measureAll(["bare", "middleware"], { ...parallelTasks, compression })));
  compressed.push(await measureVariant("middleware", { ...hundredSteps, compression }, sink.url));
}
sink.process.disconnect();

const report = `Measured on ${where.date} at commit ${where.commit}: Node ${where.node}, ${where.machine}; median of ${repetitions} repetitions.

${overheadTable(overhead)}

The same, with a model and tools that take 10 ms each:

${overheadTable(waiting)}

One run at a time, recorded by the middleware:

${linearityTable(linearity)}

The parallel tasks again, recorded by the middleware, with each way to compress requests:

${compressionTable(compressed)}`;

console.log(report);
if (!values.quick) {
  writeFigures(new URL("./README.md", import.meta.url), report);
  writeResults(new URL("./results/latest.json", import.meta.url), {
    ...where,
    repetitions,
    overhead,
    waiting,
    linearity,
    compressed,
  });
}
