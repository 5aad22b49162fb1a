// What it takes to load the SDK, as users load it: from its built files. `node benchmarks/sdk-import/run.ts [--quick]`; without --quick it writes the figures into README.md.
import { execFileSync } from "node:child_process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { circumstances, table, writeFigures } from "../measure/figures.ts";
import { median, pairedRatios } from "../measure/median.ts";
import { installRivals, requireRival, rivalVersion } from "../rivals/install.ts";

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
const repetitions = values.quick ? 5 : 41;
const where = circumstances();
installRivals();

/** What is loaded, as code that a fresh process runs between two looks at the clock. */
const rows: Record<string, string> = {
  "an empty module": `await import("data:text/javascript,")`,
  "`@opentelemetry/api` alone": `await import("@opentelemetry/api")`,
  "`@runreel/sdk`": `await import("@runreel/sdk")`,
  "`@runreel/sdk`, imported and started": `(await import("@runreel/sdk")).start()`,
  [`\`@opentelemetry/sdk-node\` ${rivalVersion("@opentelemetry/sdk-node")}`]: `await import(${JSON.stringify(
    pathToFileURL(requireRival.resolve("@opentelemetry/sdk-node")).href,
  )})`,
};

interface Sample {
  wallMs: number;
  cpuMs: number;
}

function measure(code: string): Sample {
  const program = `
    const cpuBefore = process.cpuUsage(), begun = performance.now();
    ${code};
    const wallMs = performance.now() - begun, { user, system } = process.cpuUsage(cpuBefore);
    process.stdout.write(JSON.stringify({ wallMs, cpuMs: (user + system) / 1000 }), () => process.exit());`;
  const options = { cwd: fileURLToPath(new URL("..", import.meta.url)), encoding: "utf8" as const };
  return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "--eval", program], options)) as Sample;
}

const samples = new Map<string, Sample[]>(Object.keys(rows).map((row) => [row, []]));
for (let repetition = 0; repetition < repetitions; repetition++) {
  // All take turns, so that a busy moment of the machine meets each of them.
  for (const [row, code] of Object.entries(rows)) samples.get(row)?.push(measure(code));
}

const of = (row: string, read: (sample: Sample) => number): number[] => (samples.get(row) ?? []).map(read);
const names = Object.keys(rows);
const [empty = "", last = ""] = [names.at(0), names.at(-1)];
const figures = names.map((row) => {
  const over = (read: (sample: Sample) => number): number[] => {
    const base = of(empty, read);
    return of(row, read).map((value, index) => value - (base[index] ?? Number.NaN));
  };
  const [wall, cpu] = [over(({ wallMs }) => wallMs), over(({ cpuMs }) => cpuMs)];
  const ratio = median(
    pairedRatios(
      wall,
      of(last, ({ wallMs }) => wallMs),
    ),
  );
  return row === empty
    ? [row, median(of(row, ({ wallMs }) => wallMs)).toFixed(1), median(of(row, ({ cpuMs }) => cpuMs)).toFixed(1), ""]
    : [row, `+${median(wall).toFixed(1)}`, `+${median(cpu).toFixed(1)}`, ratio.toFixed(2)];
});

const report = `Measured on ${where.date} at commit ${where.commit}: Node ${where.node}, ${where.machine}; median of ${repetitions} repetitions.

${table(["loaded in a fresh process", "time, ms", "CPU, ms", "time, ratio to the last row"], figures)}`;
console.log(report);
if (!values.quick) writeFigures(new URL("./README.md", import.meta.url), report);
