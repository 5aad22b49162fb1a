// How many spans a second get through to ClickHouse, and what one costs. `node benchmarks/ingest/run.ts [--spans N] [--rounds N] [--quick] [--profile folder]`
import { parseArgs } from "node:util";
import { circumstances, table, writeFigures, writeResults } from "../measure/figures.ts";
import { median } from "../measure/median.ts";
import { measureIngest } from "./measure-ingest.ts";
import type { IngestLoad, IngestSample } from "./measure-ingest.ts";

/** Asked first: others may commit while this runs. */
const where = circumstances();
const { values } = parseArgs({
  options: {
    spans: { type: "string", default: "200000" },
    rounds: { type: "string", default: "3" },
    quick: { type: "boolean", default: false },
    profile: { type: "string" },
  },
});
const spans = Number(values.spans);
const rounds = values.quick ? 1 : Number(values.rounds);
const profiling = values.profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${values.profile}`];

const base: IngestLoad = { spans, spansPerRequest: 512, connections: 8, withContent: true, gzip: false };
const loads: Record<string, IngestLoad> = {
  "with content": base,
  "with content, gzip": { ...base, gzip: true },
  "without content": { ...base, withContent: false },
};

const samples: { title: string; sample: IngestSample }[] = [];
// The loads take turns, so that none gets the machine's quiet hour.
for (let round = 0; round < rounds; round++) {
  for (const [title, load] of Object.entries(loads).slice(0, values.quick ? 1 : undefined)) {
    const sample = await measureIngest(load, profiling);
    samples.push({ title, sample });
    console.error(
      `${title}: ${Math.round(sample.visiblePerSecond)} spans/s visible, ${sample.collectorCpuMicros.toFixed(1)} + ` +
        `${sample.engineCpuMicros.toFixed(1)} µs CPU, ${sample.exact ? "exact" : `NOT EXACT: ${JSON.stringify(sample.stored)}`}`,
    );
  }
}

const report = `Measured on ${where.date} at commit ${where.commit}: Node ${where.node}, ${where.machine}; generator, collector and ClickHouse on the same machine; ${spans} spans a round, median of ${rounds} rounds.

${summary()}`;
console.log(report);
if (!values.quick) {
  writeFigures(new URL("./README.md", import.meta.url), report);
  writeResults(new URL("./results/latest.json", import.meta.url), { ...where, samples });
}
if (samples.some(({ sample }) => !sample.exact)) process.exitCode = 1;

function summary(): string {
  const rows = [...new Set(samples.map(({ title }) => title))].map((title) => {
    const of = samples.filter((entry) => entry.title === title).map(({ sample }) => sample);
    const middle = (read: (sample: IngestSample) => number, digits = 0): string => median(of.map(read)).toFixed(digits);
    const both = (sample: IngestSample): number => sample.collectorCpuMicros + sample.engineCpuMicros;
    return [
      `${title}, ${middle(({ bytesPerSpan }) => bytesPerSpan / 1000, 2)} kB a span`,
      middle(({ acknowledgedPerSecond }) => acknowledgedPerSecond),
      `**${middle(({ visiblePerSecond }) => visiblePerSecond)}**`,
      middle(({ collectorCpuMicros }) => collectorCpuMicros, 1),
      middle(({ engineCpuMicros }) => engineCpuMicros, 1),
      middle(({ generatorCpuMicros }) => generatorCpuMicros, 1),
      middle((sample) => 2e6 / both(sample)),
      `${middle(({ collectorPeakRssMb }) => collectorPeakRssMb)} + ${middle(({ enginePeakRssMb }) => enginePeakRssMb)}`,
      middle(({ diskBytesPerSpan }) => diskBytesPerSpan),
      of.every(({ exact }) => exact) ? "all" : "**no**",
    ];
  });
  return table(
    [
      "load",
      "acknowledged/s",
      "visible/s",
      "collector, µs CPU a span",
      "ClickHouse, µs CPU a span",
      "generator, µs CPU a span",
      "two free cores would carry/s",
      "peak memory, MB",
      "disk, bytes a span",
      "rounds exact",
    ],
    rows,
  );
}
