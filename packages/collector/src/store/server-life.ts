import { randomUUID } from "node:crypto";
import type { ClickHouseClient } from "@clickhouse/client";

/**
 * Names the time between two restarts of the server: a row in a table that lives in memory. Other signs are not enough: `uptime()` counts whole
 * seconds, and the embedded server comes back within a quarter of one; `serverUUID()` outlives a restart.
 */
export async function readServerLife(client: ClickHouseClient): Promise<string> {
  const known = await select(client);
  if (known !== null) return known;
  await client.insert({
    table: "server_life",
    values: [{ id: randomUUID(), born_at: Date.now() }],
    format: "JSONEachRow",
  });
  const made = await select(client);
  if (made === null) throw new Error("The server restarted while it was asked who it is.");
  return made;
}

/** Two collectors may both have found nothing; the smaller id is as good as the other, and both will read it. */
async function select(client: ClickHouseClient): Promise<string | null> {
  const result = await client.query({
    query: "SELECT toString(min(id)) AS id FROM server_life HAVING count() > 0",
    format: "JSONEachRow",
  });
  const [row] = await result.json<{ id: string }>();
  return row?.id ?? null;
}
