import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import { engineConfig, engineUsers } from "./engine-config.ts";
import type { EngineUser, QueryLimits } from "./engine-config.ts";
import { EXIT_NO_LIBRARY, GATE_HEADER } from "./engine-launch.ts";
import type { EngineLaunch } from "./engine-launch.ts";
import { explainFailedLaunch } from "./failed-launch.ts";
import type { FailedLaunch } from "./failed-launch.ts";

export interface EmbeddedClickHouseOptions {
  /** The engine's own folder; it is created. One process at a time. */
  dataDir: string;
  /** The most memory the engine may take, in bytes. */
  memoryMaxBytes: number;
  /** The database that the two users may see; it need not exist. */
  database: string;
  queryLimits: QueryLimits;
  logger: Pick<Logger, "info" | "warn" | "error">;
  /** Port and passwords of an engine that died, so that its clients go on with the new one. Without it all are new. */
  login?: EngineLogin;
  /** How long to wait for a predecessor that is going down to let go of the folder, in milliseconds. Default 10,000. */
  lockWaitMs?: number;
  /** How long the engine may take until it answers, in milliseconds. A large database on a slow disk takes seconds. Default 60,000. */
  startTimeoutMs?: number;
}

/** How to reach an embedded engine. */
export interface EngineLogin {
  port: number;
  /** Headers that every request needs, beside the login. */
  headers: Record<string, string>;
  /** May do anything in the database, nothing outside of it. */
  writer: EngineUser;
  /** May read the database, within the limits. */
  reader: EngineUser;
}

export interface EmbeddedClickHouse {
  readonly url: string;
  readonly login: EngineLogin;
  readonly pid: number;
  /** Resolves when the process is gone, for whatever reason. */
  readonly exited: Promise<void>;
  /** Stops in order; kills after 15 s. Close the clients first: the engine waits two seconds for open connections. */
  stop(): Promise<void>;
}

/**
 * Of the engine's allocator: how long memory stays with the process that nobody uses. A block takes some hundred megabytes for a second. By default
 * they would be given back before the next one comes, and the kernel would clear every page of them again.
 */
const ALLOCATOR = "dirty_decay_ms:30000";
const OUTPUT_MAX_CHARACTERS = 8192;
const LOCK_WAIT_MS = 10_000;
const START_TIMEOUT_MS = 60_000;
const ANSWER_TIMEOUT_MS = 5000;
const STOP_TIMEOUT_MS = 15_000;

/**
 * Starts a real ClickHouse server as a child process, from npm packages alone (docs/adr/003). It listens on loopback and goes when this process
 * goes, however that happens.
 *
 * @throws StartError when the packages are missing, the folder is taken, or the engine does not come up.
 */
export async function startEmbeddedClickHouse(options: EmbeddedClickHouseOptions): Promise<EmbeddedClickHouse> {
  const dataDir = resolve(options.dataDir);
  for (const folder of ["user_files", "format_schemas", "tmp"]) await mkdir(join(dataDir, folder), { recursive: true });
  let login = options.login ?? (await newLogin());
  const giveUpAt = Date.now() + (options.lockWaitMs ?? LOCK_WAIT_MS);
  for (let attempt = 0; ; attempt++) {
    const launched = await launch(options, dataDir, login);
    if (launched.state === "up") return launched.engine;
    const { reason } = launched;
    const isPassing = reason === "locked" || (reason === "port" && options.login === undefined);
    if (!isPassing || Date.now() > giveUpAt) throw explainFailedLaunch(launched, dataDir);
    if (reason === "port") login = await newLogin();
    else if (attempt === 0)
      options.logger.info({ dataDir }, "waiting for another embedded ClickHouse to leave the folder");
    await sleep(200);
  }
}

/** Random passwords and a port that is free now; another process may still take it before the engine does. */
async function newLogin(): Promise<EngineLogin> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return {
    port,
    headers: { [GATE_HEADER]: newSecret() },
    writer: newUser("runreel"),
    reader: newUser("runreel_reader"),
  };
}

const newSecret = (): string => randomBytes(24).toString("hex");

const newUser = (name: string): EngineUser => ({ name, password: newSecret() });

const loginHeaders = (user: EngineUser, { headers }: EngineLogin): Record<string, string> => ({
  ...headers,
  "X-ClickHouse-User": user.name,
  "X-ClickHouse-Key": user.password,
});

type Launched = { state: "up"; engine: EmbeddedClickHouse } | FailedLaunch;

async function launch(options: EmbeddedClickHouseOptions, dataDir: string, login: EngineLogin): Promise<Launched> {
  const url = `http://127.0.0.1:${login.port}`;
  const stopper = newUser("runreel_stopper");
  const configDir = await mkdtemp(join(tmpdir(), "runreel-clickhouse-"));
  const configFile = join(configDir, "config.xml");
  const usersFile = join(configDir, "users.xml");
  const settings = { ...options, ...login, dataDir, stopper, usersFile, gateKey: login.headers[GATE_HEADER] ?? "" };
  await writeFile(usersFile, engineUsers(settings), { mode: 0o600 });
  await writeFile(configFile, engineConfig(settings), { mode: 0o600 });

  const child = spawnEngine();
  const output = collectOutput(child, options.logger);
  const exited = new Promise<void>((done) => child.once("exit", () => done()));
  const order: EngineLaunch = { configFile, dataDir, url, stopHeaders: loginHeaders(stopper, login) };
  child.stdin?.write(`${JSON.stringify(order)}\n`);
  const headers = loginHeaders(login.writer, login);
  const isUp = await waitUntilUp(child, url, headers, options.startTimeoutMs ?? START_TIMEOUT_MS);
  // Read once, at the start.
  await rm(configDir, { recursive: true, force: true });
  if (isUp) {
    const { pid } = child as { pid: number };
    return { state: "up", engine: { url, login, pid, exited, stop: () => stopChild(child, exited) } };
  }
  if (child.exitCode === null && child.signalCode === null) {
    child.kill("SIGKILL");
    await exited;
    return { state: "failed", reason: "timeout", output: output() };
  }
  if (child.exitCode === EXIT_NO_LIBRARY) return { state: "failed", reason: "missing", output: output() };
  return { state: "failed", reason: reasonOf(output()), output: output() };
}

function reasonOf(output: string): FailedLaunch["reason"] {
  if (/another server instance|cannot lock file/i.test(output)) return "locked";
  return /address already in use/i.test(output) ? "port" : "crashed";
}

/** Beside this file, in whichever form this file runs: TypeScript source or build. */
function engineProcessFile(): string {
  const source = new URL("./engine-process.ts", import.meta.url);
  return fileURLToPath(import.meta.url.endsWith(".ts") ? source : source.href.replace(/ts$/, "js"));
}

/**
 * In a process group of its own, so that ctrl-c in a terminal reaches the collector alone, which then stops the engine after its last insert.
 * The environment is handed on in the few names that matter: keys of clouds and of the collector are none of the engine's business.
 */
function spawnEngine(): ChildProcess {
  const names = [
    "PATH",
    "HOME",
    "TMPDIR",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "CHDB_LIBCHDB_PATH",
    "CHDB_LIBCHDB_DIR",
  ];
  const inherited = Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
  const env = { ...inherited, JE_MALLOC_CONF: ALLOCATOR };
  const child = spawn(process.execPath, ["--no-warnings", engineProcessFile()], { stdio: "pipe", detached: true, env });
  child.stdin.on("error", () => {});
  return child;
}

/** Hands the engine's own lines to the log, and keeps the newest for an error message. */
function collectOutput(child: ChildProcess, logger: EmbeddedClickHouseOptions["logger"]): () => string {
  let kept = "";
  const keep = (chunk: Buffer): void => {
    const text = chunk.toString();
    kept = (kept + text).slice(-OUTPUT_MAX_CHARACTERS);
    // Once it was told to stop it only reports that its query was killed.
    if (text.trim() !== "" && child.stdin?.writable) logger.warn({ output: text.trim() }, "embedded ClickHouse");
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  return () => kept.trim();
}

/** Logs in rather than pings: only this very engine knows the password. */
async function waitUntilUp(
  child: ChildProcess,
  url: string,
  headers: Record<string, string>,
  timeoutMs: number,
): Promise<boolean> {
  const gone = once(child, "close").then(() => "gone" as const);
  for (const giveUpAt = Date.now() + timeoutMs; Date.now() < giveUpAt;) {
    // Something else may hold the port and never answer, while the engine is gone already.
    const answer = await Promise.race([gone, answers(url, headers)]);
    if (answer === true) return true;
    if (answer === "gone") return false;
    if ((await Promise.race([gone, sleep(10, null, { ref: false })])) === "gone") return false;
  }
  return false;
}

function answers(url: string, headers: Record<string, string>): Promise<boolean> {
  return new Promise((done) => {
    request(
      url,
      { method: "POST", agent: false, headers, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) },
      (response) => {
        response.resume().once("close", () => done(response.statusCode === 200));
      },
    )
      .once("error", () => done(false))
      .end("SELECT 1");
  });
}

async function stopChild(child: ChildProcess, exited: Promise<void>): Promise<void> {
  child.stdin?.end();
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}
