import type { UsageRow } from "../answers.ts";
import { count, money } from "./quantity.ts";
import { printTable, type Column } from "./table.ts";
import type { Sheet } from "./terminal.ts";
import { oneLine } from "./text.ts";

const measures: readonly [key: string, title: string][] = [
  ["runs", "runs"],
  ["inferences", "inferences"],
  ["toolCalls", "tools"],
  ["errors", "errors"],
  ["inputTokens", "input"],
  ["cacheReadTokens", "cached"],
  ["cacheWriteTokens", "cache write"],
  ["outputTokens", "output"],
  ["reasoningTokens", "reasoning"],
  ["costUsd", "cost"],
  ["inferencesWithoutUsage", "without usage"],
];
const measureKeys = new Set(measures.map(([key]) => key)).add("inferencesUnpriced");

/** Usage by whatever keys the rows have. Columns in which nothing was counted are left out. */
export function printUsage(rows: readonly UsageRow[], sheet: Sheet): string {
  const keys = Object.keys(rows[0] ?? {}).filter((key) => !measureKeys.has(key));
  const columns: Column<UsageRow>[] = [
    ...keys.map((key) => ({ title: key, cell: (row: UsageRow) => oneLine(String(row[key] ?? "")) || "–" })),
    ...measures
      .filter(([key]) => rows.some((row) => Number(row[key] ?? 0) !== 0))
      .map(([key, title]) => ({
        title,
        align: "right" as const,
        cell: (row: UsageRow) => (key === "costUsd" ? money(textOf(row[key])) : count(numberOf(row[key]))),
      })),
  ];
  return printTable(rows, columns, sheet);
}

const textOf = (value: string | number | null | undefined): string | null => (value == null ? null : String(value));
const numberOf = (value: string | number | null | undefined): number | null => (value == null ? null : Number(value));
