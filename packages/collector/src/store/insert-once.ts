import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { ClickHouseError } from "@clickhouse/client";
import type { ClickHouseClient } from "@clickhouse/client";
import type { TableInsert } from "../model/block.ts";
import { retryForever } from "./retry.ts";
import { readServerLife } from "./server-life.ts";

export interface InsertOptions {
  client: ClickHouseClient;
  batch: string;
  /** Whether nobody can have tried to store this block before: its cut was made by this process. */
  isNew: boolean;
  signal: AbortSignal;
  onFailure: (error: unknown, count: number) => void;
}

const ACCESS_DENIED = "497";

/**
 * Makes one insert of a block, exactly once whatever fails in between (docs/adr/005).
 *
 * While the server lives, its deduplication token makes a repetition harmless. Over a restart the token cannot be trusted: it may be on record while
 * the rows are not. Then, and when somebody else may have begun this block, the rows themselves are asked for, and what is missing is sent under a
 * token that was never used. Rows of tables that replace equal keys are simply sent again.
 *
 * @throws Only the reason of the signal.
 */
export async function insertOnce(insert: TableInsert, options: InsertOptions): Promise<void> {
  const { client, batch, isNew, signal, onFailure } = options;
  const name = `${batch}:${insert.table}:${insert.partition}`;
  let token = isNew ? name : freshToken(name);
  let tokenLife: string | null = null;
  await retryForever(
    async (count) => {
      const life = await readServerLife(client);
      const mayBeStored = count > 0 || !isNew;
      if (mayBeStored && !insert.repeatable && (await isStored(client, insert, batch, name))) return;
      if (tokenLife !== null && tokenLife !== life) token = freshToken(name);
      tokenLife = life;
      await send(client, insert, { token, queryId: name, signal });
    },
    { signal, onFailure },
  );
}

const freshToken = (name: string): string => `${name}:${randomUUID()}`;

interface SendOptions {
  token: string;
  queryId: string;
  signal: AbortSignal;
}

async function send(
  client: ClickHouseClient,
  insert: TableInsert,
  { token, queryId, signal }: SendOptions,
): Promise<void> {
  const { stream } = await client.exec({
    query: `INSERT INTO ${insert.table} FORMAT Native`,
    values: Readable.from(insert.native, { objectMode: false }),
    query_id: queryId,
    clickhouse_settings: { insert_deduplication_token: token },
    abort_signal: signal,
  });
  for await (const _ of stream);
}

/** Whether the rows are there. One insert is one part, so they all are or none is. An attempt that is still running has to end first. */
async function isStored(
  client: ClickHouseClient,
  insert: TableInsert,
  batch: string,
  queryId: string,
): Promise<boolean> {
  if (await isRunning(client, queryId)) throw new Error("An earlier attempt of this insert is still running.");
  const result = await client.query({
    query: `SELECT toUInt32(count()) AS rows FROM ${insert.table} WHERE batch = {batch:String} AND _partition_id = {partition:String}`,
    query_params: { batch, partition: insert.partition.replaceAll("-", "") },
    format: "JSONEachRow",
  });
  const [found] = await result.json<{ rows: number }>();
  return (found?.rows ?? 0) > 0;
}

async function isRunning(client: ClickHouseClient, queryId: string): Promise<boolean> {
  try {
    const result = await client.query({
      query: "SELECT toUInt32(count()) AS running FROM system.processes WHERE query_id = {queryId:String}",
      query_params: { queryId },
      format: "JSONEachRow",
    });
    const [row] = await result.json<{ running: number }>();
    return (row?.running ?? 0) > 0;
  } catch (error) {
    // A server that does not show its queries to us refuses a second one of the same id, as long as the first runs.
    if (error instanceof ClickHouseError && error.code === ACCESS_DENIED) return false;
    throw error;
  }
}
