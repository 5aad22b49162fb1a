import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { keepRoutes } from "./ask/keep-routes.ts";
import { createBlockBuilder } from "./build-block.ts";
import { checkReadiness } from "./check-readiness.ts";
import type { CollectorConfig } from "./config/config.ts";
import { inspectTraces } from "./decode/inspect-traces.ts";
import { openLocalJournal } from "./journal/local-journal.ts";
import { countError, type Metrics } from "./metrics.ts";
import type { BlockBuilder, SpansRecord } from "./model/block.ts";
import { decodedBatches } from "./model/decoded-batches.ts";
import type { Journal } from "./model/journal.ts";
import type { ProcessReport } from "./model/process-report.ts";
import { encodeSpansRecord } from "./model/spans-record.ts";
import { observeJournal, observeReceive, observeReports, observeSink } from "./observe-stages.ts";
import { Presence } from "./presence/presence.ts";
import { createDatabase } from "./query/clickhouse-database.ts";
import { createSqlReader } from "./query/clickhouse-sql.ts";
import { queryRoutes } from "./query/query-routes.ts";
import { otlpRoutes, type Taken } from "./receive/otlp-routes.ts";
import { createQuestionBoard } from "./replay/question-board.ts";
import { replayRoutes } from "./replay/replay-routes.ts";
import { createReplayStore } from "./replay/replay-store.ts";
import { SeenSpans } from "./rollup/seen-spans.ts";
import { createHttpServer } from "./serve/http-server.ts";
import { connectClickHouse, type ClickHouseConnection } from "./store/connect-clickhouse.ts";
import { migrate } from "./store/migrate.ts";
import { readRecentSpans } from "./store/recent-spans.ts";
import { startSink, type Sink } from "./store/sink.ts";
import { version } from "./version.ts";
import { watchStore } from "./watch-store.ts";

/** The parts of a running collector that somebody outside has to do with. */
export interface CollectorParts {
  server: FastifyInstance;
  sink: Sink;
  clickhouse: ClickHouseConnection;
  /** Stops what was built, the last first. What the journal holds and the store does not is stored by the next start. */
  close(): Promise<void>;
}

/** What was accepted once is built into a block whatever the limits are by then. */
const RECORD_MAX_BYTES = 1024 * 1024 * 1024;
/** How many stored spans a restarted collector still recognises when they are sent again. */
const KNOWN_SPANS = 500_000;
/** A store that is so far behind is not looked at. */
const BEHIND_MS = 5_000;

/**
 * Wires the stages, those that take before those that give: ClickHouse, journal, sink, and in front of all the HTTP server.
 *
 * @throws StartError when a part cannot start; the others are stopped again.
 */
export async function buildCollector(
  config: CollectorConfig,
  { logger, metrics }: { logger: Logger; metrics: Metrics },
): Promise<CollectorParts> {
  const opened: { close(): Promise<unknown> | void }[] = [];
  const close = async (): Promise<void> => {
    for (const part of opened.splice(0).reverse()) await part.close();
  };
  try {
    const clickhouse = await connectClickHouse({ ...config, dataDir: join(config.dataDir, "clickhouse"), logger });
    opened.push(clickhouse);
    await migrate({ client: clickhouse.client, retention: config.retention, logger });

    const journal = await openLocalJournal({
      folder: join(config.dataDir, "journal"),
      maxBytes: config.journal.maxBytes,
      logger,
      meter: observeJournal(metrics),
    });
    opened.push(journal);

    const database = createDatabase({ client: clickhouse.client, ...config.query });
    const intervalMs = config.content.checkIntervalMs;
    const watch = await watchStore({ clickhouse, database, journal, intervalMs, logger, metrics });
    opened.push(watch);

    const onReport = observeReports(metrics);
    const sink = await startSink({
      journal,
      client: clickhouse.client,
      createBuilder: (position) => createBuilder(clickhouse, position, { metrics, onReport }),
      limits: config.block,
      meter: observeSink(metrics),
      logger,
      onStored: ({ batch }) => watch.stored(batch),
    });
    opened.push(sink);

    const presence = new Presence({ way: sink });
    opened.push(presence);
    watch.begin(() => Date.now() - presence.attendance.until > BEHIND_MS);
    const board = createQuestionBoard(config.replay);
    const server = await createHttpServer({
      logger,
      version,
      apiKeys: config.apiKeys,
      defaultProject: config.projects[0]!,
      plugins: [
        otlpRoutes({
          store: watch.storeId,
          asks: watch.asks,
          limits: config.limits,
          inspect: inspectTraces,
          append: (record, found) => appendSpans(journal, record, found),
          observe: observeReceive(metrics),
        }),
        keepRoutes({ database, board: watch.board }),
        replayRoutes({
          store: createReplayStore(database),
          board,
          observeDecision: (decision) => metrics.replayQuestions.inc({ decision }),
        }),
        queryRoutes({
          database,
          attendance: () => presence.attendance,
          ...config.runs,
          ...config.query,
          sql: createSqlReader({ reader: clickhouse.reader, projects: config.projects }),
        }),
      ],
      checkReadiness: () => checkReadiness({ journal, sink, clickhouse, journalMaxBytes: config.journal.maxBytes }),
      metricsText: () => metrics.text(),
      observeError: countError(metrics),
      observeRequest: ({ route, method, status, seconds }) => {
        metrics.requests.inc({ route, method, status });
        metrics.requestSeconds.observe({ route }, seconds);
        if (route.endsWith("/v1/traces") && (status === 429 || status >= 500)) presence.missed();
      },
      // Programs that wait for an answer are let go at once, or they would hold up the stop.
      onStopping: () => board.close(),
    });
    opened.push(server);
    return { server, sink, clickhouse, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** An empty block builder that recognises the spans stored last. */
async function createBuilder(
  { client }: ClickHouseConnection,
  position: { journal: string; partition: number },
  { metrics, onReport }: { metrics: Metrics; onReport: (report: ProcessReport) => void },
): Promise<BlockBuilder> {
  const seen = new SeenSpans();
  seen.seed(await readRecentSpans({ client, ...position, spansMin: KNOWN_SPANS }));
  return createBlockBuilder({
    seen,
    inflatedMaxBytes: RECORD_MAX_BYTES,
    onDropped: (reason, count) => metrics.leftOut.inc({ reason }, count),
    onReport,
  });
}

async function appendSpans(journal: Journal, record: SpansRecord, { traceId, decoded }: Taken): Promise<void> {
  try {
    await journal.append([{ traceId, body: encodeSpansRecord(record), decoded }]);
  } catch (error) {
    if (decoded) decodedBatches.giveBack(decoded, record.body);
    throw error;
  }
}
