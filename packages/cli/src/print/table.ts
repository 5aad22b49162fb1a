import CliTable3 from "cli-table3";

import type { Sheet } from "./terminal.ts";

export interface Column<Row> {
  title: string;
  align?: "left" | "right";
  cell(row: Row): string;
}

const noLines = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/** A table without lines: dim titles, columns as wide as they need. Columns that are empty in every row are left out. */
export function printTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[], { style }: Sheet): string {
  const cells = columns.map((column) => ({ column, texts: rows.map((row) => column.cell(row)) }));
  const shown = cells.filter(({ texts }) => rows.length === 0 || texts.some((text) => text !== ""));
  const table = new CliTable3({
    head: shown.map(({ column }) => style.dim(column.title)),
    colAligns: shown.map(({ column }) => column.align ?? "left"),
    chars: noLines,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
  });
  rows.forEach((_row, at) => table.push(shown.map(({ texts }) => texts[at] ?? "")));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
