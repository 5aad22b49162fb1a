import { ClickHouseError, type ClickHouseClient } from "@clickhouse/client";
import { CollectorError } from "../errors.ts";
import type { SqlAnswer, SqlReader } from "./run-sql.ts";

export interface SqlReaderOptions {
  /** Logs in as a user that can only read, within limits of its own. */
  reader: Pick<ClickHouseClient, "query">;
  /** SQL sees every project, so with several of them only the first may use it. */
  projects: readonly string[];
}

/** TOO_MANY_ROWS, TIMEOUT_EXCEEDED, TOO_SLOW, MEMORY_LIMIT_EXCEEDED, TOO_MANY_BYTES, TOO_MANY_ROWS_OR_BYTES */
const LIMITS = new Set(["158", "159", "160", "241", "307", "396"]);
const TOO_MANY_QUERIES = "202";

/** SQL of a user against ClickHouse. What it may do is up to the login, not to a look at the text. */
export function createSqlReader({ reader, projects }: SqlReaderOptions): SqlReader {
  return {
    async read(project, query): Promise<SqlAnswer> {
      if (project !== projects[0]) {
        const message = `SQL sees the data of all projects, so that it is left to project ${projects[0]}.`;
        throw new CollectorError("RUNREEL_SQL_REFUSED", message);
      }
      try {
        const answer = await reader.query({ query: query.trim().replace(/;$/, ""), format: "JSON" });
        const { meta = [], data } = await answer.json<Record<string, unknown>>();
        return { columns: meta, rows: data };
      } catch (error) {
        throw explained(error);
      }
    },
  };
}

function explained(cause: unknown): CollectorError {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (!(cause instanceof ClickHouseError)) {
    return new CollectorError("RUNREEL_STORE_UNAVAILABLE", `ClickHouse did not answer: ${message}`, { cause });
  }
  if (cause.code === TOO_MANY_QUERIES) return new CollectorError("RUNREEL_COLLECTOR_OVERLOADED", message, { cause });
  return new CollectorError(LIMITS.has(cause.code) ? "RUNREEL_SQL_LIMIT" : "RUNREEL_SQL_REFUSED", message, { cause });
}
