import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ClickHouseClient } from "@clickhouse/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectClickHouse } from "../src/store/connect-clickhouse.ts";
import type { ClickHouseConnection } from "../src/store/connect-clickhouse.ts";
import { startEmbeddedClickHouse } from "../src/store/embedded/start-embedded-clickhouse.ts";
import { migrate } from "../src/store/migrate.ts";
import { connectOptions, silent, startEmbeddedStore } from "./embedded-store.ts";
import type { EmbeddedStore } from "./embedded-store.ts";

async function rowsOf<Row>(client: Pick<ClickHouseClient, "query">, query: string): Promise<Row[]> {
  return (await client.query({ query, format: "JSONEachRow" })).json<Row>();
}

/** A server as anybody runs it: an engine behind a proxy that knows the key to its door. */
async function startPlainServer(
  folder: string,
): Promise<{ url: string; user: string; password: string; stop(): Promise<void> }> {
  const { embedded, query } = connectOptions(folder);
  const options = {
    dataDir: join(folder, "plain"),
    ...embedded,
    queryLimits: query,
    database: "elsewhere",
    logger: silent,
  };
  const engine = await startEmbeddedClickHouse(options);
  const { url, login } = engine;
  const proxy = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, ...login.headers };
    const forwarded = request(
      url + (incoming.url ?? ""),
      { method: incoming.method, headers, agent: false },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      },
    );
    incoming.pipe(forwarded);
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    user: login.writer.name,
    password: login.writer.password,
    async stop() {
      proxy.closeAllConnections();
      proxy.close();
      await engine.stop();
    },
  };
}

describe("the connection", () => {
  let store: EmbeddedStore;
  let connection: ClickHouseConnection;

  beforeAll(async () => {
    store = await startEmbeddedStore();
    connection = store.connection;
  });
  afterAll(() => store.close());

  it("makes every table, and nothing more when it runs again", async () => {
    const names = "SELECT name, engine_full FROM system.tables WHERE database = 'runreel' ORDER BY name";
    const before = await store.rows<{ name: string }>(names);
    await migrate({ client: connection.client, retention: { contentDays: 3, spanDays: 3650 }, logger: silent });
    expect(await store.rows(names)).toEqual(before);
    expect(before.map(({ name }) => name)).toContain("spans");
    expect(
      await store.rows("SELECT max(c) AS times FROM (SELECT count() AS c FROM migrations GROUP BY version)"),
    ).toEqual([{ times: 1 }]);
  });

  it("brings the retention of the tables to that of the configuration", async () => {
    const days = async (): Promise<unknown[]> =>
      store.rows(
        "SELECT name, extract(engine_full, 'toIntervalDay\\\\((\\\\d+)\\\\)') AS days FROM system.tables WHERE name IN ('spans', 'blobs', 'open_spans') ORDER BY name",
      );
    await migrate({ client: connection.client, retention: { contentDays: 5, spanDays: 90 }, logger: silent });
    expect(await days()).toEqual([
      { name: "blobs", days: "5" },
      { name: "open_spans", days: "7" },
      { name: "spans", days: "90" },
    ]);
    await migrate({ client: connection.client, retention: { contentDays: 3, spanDays: 3650 }, logger: silent });
    expect(await days()).toEqual([
      { name: "blobs", days: "3" },
      { name: "open_spans", days: "7" },
      { name: "spans", days: "3650" },
    ]);
  });

  it("does not touch a database that a newer program has written", async () => {
    await connection.client.insert({
      table: "migrations",
      values: [{ version: 9999, name: "9999_future" }],
      format: "JSONEachRow",
    });
    await expect(
      migrate({ client: connection.client, retention: { contentDays: 3, spanDays: 30 }, logger: silent }),
    ).rejects.toMatchObject({ code: "RUNREEL_DATABASE_NEWER" });
    await connection.client.command({ query: "DELETE FROM migrations WHERE version = 9999" });
  });

  it("counts days in UTC", async () => {
    expect(await store.rows("SELECT timeZone() AS zone")).toEqual([{ zone: expect.stringContaining("UTC") as string }]);
  });

  it("starts the engine again when it dies, for the same clients", async () => {
    const pid = connection.enginePid()!;
    process.kill(pid, "SIGKILL");
    while (connection.enginePid() === pid) await sleep(20);
    expect(await rowsOf(connection.client, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    expect(await rowsOf(connection.reader, "SELECT count() AS migrations FROM migrations WHERE version = 1")).toEqual([
      { migrations: 1 },
    ]);
  });

  it.each([
    "INSERT INTO spans (name) VALUES ('x')",
    "CREATE TABLE runreel.mine (n UInt8) ENGINE = Memory",
    "CREATE TEMPORARY TABLE mine (n UInt8)",
    "DROP TABLE spans",
    "ALTER TABLE spans DELETE WHERE 1",
    "SET max_execution_time = 100",
    "SELECT 1 SETTINGS max_result_rows = 0",
    "SELECT * FROM url('http://127.0.0.1:1/', 'CSV', 'n UInt8')",
    "SELECT * FROM file('/etc/hostname', 'CSV', 'n String')",
    "SELECT * FROM s3('http://127.0.0.1:1/bucket/key.csv')",
    "SELECT * FROM remote('127.0.0.1:1', 'system.one')",
    "SELECT * FROM executable('ls', 'CSV', 'n String')",
    "SELECT * FROM system.users",
    "SELECT * FROM system.processes",
    "SELECT * FROM system.server_settings",
    "SYSTEM STOP LISTEN HTTP",
    "SYSTEM SHUTDOWN",
    "SELECT number FROM numbers(1001)",
    "SELECT sum(number) FROM numbers(1000000000000)",
  ])("does not let a user's SQL: %s", async (sql) => {
    await expect(rowsOf(connection.reader, sql)).rejects.toMatchObject({
      code: expect.stringMatching(/^\d+$/) as string,
    });
  });

  it.each([
    "SELECT file('/etc/hostname')",
    "SELECT /* */ `fil\\x65`('/etc/hostname')",
    "SELECT * APPLY file FROM (SELECT '/etc/hostname')",
    "SELECT arrayMap(x -> file(x), ['/etc/hostname'])",
    "SELECT arrayMap(file, ['/etc/hostname'])",
  ])("does not let a user's SQL read files of the server: %s", async (sql) => {
    await expect(rowsOf(connection.reader, sql)).rejects.toMatchObject({ code: "497" });
  });

  it.each([
    "SELECT name FROM spans WHERE name = 'read file' -- file",
    "SELECT name FROM spans WHERE name IN ('it''s a file', '\\'file')",
    `SELECT '${"long ".repeat(10_000)}'`,
    "SHOW TABLES",
    "DESCRIBE TABLE spans",
    "WITH 1 AS n SELECT n FROM system.one",
  ])("lets a user's SQL read: %.60s", async (sql) => {
    await expect(rowsOf(connection.reader, sql)).resolves.toBeInstanceOf(Array);
  });

  it("reads by the same code from a server by its address", async () => {
    const other = await startPlainServer(store.folder);
    try {
      const server = await connectClickHouse({
        ...connectOptions(store.folder),
        clickhouse: { url: other.url, user: other.user, password: other.password, database: "elsewhere" },
      });
      await migrate({ client: server.client, retention: { contentDays: 3, spanDays: 30 }, logger: silent });
      expect(server.mode).toBe("server");
      await expect(rowsOf(server.reader, "INSERT INTO spans (name) VALUES ('x')")).rejects.toMatchObject({
        code: "164",
      });
      expect(await rowsOf(server.reader, "SELECT count() AS spans FROM spans")).toEqual([{ spans: 0 }]);
      await server.close();
    } finally {
      await other.stop();
    }
  });

  it("says what to check when a server cannot be reached", async () => {
    await expect(
      connectClickHouse({
        ...connectOptions(store.folder),
        clickhouse: { url: "http://127.0.0.1:1", user: "default", password: "", database: "runreel" },
      }),
    ).rejects.toMatchObject({
      code: "RUNREEL_DATABASE_UNREACHABLE",
      hint: expect.stringContaining("CLICKHOUSE_URL") as string,
    });
  });
});
