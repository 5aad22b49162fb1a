import { randomUUID } from "node:crypto";
import type { ClickHouseClient } from "@clickhouse/client";
import type { Cut } from "./cut.ts";

/** A block of a partition; `batch` names it in every row. */
export interface Block extends Cut {
  journal: string;
  partition: number;
  batch: string;
}

/** Every collector that makes this block gives it this name. */
export function nameBlock(journal: string, partition: number, { first, last }: Cut): Block {
  return { journal, partition, first, last, batch: `${journal}:${partition}:${first}-${last}` };
}

/** The offset from which on a partition is not in the store yet, or null when nothing is. The position lives with what it is the position of. */
export async function readPosition(
  client: ClickHouseClient,
  journal: string,
  partition: number,
): Promise<bigint | null> {
  const result = await client.query({
    query: `SELECT toString(max(last)) AS last FROM blocks
      WHERE journal = {journal:String} AND partition = {partition:UInt32} HAVING count() > 0`,
    query_params: { journal, partition },
    format: "JSONEachRow",
  });
  const [row] = await result.json<{ last: string }>();
  return row === undefined ? null : BigInt(row.last) + 1n;
}

/** Says that a block is in the store, whole. Saying it twice changes nothing, so each attempt has a token of its own. */
export async function writePosition(client: ClickHouseClient, block: Block, spans: number): Promise<void> {
  const { journal, partition, first, last, batch } = block;
  await client.insert({
    table: "blocks",
    values: [{ journal, partition, first: String(first), last: String(last), batch, spans }],
    format: "JSONEachRow",
    clickhouse_settings: { insert_deduplication_token: randomUUID() },
  });
}
