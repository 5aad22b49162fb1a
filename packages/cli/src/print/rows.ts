import { printTable } from "./table.ts";
import type { Sheet } from "./terminal.ts";
import { fit, oneLine } from "./text.ts";
import { inWords } from "./value.ts";

/** Rows of a query, whatever their columns. Numbers stand right. */
export function printRows(columns: readonly string[], rows: readonly (readonly unknown[])[], sheet: Sheet): string {
  const cellMax = Math.max(12, Math.floor(sheet.width / Math.max(1, Math.min(columns.length, 3))));
  return printTable(
    rows,
    columns.map((title, at) => ({
      title,
      align: rows.length > 0 && rows.every((row) => isNumeric(row[at])) ? ("right" as const) : ("left" as const),
      cell: (row: readonly unknown[]) => {
        const value = row[at];
        return value === null || value === undefined ? "–" : fit(oneLine(inWords(value)), cellMax);
      },
    })),
    sheet,
  );
}

const isNumeric = (value: unknown): boolean =>
  value === null || typeof value === "number" || (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value));
