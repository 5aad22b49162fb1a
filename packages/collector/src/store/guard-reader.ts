import { ClickHouseError } from "@clickhouse/client";
import type { ClickHouseClient } from "@clickhouse/client";

/** A client for SQL that users write. */
export type GuardedReader = Pick<ClickHouseClient, "query">;

// `file(path)` reads any file that the process can read: the embedded engine is a `clickhouse local`, which does not keep it to a folder, and no
// grant covers it.
const FORBIDDEN_WORD = /\bfile\b/i;
const STRING_LITERAL = /'(?:[^'\\]|\\.|'')*'/gs;

/**
 * Looks at each query before the reader runs it. Grants and limits of its user keep it from everything else; this keeps it from the one function that
 * needs no grant. ClickHouse itself prints the query in its one canonical form, without running any of it, so comments, escapes in quoted names and
 * the like cannot hide the word. A refused query fails with the error of a missing grant.
 */
export function guardReader(reader: ClickHouseClient): GuardedReader {
  return {
    async query(parameters) {
      const canonical = await formatQuery(reader, parameters.query);
      if (!FORBIDDEN_WORD.test(canonical.replace(STRING_LITERAL, "''"))) return reader.query(parameters);
      const message =
        "The function file() reads files of the server and is not allowed; nothing here may be named `file` either.";
      throw new ClickHouseError({ message, code: "497", type: "ACCESS_DENIED" });
    },
  };
}

/** @throws ClickHouseError when the query is not SQL. */
async function formatQuery(reader: ClickHouseClient, sql: string): Promise<string> {
  const result = await reader.query({
    query: "SELECT formatQuerySingleLine({sql:String}) AS canonical",
    query_params: { sql },
    format: "JSONEachRow",
    // Long SQL does not fit into an address.
    use_multipart_params_auto: true,
  });
  const [row] = await result.json<{ canonical: string }>();
  return row?.canonical ?? "";
}
