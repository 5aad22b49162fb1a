import { readdir, readFile } from "node:fs/promises";
import type { ClickHouseClient } from "@clickhouse/client";
import type { Logger } from "pino";
import { StartError } from "../model/start-error.ts";

export interface Retention {
  /** Days that content is kept. */
  contentDays: number;
  /** Days that spans, runs and checkpoints are kept. */
  spanDays: number;
}

export interface MigrateOptions {
  client: ClickHouseClient;
  retention: Retention;
  logger: Pick<Logger, "info">;
}

/** One numbered file of `sql/`: one statement that may run again without harm. A file that was released is never changed, only followed. */
interface Migration {
  version: number;
  name: string;
  statement: string;
}

const SQL_FOLDER = new URL("./sql/", import.meta.url);

/**
 * Brings the database up to this program: makes what is missing, in order, and sets the retention of tables to that of the configuration.
 * Safe to run again, and by several collectors at once.
 *
 * @throws StartError `RUNREEL_DATABASE_NEWER` when a newer program has been here: it may mean something else by the same columns.
 */
export async function migrate({ client, retention, logger }: MigrateOptions): Promise<void> {
  const migrations = await readMigrations(retention);
  const newest = migrations.at(-1)?.version ?? 0;
  await client.command({
    query: `CREATE TABLE IF NOT EXISTS migrations (version UInt32, name String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'))
      ENGINE = ReplacingMergeTree ORDER BY version`,
  });
  const applied = new Set(
    (await selectRows<{ version: number }>(client, "SELECT DISTINCT version FROM migrations")).map(
      (row) => row.version,
    ),
  );
  const found = Math.max(0, ...applied);
  if (found > newest) {
    throw new StartError(
      "RUNREEL_DATABASE_NEWER",
      `The database is at version ${found}, this collector knows versions up to ${newest}.`,
      "Run the newer collector again, or name another database with CLICKHOUSE_DATABASE or RUNREEL_DATA.",
    );
  }
  for (const { version, name, statement } of migrations) {
    if (applied.has(version)) continue;
    await client.command({ query: statement });
    await client.insert({ table: "migrations", values: [{ version, name }], format: "JSONEachRow" });
    logger.info({ migration: name }, "migrated the database");
  }
  await updateRetention(client, migrations, logger);
}

async function readMigrations(retention: Retention): Promise<Migration[]> {
  const days: Record<string, number> = {
    contentRetentionDays: retention.contentDays,
    spanRetentionDays: retention.spanDays,
  };
  const files = (await readdir(SQL_FOLDER)).filter((file) => /^\d{3}_\w+\.sql$/.test(file)).sort();
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(new URL(file, SQL_FOLDER), "utf8");
      const statement = text.replace(/\{(\w+)\}/g, (placeholder, name: string) => String(days[name] ?? placeholder));
      return { version: Number(file.slice(0, 3)), name: file.replace(/\.sql$/, ""), statement };
    }),
  );
}

/** Only the number of days can differ from what the files say, so only that is compared. Old parts get the new date without being rewritten. */
async function updateRetention(
  client: ClickHouseClient,
  migrations: Migration[],
  logger: Pick<Logger, "info">,
): Promise<void> {
  const tables = await selectRows<{ name: string; engine_full: string }>(
    client,
    "SELECT name, engine_full FROM system.tables WHERE database = currentDatabase()",
  );
  for (const { statement } of migrations) {
    const [, table] = /^CREATE TABLE IF NOT EXISTS (\w+)/m.exec(statement) ?? [];
    const [, ttl, wanted] = /^TTL (.* INTERVAL (\d+) DAY)$/m.exec(statement) ?? [];
    const [, current] =
      /TTL .*toIntervalDay\((\d+)\)/.exec(tables.find(({ name }) => name === table)?.engine_full ?? "") ?? [];
    if (table === undefined || wanted === undefined || current === undefined || current === wanted) continue;
    await client.command({ query: `ALTER TABLE ${table} MODIFY TTL ${ttl}` });
    logger.info({ table, days: Number(wanted) }, "changed the retention");
  }
}

async function selectRows<Row>(client: ClickHouseClient, query: string): Promise<Row[]> {
  const result = await client.query({ query, format: "JSONEachRow" });
  return result.json<Row>();
}
