import { text } from "node:stream/consumers";

import type { Command } from "commander";

import { createCommand, show, type CommandContext } from "../command-context.ts";
import { wrongUse } from "../command-failure.ts";
import { printRows } from "../print/rows.ts";

/** `runreel sql`: read-only SQL over everything that is stored. */
export function sqlCommand(context: CommandContext): Command {
  return createCommand(
    "sql",
    "Run a read-only SQL query of ClickHouse's dialect",
    `  runreel sql 'SHOW TABLES'
  runreel sql 'SELECT tool, count() AS calls FROM spans GROUP BY tool ORDER BY calls DESC'
  runreel sql - < question.sql       from standard input`,
  )
    .argument("<query>", "the query, or - to read it from standard input")
    .action(async (argument: string, { json }: { json?: boolean }) => {
      const query = argument === "-" ? await text(process.stdin) : argument;
      if (query.trim() === "") throw wrongUse("There is no query", "Try: runreel sql 'SHOW TABLES'");
      const answer = await context.client().sql(query);
      show(context, json, answer, () => {
        const { columns, rows } = tableOf(answer);
        return rows.length === 0 ? "No rows." : printRows(columns, rows, context.sheet);
      });
    });
}

interface SqlAnswer {
  columns?: ({ name: string } | string)[];
  rows?: (Record<string, unknown> | unknown[])[];
}

function tableOf(answer: unknown): { columns: string[]; rows: unknown[][] } {
  const { columns: given, rows = [] } = answer as SqlAnswer;
  const columns =
    given?.map((column) => (typeof column === "string" ? column : column.name)) ?? Object.keys(rows[0] ?? {});
  return { columns, rows: rows.map((row) => (Array.isArray(row) ? row : columns.map((column) => row[column]))) };
}
