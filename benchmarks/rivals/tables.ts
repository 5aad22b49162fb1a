import { table } from "../measure/figures.ts";
import { median, pairedRatios } from "../measure/median.ts";
import type { Sample } from "../sdk-overhead/measure-variant.ts";
import { droppedContent } from "../sdk-overhead/tables.ts";
import { variantTitles } from "../sdk-overhead/variant-names.ts";
import type { VariantName } from "../sdk-overhead/variant-names.ts";
import type { Checks } from "./checks.ts";
import { langsmithVersion, rivalVersion } from "./install.ts";
import { isRival, rivalNames, rivals } from "./rival-names.ts";

/** All that was found out about one way to watch the agent. */
export interface Compared {
  variant: VariantName;
  checks: Checks;
  /** Model and tools take no time. */
  samples: Sample[];
  /** They take 10 ms each. */
  waiting: Sample[];
}

const titleOf = (variant: VariantName): string => (isRival(variant) ? rivals[variant].title : variantTitles[variant]);
const ratio = (own: readonly Sample[], bare: readonly Sample[], read: (sample: Sample) => number): string =>
  median(pairedRatios(own.map(read), bare.map(read))).toFixed(2);
const cpu = ({ cpuMs }: Sample): number => cpuMs;
const wall = ({ wallMs }: Sample): number => wallMs;

/** What each costs, against nothing in the same repetition. */
export function costTable(compared: readonly Compared[]): string {
  const [bare] = compared;
  const rows = compared.map(({ variant, samples, waiting, checks }) => {
    const { tasks = 1 } = samples[0] ?? {};
    if (variant === "bare") return [titleOf(variant), "1.00", "1.00", "1.00", "1.00", "", "", ""];
    const memory = samples.map((sample, index) => sample.peakRssMb - (bare?.samples[index]?.peakRssMb ?? Number.NaN));
    return [
      titleOf(variant),
      `**${ratio(samples, bare?.samples ?? [], cpu)}**`,
      ratio(samples, bare?.samples ?? [], wall),
      ratio(waiting, bare?.waiting ?? [], cpu),
      ratio(waiting, bare?.waiting ?? [], wall),
      median(memory).toFixed(0),
      (median(samples.map(({ arrived }) => arrived.wireBytes)) / tasks / 1000).toFixed(1),
      String(checks.spansPerTask),
    ];
  });
  return table(
    [
      "100 parallel tasks",
      "CPU, ratio",
      "time, ratio",
      "CPU, ratio at 10 ms",
      "time, ratio at 10 ms",
      "added peak memory, MB",
      "on the wire per task, kB",
      "spans per task",
    ],
    rows,
  );
}

/** What goes missing, astray, or otherwise than without it. All of it should be 0. */
export function faultTable(compared: readonly Compared[]): string {
  const [bare] = compared;
  const rows = compared.slice(1).map(({ variant, checks, samples, waiting }) => {
    const measured = [...samples, ...waiting];
    const sum = (read: (sample: Sample) => number): number => measured.reduce((total, one) => total + read(one), 0);
    const spans = sum(({ tasks }) => tasks * checks.spansPerTask);
    const changed = Object.entries(checks.behaviour).filter(([what, seen]) => bare?.checks.behaviour[what] !== seen);
    return [
      titleOf(variant),
      `${sum(({ lostSpans }) => lostSpans)} of ${spans}`,
      String(sum(({ misplacedSpans }) => misplacedSpans)),
      `${checks.placement.misplaced} of ${checks.placement.spans}`,
      `${checks.content.cut} of ${checks.content.texts}`,
      String(sum(droppedContent)),
      changed.length === 0 ? "0" : `${changed.length}: ${changed.map(([what]) => what).join(", ")}`,
    ];
  });
  return table(
    [
      "100 parallel tasks",
      "spans lost",
      "misplaced",
      "misplaced, 20 tasks in requests",
      "texts cut or left out, 25 steps",
      "content dropped",
      "behaviour changed, of 4",
    ],
    rows,
  );
}

export function versions(): string {
  const named = rivalNames.flatMap((name) => [...rivals[name].packages]).map((name) => `${name} ${rivalVersion(name)}`);
  const sdk = `OpenTelemetry's SDK ${rivalVersion("@opentelemetry/sdk-trace-base")} below OpenInference and Langfuse`;
  return `Versions: ${[...named, `langsmith ${langsmithVersion()}`, sdk].join("; ")}.`;
}
