import { setTimeout as sleep } from "node:timers/promises";
import { startEmbeddedClickHouse } from "./start-embedded-clickhouse.ts";
import type { EmbeddedClickHouse, EmbeddedClickHouseOptions, EngineLogin } from "./start-embedded-clickhouse.ts";

/** An embedded engine that is started again, at the same address and with the same users, when it dies. */
export interface SupervisedClickHouse {
  readonly url: string;
  readonly login: EngineLogin;
  /** The engine that runs now, or ran last. */
  readonly engine: EmbeddedClickHouse;
  stop(): Promise<void>;
}

const RESTART_DELAY_MIN_MS = 100;
const RESTART_DELAY_MAX_MS = 10_000;

/** @throws StartError when the first start fails. Later failures are logged and tried again for as long as nobody stops it. */
export async function superviseEmbeddedClickHouse(options: EmbeddedClickHouseOptions): Promise<SupervisedClickHouse> {
  const stopping = new AbortController();
  let engine = await startEmbeddedClickHouse(options);
  const { url, login } = engine;

  const restart = async (): Promise<void> => {
    for (let delayMs = RESTART_DELAY_MIN_MS; ; delayMs = Math.min(delayMs * 2, RESTART_DELAY_MAX_MS)) {
      try {
        await sleep(delayMs, null, { signal: stopping.signal });
      } catch {
        return;
      }
      try {
        engine = await startEmbeddedClickHouse({ ...options, login });
        options.logger.info({ pid: engine.pid }, "embedded ClickHouse runs again");
        return;
      } catch (error) {
        options.logger.error({ err: error }, "embedded ClickHouse could not be started again; trying on");
      }
    }
  };
  const watch = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await engine.exited;
      if (stopping.signal.aborted) return;
      options.logger.error({ pid: engine.pid }, "embedded ClickHouse died; starting it again");
      await restart();
    }
  };
  const watching = watch();
  return {
    url,
    login,
    get engine() {
      return engine;
    },
    async stop() {
      stopping.abort();
      await engine.stop();
      await watching;
      // A restart may have been under way.
      await engine.stop();
    },
  };
}
