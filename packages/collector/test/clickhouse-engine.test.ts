import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startEmbeddedClickHouse } from "../src/store/embedded/start-embedded-clickhouse.ts";
import type { EmbeddedClickHouse, EmbeddedClickHouseOptions } from "../src/store/embedded/start-embedded-clickhouse.ts";
import { connectOptions, silent } from "./embedded-store.ts";

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

async function untilDead(pid: number): Promise<void> {
  while (isAlive(pid)) await sleep(20);
}

describe("the embedded server", () => {
  let folder: string;
  const engines: EmbeddedClickHouse[] = [];
  const start = async (more: Partial<EmbeddedClickHouseOptions> = {}): Promise<EmbeddedClickHouse> => {
    const { dataDir, embedded, query } = connectOptions(folder);
    const options = { dataDir, ...embedded, queryLimits: query, database: "runreel", logger: silent, ...more };
    const engine = await startEmbeddedClickHouse(options);
    engines.push(engine);
    return engine;
  };
  const ask = async (engine: EmbeddedClickHouse, query: string, headers: Record<string, string>): Promise<string> => {
    const response = await fetch(engine.url, {
      method: "POST",
      body: query,
      headers: { ...headers, connection: "close" },
    });
    return `${response.status} ${(await response.text()).trim()}`;
  };
  const asWriter = (engine: EmbeddedClickHouse): Record<string, string> => ({
    ...engine.login.headers,
    "X-ClickHouse-User": engine.login.writer.name,
    "X-ClickHouse-Key": engine.login.writer.password,
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "runreel-engine-"));
  });
  afterEach(async () => {
    await Promise.all(engines.splice(0).map((engine) => engine.stop()));
    await rm(folder, { recursive: true, force: true });
  });

  it("keeps its data over an orderly stop and over a kill", async () => {
    const first = await start();
    await ask(first, "CREATE DATABASE runreel", asWriter(first));
    await ask(first, "CREATE TABLE runreel.kept (n UInt8) ENGINE = MergeTree ORDER BY n", asWriter(first));
    await ask(first, "INSERT INTO runreel.kept VALUES (1)", asWriter(first));
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);

    const second = await start();
    await ask(second, "INSERT INTO runreel.kept VALUES (2)", asWriter(second));
    process.kill(second.pid, "SIGKILL");
    await second.exited;

    const third = await start();
    expect(await ask(third, "SELECT count() FROM runreel.kept", asWriter(third))).toBe("200 2");
  });

  it("lets nobody in who was not told the key, not even to the engine's own session", async () => {
    const engine = await start();
    const { "X-ClickHouse-User": user, "X-ClickHouse-Key": key } = asWriter(engine) as { [name: string]: string };
    expect(await ask(engine, "SELECT 1", {})).toMatch(/^404/);
    expect(await ask(engine, "SELECT 1", { "X-ClickHouse-User": user!, "X-ClickHouse-Key": key! })).toMatch(/^404/);
    expect(await ask(engine, "SELECT 1", { ...asWriter(engine), "X-ClickHouse-Key": "wrong" })).toMatch(
      /^(401|403|516)/,
    );
    expect(await ask(engine, "SELECT 1", asWriter(engine))).toBe("200 1");
  });

  it("refuses a folder that is in use, and waits for one that is being left", async () => {
    const first = await start();
    await expect(start({ lockWaitMs: 0 })).rejects.toMatchObject({ code: "RUNREEL_DATA_LOCKED" });
    const [second] = await Promise.all([start(), first.stop()]);
    expect(await ask(second, "SELECT 1", asWriter(second))).toBe("200 1");
  });

  it("says so when its port is taken by another program", async () => {
    const occupant = createServer().listen(0, "127.0.0.1");
    await once(occupant, "listening");
    const user = { name: "runreel", password: "secret" };
    const login = {
      port: (occupant.address() as AddressInfo).port,
      headers: {},
      writer: user,
      reader: { ...user, name: "reader" },
    };
    await expect(start({ login })).rejects.toMatchObject({
      code: "RUNREEL_ENGINE_FAILED",
      message: expect.stringContaining("port") as string,
    });
    occupant.close();
  });

  it("goes when its parent is killed", async () => {
    const parent = fork(fileURLToPath(new URL("engine-parent.ts", import.meta.url)), [folder], {
      execArgv: ["--conditions=runreel-source"],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const [pid] = (await once(parent, "message")) as [number];
    expect(isAlive(pid)).toBe(true);
    parent.kill("SIGKILL");
    await untilDead(pid);
    expect(isAlive(pid)).toBe(false);
  });

  it("says what to do where the engine cannot be loaded", async () => {
    const notALibrary = join(folder, "libchdb.so");
    await writeFile(notALibrary, "not a library");
    process.env["CHDB_LIBCHDB_PATH"] = notALibrary;
    try {
      await expect(start()).rejects.toMatchObject({
        code: "RUNREEL_ENGINE_MISSING",
        hint: expect.stringContaining("CLICKHOUSE_URL") as string,
      });
    } finally {
      delete process.env["CHDB_LIBCHDB_PATH"];
    }
  });
});
