// What redaction costs, in nanoseconds for a text of 1,024 characters. Run it with `node --conditions=runreel-source benchmarks/redaction/run.ts`.
import { circumstances, table, writeFigures } from "../measure/figures.ts";
import { designs } from "./designs.ts";
import { createTexts } from "./texts.ts";

const ROUNDS = 21;
const PASSES = 10;

const texts = Object.entries(createTexts());
const short = [
  "chat",
  "stop",
  "gpt-5-mini",
  "order_clerk",
  "conv-7f3a",
  "call_4f1c9a2b7d10",
  "api.openai.com",
  "eu-central",
];
const columns = [...texts.map(([kind]) => kind), "short"];
const lists = [...texts.map(([, list]) => list), short];
const measured = new Map(Object.keys(designs).map((name) => [name, lists.map((): number[] => [])]));

// All designs take turns in each round, so that the machine's mood is the same for all; the first rounds warm up.
for (let round = -5; round < ROUNDS; round += 1) {
  for (const [name, design] of Object.entries(designs)) {
    for (const [index, list] of lists.entries()) {
      const passes = (PASSES * 100) / list.length;
      const before = process.cpuUsage();
      for (let pass = 0; pass < passes; pass += 1) for (const text of list) design(text);
      const { user, system } = process.cpuUsage(before);
      const nanoseconds = ((user + system) * 1000) / passes / list.length;
      if (round >= 0) measured.get(name)![index]!.push(nanoseconds);
    }
  }
}

const rows = [...measured].map(([name, results]) => [name, ...results.map((values) => Math.min(...values).toFixed(0))]);
const { date, commit, machine, node } = circumstances();
writeFigures(
  new URL("README.md", import.meta.url),
  `${table(["ns a text", ...columns], rows)}\n\nMeasured on ${date} at ${commit}, Node ${node}, ${machine}. CPU time, the least of ${ROUNDS} rounds in one process, in which all take turns.`,
);
