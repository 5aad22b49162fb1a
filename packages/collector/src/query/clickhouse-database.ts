import { Readable } from "node:stream";
import { ClickHouseError, type ClickHouseClient } from "@clickhouse/client";
import { CollectorError } from "../errors.ts";
import type { Database } from "../model/database.ts";

export interface DatabaseOptions {
  client: ClickHouseClient;
  /** The longest a question may take, in seconds. */
  maxSeconds: number;
  /** The most memory ClickHouse may take for it, in bytes. */
  maxMemoryBytes: number;
}

/** TIMEOUT_EXCEEDED, TOO_MANY_SIMULTANEOUS_QUERIES, MEMORY_LIMIT_EXCEEDED: the question is right, the server is busy. */
const BUSY = new Set(["159", "202", "241"]);

/** The database that the questions of the API are put to. */
export function createDatabase({ client, maxSeconds, maxMemoryBytes }: DatabaseOptions): Database {
  const limits = { max_execution_time: maxSeconds, max_memory_usage: String(maxMemoryBytes) };
  const shape = {
    format: "JSONEachRow",
    clickhouse_settings: { ...limits, output_format_json_quote_64bit_integers: 0 },
    // Many hashes would not fit into an address.
    use_multipart_params_auto: true,
  } as const;
  return {
    async rows<Row>(sql: string, parameters: Record<string, unknown> = {}): Promise<Row[]> {
      try {
        const answer = await client.query({ ...shape, query: sql, query_params: parameters });
        return await answer.json<Row>();
      } catch (error) {
        throw explained(error);
      }
    },
    async insert(sql, row) {
      try {
        const values = Readable.from([JSON.stringify(row)], { objectMode: false });
        const { stream } = await client.exec({ query: `${sql} FORMAT JSONEachRow`, values });
        for await (const _ of stream);
      } catch (error) {
        throw explained(error);
      }
    },
  };
}

/** A mistake in our own SQL stays what it is: a defect. */
function explained(error: unknown): unknown {
  if (error instanceof ClickHouseError && !BUSY.has(error.code)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new CollectorError("RUNREEL_STORE_UNAVAILABLE", `ClickHouse did not answer: ${reason}`, { cause: error });
}
