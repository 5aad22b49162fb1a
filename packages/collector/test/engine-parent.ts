// A collector that is killed: starts an engine in the folder it is given, tells its process id and waits.
import { startEmbeddedClickHouse } from "../src/store/embedded/start-embedded-clickhouse.ts";
import { connectOptions, silent } from "./embedded-store.ts";

const { dataDir, embedded, query } = connectOptions(process.argv[2] ?? "");
const engine = await startEmbeddedClickHouse({
  dataDir,
  ...embedded,
  queryLimits: query,
  database: "runreel",
  logger: silent,
});
process.send?.(engine.pid);
setInterval(() => {}, 1000);
