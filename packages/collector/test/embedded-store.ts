import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { connectClickHouse } from "../src/store/connect-clickhouse.ts";
import type { ClickHouseConnection, ConnectOptions } from "../src/store/connect-clickhouse.ts";
import { migrate } from "../src/store/migrate.ts";

export const silent = pino({ level: "silent" });

export const connectOptions = (dataDir: string): ConnectOptions => ({
  clickhouse: { url: null, user: "default", password: "", database: "runreel" },
  dataDir,
  embedded: { memoryMaxBytes: 1 << 30 },
  query: { maxSeconds: 2, maxRows: 1000, maxBytes: 1 << 20, maxMemoryBytes: 256 << 20 },
  logger: silent,
});

/** An embedded ClickHouse with the collector's tables, in a folder of its own. */
export interface EmbeddedStore {
  connection: ClickHouseConnection;
  folder: string;
  rows<Row>(query: string): Promise<Row[]>;
  close(): Promise<void>;
}

export async function startEmbeddedStore(): Promise<EmbeddedStore> {
  const folder = await mkdtemp(join(tmpdir(), "runreel-test-"));
  const connection = await connectClickHouse(connectOptions(join(folder, "clickhouse")));
  await migrate({ client: connection.client, retention: { contentDays: 3, spanDays: 3650 }, logger: silent });
  return {
    connection,
    folder,
    async rows<Row>(query: string) {
      const result = await connection.client.query({ query, format: "JSONEachRow" });
      return result.json<Row>();
    },
    async close() {
      await connection.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
