import type { Logger } from "pino";
import { AskBoard, processKey } from "./ask/ask-board.ts";
import { ContentCheck } from "./ask/content-check.ts";
import { Lookout } from "./ask/lookout.ts";
import type { Metrics } from "./metrics.ts";
import type { Database } from "./model/database.ts";
import type { ClickHouseConnection } from "./store/connect-clickhouse.ts";
import { StoreId } from "./store/store-id.ts";

interface WatchOptions {
  clickhouse: ClickHouseConnection;
  database: Database;
  journal: { readonly id: string };
  intervalMs: number;
  logger: Logger;
  metrics: Metrics;
}

/** What the collector knows of its store from looking at it, and what it asks processes for because of that. */
export interface StoreWatch {
  readonly board: AskBoard;
  /** Names the store to senders. */
  readonly storeId: () => string;
  /** JSON of what to tell a process in the answer to its request. */
  readonly asks: (project: string, processId: string, heard: string | undefined) => string | undefined;
  /** A block is in the store. */
  stored(batch: string): void;
  /** Begins to look, from time to time and when the store is not behind. */
  begin(isBusy: () => boolean): void;
  close(): Promise<void>;
}

/** Connects the looks at the store with the questions that follow from them. */
export async function watchStore(options: WatchOptions): Promise<StoreWatch> {
  const { clickhouse, database, journal, intervalMs, logger, metrics } = options;
  const onGone = (): void => {
    metrics.storesGone.inc();
    logger.warn("what was stored is not there any more; processes that go on send their content again");
  };
  const storeId = new StoreId({ client: clickhouse.client, journal: journal.id, onGone });
  await storeId.check();

  const board = new AskBoard();
  const content = new ContentCheck({
    database,
    onMissing: (project, processId, hashes) => {
      const count = board.askForBlobs(processKey(project, processId), hashes);
      metrics.blobsAsked.inc(count);
      return count;
    },
  });
  let lookouts: Lookout[] = [];
  return {
    board,
    storeId: () => storeId.id,
    asks(project, processId, heard) {
      const told = board.take(processKey(project, processId), heard);
      return told === undefined ? undefined : JSON.stringify(told);
    },
    stored(batch) {
      content.stored(batch);
      for (const lookout of lookouts) lookout.stir();
    },
    begin(isBusy) {
      const checks = [() => storeId.check().then(() => false), () => content.check()];
      lookouts = checks.map((check) => new Lookout({ intervalMs, check, isBusy }));
    },
    async close() {
      await Promise.all(lookouts.map((lookout) => lookout.close()));
    },
  };
}
