import type { Journal } from "./model/journal.ts";
import type { ReadinessCheck } from "./serve/health-routes.ts";
import type { ClickHouseConnection } from "./store/connect-clickhouse.ts";
import type { Sink } from "./store/sink.ts";

export interface ReadinessParts {
  journal: Journal;
  sink: Sink;
  clickhouse: ClickHouseConnection;
  journalMaxBytes: number;
}

/** The journal counts as full a little before it is, so that traffic can go elsewhere in time. */
const JOURNAL_FULL_SHARE = 0.95;

/** Whether spans can be taken (journal) and stored (ClickHouse, sink). The tables are there once the collector listens. */
export async function checkReadiness(parts: ReadinessParts): Promise<ReadinessCheck[]> {
  return Promise.all([
    check("journal", journalDetail(parts)),
    check("clickhouse", clickhouseDetail(parts)),
    check("storing", storingDetail(parts)),
  ]);
}

async function journalDetail({ journal, journalMaxBytes }: ReadinessParts): Promise<string> {
  const bytes = (await journal.usage()).reduce((sum, partition) => sum + (partition.bytes ?? 0), 0);
  if (bytes < journalMaxBytes * JOURNAL_FULL_SHARE) return "";
  return `The journal holds ${bytes} of at most ${journalMaxBytes} bytes.`;
}

async function clickhouseDetail({ clickhouse }: ReadinessParts): Promise<string> {
  const answer = await clickhouse.client.query({ query: "SELECT 1", format: "JSONEachRow" });
  await answer.text();
  return "";
}

async function storingDetail({ sink }: ReadinessParts): Promise<string> {
  const { failure, lag } = await sink.status();
  return failure === null ? "" : `${lag} records wait in the journal: ${failure}`;
}

async function check(name: string, detail: Promise<string>): Promise<ReadinessCheck> {
  const text = await detail.catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  return { name, ok: text === "", detail: text };
}
