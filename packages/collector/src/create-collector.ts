import { setTimeout as sleep } from "node:timers/promises";
import { pino, type Logger } from "pino";
import { buildCollector, type CollectorParts } from "./build-collector.ts";
import type { CollectorConfig } from "./config/config.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { StartError } from "./model/start-error.ts";

/** A collector in this process. */
export interface Collector {
  /** Where it listens, as `http://127.0.0.1:4318`. Throws before `listen` has resolved. */
  readonly address: string;
  readonly metrics: Metrics;
  /**
   * Starts everything and listens; a second call gives the same promise.
   *
   * @throws StartError when the data folder, ClickHouse or the address cannot be had. Nothing is left running then.
   */
  listen(): Promise<string>;
  /** Resolves when all that was acknowledged so far can be queried. */
  flush(): Promise<void>;
  /**
   * Stops in the order of the data: takes no more, stores what the journal holds, closes ClickHouse. What cannot be stored within `drainMaxMs` stays in
   * the journal for the next start. Never rejects for that; a second call gives the same promise.
   */
  stop(): Promise<void>;
}

export interface CollectorOptions {
  /** Where its log goes. A pino logger on standard error at `config.logLevel` unless given. */
  logger?: Logger;
  /** How long `stop` waits for ClickHouse, in milliseconds. 20,000 unless given: less than what supervisors wait before they kill. */
  drainMaxMs?: number;
}

/** Makes a collector from a configuration, which `loadConfig` gives. It does nothing before `listen`. */
export async function createCollector(config: CollectorConfig, options: CollectorOptions = {}): Promise<Collector> {
  const logger = options.logger ?? pino({ name: "runreel", level: config.logLevel }, pino.destination(2));
  const metrics = createMetrics();
  let starting: Promise<string> | null = null;
  let stopping: Promise<void> | null = null;
  let parts: CollectorParts | null = null;
  let address: string | null = null;

  async function start(): Promise<string> {
    parts = await buildCollector(config, { logger, metrics });
    try {
      address = await parts.server.listen(config.listen);
    } catch (error) {
      await parts.close();
      parts = null;
      throw unavailable(config, error);
    }
    logger.info({ address, clickhouse: parts.clickhouse.mode }, "the collector listens");
    return address;
  }

  async function halt(): Promise<void> {
    await starting?.catch(() => undefined);
    if (!parts) return;
    await parts.server.close();
    const drained = parts.sink.flush().then(() => true);
    const isDrained = await Promise.race([drained, sleep(options.drainMaxMs ?? 20_000, false, { ref: false })]);
    if (!isDrained) logger.warn(await parts.sink.status(), "not all could be stored; the next start goes on");
    await parts.close();
    logger.info("the collector has stopped");
  }

  return {
    metrics,
    get address() {
      if (address === null) throw new Error("The collector does not listen yet; await listen() first.");
      return address;
    },
    listen() {
      if (stopping) return Promise.reject(new Error("The collector was stopped; create another one."));
      starting ??= start();
      return starting;
    },
    async flush() {
      await parts?.sink.flush();
    },
    stop() {
      stopping ??= halt();
      return stopping;
    },
  };
}

function unavailable({ listen }: CollectorConfig, cause: unknown): StartError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const reason = code === "EADDRINUSE" ? "something else listens there" : message;
  return new StartError(
    "RUNREEL_ADDRESS_UNAVAILABLE",
    `The collector cannot listen on ${listen.host}:${listen.port}: ${reason}.`,
    "Stop the other program, or choose another address with RUNREEL_LISTEN; port 0 takes a free one.",
    cause,
  );
}
