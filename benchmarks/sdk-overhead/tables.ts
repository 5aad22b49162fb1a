import { table } from "../measure/figures.ts";
import { median, pairedRatios } from "../measure/median.ts";
import type { Sample } from "./measure-variant.ts";
import { baseOf, variantNames, variantTitles } from "./variant-names.ts";
import type { VariantName } from "./variant-names.ts";
import { spansPerTask } from "./task-size.ts";

const sumOf = (samples: readonly Sample[], read: (sample: Sample) => number): number =>
  samples.reduce((sum, sample) => sum + read(sample), 0);

/** Pieces of content that the SDK says it had no room for: work that was not done. */
export function droppedContent({ status }: Sample): number {
  const dropped = status?.content.dropped ?? {};
  return Object.values(dropped).reduce((sum, count) => sum + count, 0);
}

const fixed = (value: number, digits: number): string => value.toFixed(digits);

/** The parallel tasks: one row for each variant that was measured, ratios paired by repetition. */
export function overheadTable(samples: readonly Sample[]): string {
  const of = (variant: VariantName): Sample[] => samples.filter((sample) => sample.variant === variant);
  const measured = variantNames.filter((variant) => of(variant).length > 0);
  const rows = measured.map((variant) => {
    const [own, base] = [of(variant), of(baseOf(variant))];
    const values = (read: (sample: Sample) => number): number[] => own.map(read);
    const ratio = (read: (sample: Sample) => number): number => median(pairedRatios(own.map(read), base.map(read)));
    const added = (read: (sample: Sample) => number): number =>
      median(own.map((sample, index) => read(sample) - read(base[index] ?? sample)));
    const isBase = baseOf(variant) === variant;
    const sendsAll = !variant.startsWith("bare") && variant !== "middleware-sampled";
    const tasks = own[0]?.tasks ?? 1;
    const spans = tasks * spansPerTask(own[0]?.steps ?? 1);
    return [
      variantTitles[variant],
      fixed(median(values(({ cpuMs }) => cpuMs)) / tasks, 2),
      isBase
        ? "1.00"
        : `**${fixed(
            ratio(({ cpuMs }) => cpuMs),
            2,
          )}**`,
      isBase ? "" : fixed((added(({ cpuMs }) => cpuMs) * 1000) / spans, 0),
      isBase
        ? "1.00"
        : fixed(
            ratio(({ wallMs }) => wallMs),
            2,
          ),
      isBase
        ? ""
        : fixed(
            added(({ peakRssMb }) => peakRssMb),
            0,
          ),
      isBase ? "" : fixed(median(values(({ arrived }) => arrived.wireBytes)) / tasks / 1000, 1),
      sendsAll ? `${sumOf(own, ({ lostSpans }) => lostSpans)} of ${spans * own.length}` : "",
      sendsAll ? String(sumOf(own, ({ misplacedSpans }) => misplacedSpans)) : "",
      isBase ? "" : String(sumOf(own, droppedContent)),
    ];
  });
  return table(
    [
      "variant",
      "CPU per task, ms",
      "CPU, ratio",
      "added CPU per span, µs",
      "wall time, ratio",
      "added peak memory, MB",
      "on the wire per task, kB",
      "spans lost",
      "misplaced",
      "content dropped",
    ],
    rows,
  );
}

/** Runs of growing length: cost by step, which stays level where cost is linear. */
export function linearityTable(samples: readonly Sample[]): string {
  const lengths = [...new Set(samples.map(({ steps }) => steps))];
  const rows = lengths.map((steps) => {
    const of = (variant: VariantName): Sample[] =>
      samples.filter((sample) => sample.variant === variant && sample.steps === steps);
    const [bare, own] = [of("bare"), of("middleware")];
    const perStep = (sample: Sample, value: number): number => value / (sample.tasks * steps);
    const cpu = (group: Sample[]): number => median(group.map((sample) => perStep(sample, sample.cpuMs)));
    const added = median(own.map((sample, index) => perStep(sample, sample.cpuMs - (bare[index] ?? sample).cpuMs)));
    const bytes = median(own.map((sample) => perStep(sample, sample.arrived.wireBytes)));
    const ratio = median(
      pairedRatios(
        own.map(({ cpuMs }) => cpuMs),
        bare.map(({ cpuMs }) => cpuMs),
      ),
    );
    return [
      String(steps),
      fixed(bytes / 1000, 2),
      fixed(cpu(bare), 2),
      fixed(cpu(own), 2),
      fixed(added, 2),
      fixed(ratio, 2),
    ];
  });
  return table(
    [
      "steps of the run",
      "sent per step, kB",
      "CPU per step, nothing, ms",
      "CPU per step, recorded, ms",
      "added CPU per step, ms",
      "ratio",
    ],
    rows,
  );
}

/** The same load with each compression: what it saves on the wire, and what it costs in CPU, on the thread pool. */
export function compressionTable(samples: readonly Sample[]): string {
  const compressions = [...new Set(samples.map(({ compression }) => compression))];
  const rows = compressions.map((compression) => {
    const of = (variant: VariantName, steps = 5): Sample[] =>
      samples.filter(
        (sample) => sample.variant === variant && sample.compression === compression && sample.steps === steps,
      );
    const [bare, own] = [of("bare"), of("middleware")];
    const [long] = of("middleware", 100);
    const cpu = (group: Sample[]): number[] => group.map(({ cpuMs }) => cpuMs);
    const { tasks = 1 } = own[0] ?? {};
    return [
      compression ?? "",
      fixed(median(own.map(({ arrived }) => arrived.wireBytes)) / tasks / 1000, 1),
      long === undefined ? "" : fixed(long.arrived.wireBytes / 1000, 0),
      fixed(median(cpu(own)) / tasks, 2),
      fixed(median(pairedRatios(cpu(own), cpu(bare))), 2),
    ];
  });
  return table(
    ["compression", "on the wire per task, kB", "a run of 100 steps, kB", "CPU per task, ms", "CPU, ratio"],
    rows,
  );
}
