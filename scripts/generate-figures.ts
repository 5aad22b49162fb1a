/**
 * Writes the figures in the root's README from the pages of the benchmarks, so that nobody types a number.
 *
 * `node scripts/generate-figures.ts`, or `npm run generate`. A test fails where the README says something else than the benchmarks.
 */
import { readFileSync, writeFileSync } from "node:fs";

export const readme: URL = new URL("../README.md", import.meta.url);

/** The text of the README with the figures of today's benchmark pages. */
export function withFigures(text: string): string {
  const [begin, end] = ["<!-- figures: written by the script, do not edit -->", "<!-- /figures -->"];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md has no ${begin} … ${end}.`);
  return `${text.slice(0, from + begin.length)}\n\n${figures()}\n\n${text.slice(to)}`;
}

function figures(): string {
  const sdk = page("sdk-overhead");
  const ingest = page("ingest");
  const rows = [
    ["an agent's CPU with the middleware, against nothing", times(sdk.cell("runreelMiddleware()", "CPU, ratio"))],
    [
      "the same, recorded by hand with plain OpenTelemetry",
      times(sdk.cell("plain OpenTelemetry by hand", "CPU, ratio")),
    ],
    ["sent for a task of 22 spans and 36 kB of new text", `${sdk.cell("runreelMiddleware()", "on the wire")} kB`],
    ["spans/s through to ClickHouse, 3.3 kB each", thousands(ingest.cell("with content, 3.", "visible/s"))],
    ["the same without content", thousands(ingest.cell("without content", "visible/s"))],
  ];
  return `${rows.map(([what, figure]) => `- ${what}: **${figure}**`).join("\n")}\n\n${sdk.measured}`;
}

const times = (ratio: string): string => `${ratio}×`;
const thousands = (count: string): string => Number(count).toLocaleString("en-US");

interface Page {
  /** The line that says when and on what. */
  measured: string;
  /** A cell of the first table, by the beginnings of its row's and column's names. */
  cell(row: string, column: string): string;
}

function page(benchmark: string): Page {
  const text = readFileSync(new URL(`../benchmarks/${benchmark}/README.md`, import.meta.url), "utf8");
  const measured = /^Measured on .*$/m.exec(text)?.[0] ?? "";
  const table = text
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.replaceAll(/[`*]/g, "").trim()),
    );
  const head = table[0] ?? [];
  return {
    measured,
    cell(row, column) {
      const at = head.findIndex((name) => name.startsWith(column));
      const found = table.find(([name = ""]) => name.replace("Runreel, ", "").startsWith(row))?.[at];
      if (found === undefined || found === "") throw new Error(`${benchmark} has no figure for ${row}, ${column}.`);
      return found;
    },
  };
}

if (import.meta.main) writeFileSync(readme, withFigures(readFileSync(readme, "utf8")));
