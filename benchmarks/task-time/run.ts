// How much longer a task takes when it is recorded, where model and tools take as long as they really do. `node benchmarks/task-time/run.ts [--quick] [--repetitions 6]`; without --quick it writes the figures into README.md.
import { parseArgs } from "node:util";
import { circumstances, table, writeFigures, writeResults } from "../measure/figures.ts";
import { createRandom } from "../measure/random.ts";
import { measureVariant, startSink } from "../sdk-overhead/measure-variant.ts";
import type { Load } from "../sdk-overhead/measure-variant.ts";
import { variantTitles } from "../sdk-overhead/variant-names.ts";
import type { OwnVariantName } from "../sdk-overhead/variant-names.ts";

const where = circumstances();
const { values } = parseArgs({
  options: { quick: { type: "boolean", default: false }, repetitions: { type: "string" } },
});
const repetitions = Number(values.repetitions ?? (values.quick ? 1 : 6));
const TASKS = values.quick ? 10 : 100;

/** A task takes 18 s in the middle and 34 at its 99th percentile: 6 answers and 5 times the slowest of three tools. */
const load: Load = {
  tasks: TASKS,
  steps: 5,
  warmUpTasks: 30,
  parallel: true,
  latency: { modelMs: 1_300, toolMs: 1_240, taskSpread: 0.3, callSpread: 0.35 },
};
const variants = [
  "bare",
  "opentelemetry",
  "middleware",
  "middleware-sampled",
  "callbacks",
] as const satisfies OwnVariantName[];

const sink = await startSink();
/** By variant, the times of all tasks; the same place is the same task in each. */
const times = new Map<OwnVariantName, number[]>(variants.map((variant) => [variant, []]));
for (let repetition = 0; repetition < repetitions; repetition++) {
  // Other tasks in each repetition, and another order.
  for (const [turn] of variants.entries()) {
    const variant = variants[(turn + repetition) % variants.length] ?? "bare";
    const { taskMs } = await measureVariant(variant, { ...load, firstTask: repetition * TASKS }, sink.url);
    times.get(variant)?.push(...taskMs);
    console.error(`${repetition + 1}/${repetitions} ${variant}: ${(mean(taskMs) / 1000).toFixed(3)} s in the mean`);
  }
}
sink.process.disconnect();

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The 99th percentile, between the two values beside it. */
function p99(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = 0.99 * (sorted.length - 1);
  const [below = Number.NaN, above = below] = sorted.slice(Math.floor(at), Math.floor(at) + 2);
  return below + (above - below) * (at % 1);
}

const RESAMPLES = 2_000;

/** By how much of itself a figure grows, in percent, and where that lies in 95 of 100 cases when tasks are drawn again, each with its pair. */
function growth(
  own: readonly number[],
  bare: readonly number[],
  figure: (values: readonly number[]) => number,
): string {
  const percent = (value: number, base: number): number => (value / base - 1) * 100;
  const random = createRandom(3);
  const drawn = Array.from({ length: RESAMPLES }, () => {
    const places = own.map(() => Math.floor(random() * own.length));
    const of = (values: readonly number[]): number => figure(places.map((place) => values[place] ?? Number.NaN));
    return percent(of(own), of(bare));
  }).sort((a, b) => a - b);
  const at = (share: number): string => signed(drawn[Math.round(share * (RESAMPLES - 1))] ?? Number.NaN);
  return `**${signed(percent(figure(own), figure(bare)))}** (${at(0.025)} to ${at(0.975)})`;
}

const signed = (value: number): string => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)} %`;

const bare = times.get("bare") ?? [];
const rows = variants.map((variant) => {
  const own = times.get(variant) ?? [];
  const seconds = (value: number): string => (value / 1000).toFixed(3);
  const growths = variant === "bare" ? ["", ""] : [growth(own, bare, mean), growth(own, bare, p99)];
  return [variantTitles[variant], seconds(mean(own)), seconds(p99(own)), ...growths];
});
const report = `Measured on ${where.date} at commit ${where.commit}: Node ${where.node}, ${where.machine}; ${bare.length} tasks with each, ${TASKS} in parallel.

${table(["variant", "mean, s", "P99, s", "mean, growth (95 % interval)", "P99, growth (95 % interval)"], rows)}`;
console.log(report);
if (!values.quick) {
  writeFigures(new URL("./README.md", import.meta.url), report);
  writeResults(new URL("./results/latest.json", import.meta.url), {
    ...where,
    tasks: TASKS,
    times: Object.fromEntries(times),
  });
}
