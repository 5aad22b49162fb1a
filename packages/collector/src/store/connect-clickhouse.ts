import { createClient, ClickHouseError, ClickHouseLogLevel } from "@clickhouse/client";
import type { ClickHouseClient, ClickHouseClientConfigOptions } from "@clickhouse/client";
import type { Logger } from "pino";
import type { QueryLimits } from "./embedded/engine-config.ts";
import { superviseEmbeddedClickHouse } from "./embedded/supervised-clickhouse.ts";
import { StartError } from "../model/start-error.ts";
import { guardReader } from "./guard-reader.ts";
import type { GuardedReader } from "./guard-reader.ts";

export interface ConnectOptions {
  clickhouse: {
    /** The HTTP address of a server or cluster; null starts the embedded one. */
    url: string | null;
    user: string;
    password: string;
    database: string;
  };
  /** The folder of the embedded engine. */
  dataDir: string;
  embedded: { memoryMaxBytes: number };
  /** What a query of the read-only client may use up. */
  query: QueryLimits;
  logger: Pick<Logger, "info" | "warn" | "error">;
}

/** The way to ClickHouse. Past this point nothing knows whether the server is embedded. */
export interface ClickHouseConnection {
  readonly mode: "embedded" | "server";
  readonly url: string;
  readonly database: string;
  /** May do anything in the database. */
  readonly client: ClickHouseClient;
  /** For SQL that a user wrote: reads only, within the limits. On the embedded server a user of its own; elsewhere the same user with `readonly = 1`. */
  readonly reader: GuardedReader;
  /** Process id of the embedded engine that runs now; null with a server. */
  enginePid(): number | null;
  close(): Promise<void>;
}

const UNKNOWN_DATABASE = "81";
const REQUEST_TIMEOUT_MS = 120_000;

/**
 * Connects to the server of the configuration, or starts the embedded one, and makes sure that the database exists.
 *
 * @throws StartError when there is no way to a server.
 */
export async function connectClickHouse(options: ConnectOptions): Promise<ClickHouseConnection> {
  const { url, database } = options.clickhouse;
  return url === null ? connectEmbedded(options, database) : connectServer(options, url, database);
}

async function connectEmbedded(options: ConnectOptions, database: string): Promise<ClickHouseConnection> {
  const { dataDir, embedded, query, logger } = options;
  const supervised = await superviseEmbeddedClickHouse({ dataDir, ...embedded, database, queryLimits: query, logger });
  const { url, login } = supervised;
  const base = { url, http_headers: login.headers };
  const writer = { ...base, username: login.writer.name, password: login.writer.password };
  const reader = { ...base, username: login.reader.name, password: login.reader.password };
  try {
    await ensureDatabase(writer, database);
  } catch (error) {
    await supervised.stop();
    throw error;
  }
  const client = createClient(clientOptions(writer, database));
  const readerClient = createClient(clientOptions(reader, database, {}));
  return {
    mode: "embedded",
    url,
    database,
    client,
    reader: guardReader(readerClient),
    enginePid: () => supervised.engine.pid,
    async close() {
      await Promise.all([client.close(), readerClient.close()]);
      await supervised.stop();
    },
  };
}

async function connectServer(options: ConnectOptions, url: string, database: string): Promise<ClickHouseConnection> {
  const { user, password } = options.clickhouse;
  // Over a network the bytes cost more than their compression.
  const compression = isLoopback(url) ? {} : { request: { codec: "zstd", level: 1 } as const };
  const login = { url, username: user, password, compression };
  await ensureDatabase(login, database);
  const client = createClient(clientOptions(login, database));
  const reader = createClient(clientOptions(login, database, readonlySettings(options.query)));
  return {
    mode: "server",
    url,
    database,
    client,
    reader: guardReader(reader),
    enginePid: () => null,
    async close() {
      await Promise.all([client.close(), reader.close()]);
    },
  };
}

function isLoopback(url: string): boolean {
  return ["localhost", "127.0.0.1", "[::1]"].includes(new URL(url).hostname);
}

/** `async_insert` is on by default in ClickHouse 26; blocks come ready-made and would only wait there. */
function clientOptions(
  login: ClickHouseClientConfigOptions,
  database: string,
  settings: ClickHouseClientConfigOptions["clickhouse_settings"] = { async_insert: 0 },
): ClickHouseClientConfigOptions {
  return {
    ...login,
    database,
    application: "runreel-collector",
    clickhouse_settings: settings,
    request_timeout: REQUEST_TIMEOUT_MS,
    // Errors reach the caller, who logs them once.
    log: { level: ClickHouseLogLevel.OFF },
  };
}

function readonlySettings(limits: QueryLimits): NonNullable<ClickHouseClientConfigOptions["clickhouse_settings"]> {
  return {
    readonly: "1",
    allow_ddl: 0,
    max_execution_time: limits.maxSeconds,
    max_result_rows: String(limits.maxRows),
    max_result_bytes: String(limits.maxBytes),
    result_overflow_mode: "throw",
    max_memory_usage: String(limits.maxMemoryBytes),
  };
}

/** Asks for the database first: a user who may not create one can still use one that is there. */
async function ensureDatabase(login: ClickHouseClientConfigOptions, database: string): Promise<void> {
  const inside = createClient(clientOptions(login, database));
  const outside = createClient(clientOptions(login, "default"));
  try {
    await inside.command({ query: "SELECT 1 FORMAT Null" }).catch(async (error: unknown) => {
      if (!(error instanceof ClickHouseError) || error.code !== UNKNOWN_DATABASE) throw error;
      await outside.command({ query: `CREATE DATABASE IF NOT EXISTS \`${database}\`` });
    });
  } catch (error) {
    throw new StartError(
      "RUNREEL_DATABASE_UNREACHABLE",
      `ClickHouse at ${String(login.url)} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      "Check CLICKHOUSE_URL, CLICKHOUSE_USER, CLICKHOUSE_PASSWORD and CLICKHOUSE_DATABASE; the user must be allowed to create tables there.",
      error,
    );
  } finally {
    await Promise.all([inside.close(), outside.close()]);
  }
}
