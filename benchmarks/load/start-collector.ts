import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { nextMessage, startChild } from "../measure/child.ts";
import { childrenOf } from "../measure/process-usage.ts";

/** A running collector and its ClickHouse, both processes that can be measured and killed. */
export interface CollectorProcess {
  readonly url: string;
  readonly process: ChildProcess;
  readonly pid: number;
  /** The embedded ClickHouse of this moment. */
  enginePid(): number | undefined;
  /** Rows of a read-only query, through the collector. */
  sql(query: string): Promise<Record<string, string | number>[]>;
  /** Drains and stops, as ctrl-c does. */
  stop(): Promise<void>;
}

export interface StartCollectorOptions {
  dataDir: string;
  /** 0 takes a free one. */
  port?: number;
  /** Settings beside the defaults, as in the configuration file. */
  settings?: Record<string, unknown>;
  execArgv?: string[];
}

export function startCollector(options: StartCollectorOptions): Promise<CollectorProcess> {
  return spawnCollector(options).ready;
}

/** For those who want to kill it before it is up; `ready` then rejects. */
export function spawnCollector(options: StartCollectorOptions): {
  process: ChildProcess;
  ready: Promise<CollectorProcess>;
} {
  const { dataDir, port = 0, settings = {}, execArgv = [] } = options;
  const overrides = { listen: `127.0.0.1:${port}`, dataDir, logLevel: "error", ...settings };
  const child = startChild(new URL("./collector.ts", import.meta.url), overrides, execArgv);
  return { process: child, ready: nextMessage<{ url: string }>(child).then(({ url }) => collectorProcess(child, url)) };
}

function collectorProcess(child: ChildProcess, url: string): CollectorProcess {
  const pid = child.pid ?? 0;
  return {
    url,
    process: child,
    pid,
    enginePid: () => childrenOf(pid)[0],
    sql: (query) => askSql(url, query),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    },
  };
}

async function askSql(url: string, query: string): Promise<Record<string, string | number>[]> {
  const response = await fetch(new URL("/api/sql", url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${query}\n${text}`);
  return (JSON.parse(text) as { rows: Record<string, string | number>[] }).rows;
}
