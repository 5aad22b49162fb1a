// The process of the embedded ClickHouse. libchdb is the whole engine; its command line (`clickhouse local`) opens an HTTP listener and then sleeps
// in a query that never ends. When standard input closes, because the parent asked or because it died, that query is killed and the engine stops
// in order. Nothing but ffi-rs and the path of the library is loaded here.
import { createRequire } from "node:module";
import { request } from "node:http";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { EXIT_NO_LIBRARY } from "./engine-launch.ts";
import type { EngineLaunch } from "./engine-launch.ts";

/** The engine runs until this query ends; killing it is the orderly way to stop. */
const IDLE_QUERY =
  "SELECT sleepEachRow(1) FROM system.numbers FORMAT Null " +
  "SETTINGS max_block_size = 1, max_threads = 1, function_sleep_max_microseconds_per_block = 10000000";

type Engine = (argv: string[]) => Promise<unknown>;

/** Both packages are optional and CommonJS; an import would fail before there is somebody to explain it. */
function loadEngine(): Engine {
  const require = createRequire(import.meta.url);
  const ffi = require("ffi-rs") as typeof import("ffi-rs");
  const { libchdbPath } = require("chdb/libchdb") as typeof import("chdb/libchdb");
  const { External, I32, StringArray } = ffi.DataType;
  ffi.open({ library: "chdb", path: libchdbPath() });
  return async (argv) =>
    ffi.load({
      library: "chdb",
      funcName: "chdb_query_cmdline",
      retType: External,
      paramsType: [I32, StringArray],
      paramsValue: [argv.length, argv],
      runInNewThread: true,
    });
}

function killIdleQuery({ url, stopHeaders }: EngineLaunch): Promise<void> {
  return new Promise((resolve) => {
    request(url, { method: "POST", agent: false, headers: stopHeaders }, (response) => {
      response.resume().once("close", resolve);
    })
      .once("error", () => resolve())
      .end("KILL QUERY WHERE query LIKE 'SELECT sleepEachRow%' ASYNC");
  });
}

/** Repeats, since the listener may not be up yet when the parent dies early. */
async function stopEngine(launch: EngineLaunch): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    await killIdleQuery(launch);
    await sleep(200);
  }
  // The engine does not answer, and an ordinary exit would wait for its threads. The data survives a kill; a process that stays helps nobody.
  process.kill(process.pid, "SIGKILL");
}

async function run(launch: EngineLaunch, parentGone: Promise<void>): Promise<void> {
  let engine: Engine;
  try {
    engine = loadEngine();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(EXIT_NO_LIBRARY);
  }
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void stopEngine(launch);
  };
  for (const signal of ["SIGINT", "SIGHUP", "SIGTERM"] as const) process.on(signal, stop);
  void parentGone.then(stop);
  const query = `SYSTEM START LISTEN HTTP; ${IDLE_QUERY}`;
  await engine(["clickhouse", `--config-file=${launch.configFile}`, `--path=${launch.dataDir}`, "--query", query]);
  process.exit(stopping ? 0 : 1);
}

const parentGone = Promise.withResolvers<void>();
createInterface({ input: process.stdin })
  .once("line", (line) => void run(JSON.parse(line) as EngineLaunch, parentGone.promise))
  .once("close", () => parentGone.resolve());
