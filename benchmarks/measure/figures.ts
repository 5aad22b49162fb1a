import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";
import { dirname } from "node:path";

const BEGIN = "<!-- figures: written by the script, do not edit -->";
const END = "<!-- /figures -->";

/** Puts `markdown` between the two markers of a README, in place of what the last measurement wrote there. */
export function writeFigures(readme: URL, markdown: string): void {
  const text = readFileSync(readme, "utf8");
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${readme.pathname} lacks the markers ${BEGIN} and ${END}.`);
  writeFileSync(readme, `${text.slice(0, begin + BEGIN.length)}\n\n${markdown.trim()}\n\n${text.slice(end)}`);
}

/** Keeps the raw measurements beside the README, for whoever wants to compare more than a table. */
export function writeResults(file: URL, results: unknown): void {
  mkdirSync(dirname(file.pathname), { recursive: true });
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}

/** A table of Markdown, in the form that the formatter gives it. The first column is text, the others are figures. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  const rule = widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  const line = (cells: readonly string[]): string => `| ${cells.map(pad).join(" | ")} |`;
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

/** Where and with what something was measured. */
export interface Circumstances {
  date: string;
  commit: string;
  machine: string;
  node: string;
}

export function circumstances(): Circumstances {
  const [cpu] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim(),
    machine: `${cpus().length} cores (${cpu?.model.trim() ?? "unknown"}), ${Math.round(totalmem() / 2 ** 30)} GB, ${type()} ${release()}`,
    node: process.version,
  };
}
