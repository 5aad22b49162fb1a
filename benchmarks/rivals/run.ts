// Runreel beside what else there is. `node benchmarks/rivals/run.ts [--quick] [--repetitions 5] [--only langfuse,langsmith]`; a whole run writes the figures into README.md.
import { parseArgs } from "node:util";
import { nextMessage, startChild } from "../measure/child.ts";
import { circumstances, writeFigures, writeResults } from "../measure/figures.ts";
import { measureVariant, startSink } from "../sdk-overhead/measure-variant.ts";
import type { Load } from "../sdk-overhead/measure-variant.ts";
import type { VariantName } from "../sdk-overhead/variant-names.ts";
import type { Checks, CheckRequest } from "./checks.ts";
import { installRivals } from "./install.ts";
import { rivalNames } from "./rival-names.ts";
import { costTable, faultTable, versions } from "./tables.ts";
import type { Compared } from "./tables.ts";

const where = circumstances();
const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    repetitions: { type: "string" },
    only: { type: "string" },
  },
});
const repetitions = Number(values.repetitions ?? (values.quick ? 1 : 5));
const asked = values.only?.split(",");
const all: VariantName[] = ["opentelemetry-default", "opentelemetry", "middleware", "callbacks", ...rivalNames];
const variants: VariantName[] = ["bare", ...all.filter((name) => asked?.includes(name) ?? true)];
const load: Load = { tasks: values.quick ? 20 : 100, steps: 5, warmUpTasks: values.quick ? 5 : 30, parallel: true };
const waiting: Load = { ...load, latency: { modelMs: 10, toolMs: 10, taskSpread: 0, callSpread: 0 } };

installRivals();
const sink = await startSink();

const compared: Compared[] = [];
for (const variant of variants) {
  const request: CheckRequest = { variant, sinkUrl: sink.url };
  const checks = await nextMessage<Checks>(startChild(new URL("./checks.ts", import.meta.url), request));
  console.error(`${variant}: ${checks.placement.misplaced} of ${checks.placement.spans} spans misplaced`);
  compared.push({ variant, checks, samples: [], waiting: [] });
}
for (let repetition = 0; repetition < repetitions; repetition++) {
  for (let turn = 0; turn < compared.length; turn++) {
    // Another order in each repetition.
    const { variant, checks, samples, waiting: late } = compared[(turn + repetition) % compared.length]!;
    const sample = await measureVariant(variant, load, sink.url, checks.spansPerTask);
    samples.push(sample);
    late.push(await measureVariant(variant, waiting, sink.url, checks.spansPerTask));
    console.error(
      `${repetition + 1}/${repetitions} ${variant}: ${(sample.cpuMs / load.tasks).toFixed(1)} ms CPU a task, ${sample.lostSpans} lost`,
    );
  }
}
sink.process.disconnect();

const report = `Measured on ${where.date} at commit ${where.commit}: Node ${where.node}, ${where.machine}; median of ${repetitions} repetitions.

${costTable(compared)}

${faultTable(compared)}

${versions()}`;
console.log(report);
if (!values.quick && asked === undefined) {
  writeFigures(new URL("./README.md", import.meta.url), report);
  writeResults(new URL("./results/latest.json", import.meta.url), { ...where, repetitions, compared });
}
