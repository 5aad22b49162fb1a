// Content is deleted under a collector that goes on, from its ClickHouse and not from its journal. The collector finds out, asks the agent's
// process, and what the agent does from then on is there in full.
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "@runreel/collector";
import type { Status } from "@runreel/sdk";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { buildCollector } from "../../packages/collector/src/build-collector.ts";
import type { CollectorParts } from "../../packages/collector/src/build-collector.ts";
import { createMetrics } from "../../packages/collector/src/metrics.ts";
import type { Metrics } from "../../packages/collector/src/metrics.ts";

/** The collector looks seldom where the machine is busy. */
vi.setConfig({ testTimeout: 300_000 });

let dataDir: string;
let parts: CollectorParts;
let metrics: Metrics;
let address: string;
let agent: ChildProcess | undefined;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "runreel-missing-"));
  const overrides = { listen: "127.0.0.1:0", dataDir, content: { checkIntervalMs: 100 }, block: { maxAgeMs: 20 } };
  const loaded = loadConfig({ environment: {}, overrides });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  metrics = createMetrics();
  parts = await buildCollector(loaded.config, { logger: pino({ level: "silent" }), metrics });
  address = await parts.server.listen(loaded.config.listen);
});

afterEach(async () => {
  agent?.kill("SIGKILL");
  await parts.close();
  await rm(dataDir, { recursive: true, force: true });
});

interface Step {
  runId: string;
  spanId: string;
  /** Messages that it was given. */
  count: number;
  answer: string;
}

interface Answered {
  steps: Step[];
  status: Status;
}

async function startAgent(): Promise<void> {
  agent = fork(new URL("./programs/talks-on.ts", import.meta.url), {
    execArgv: ["--conditions=runreel-source"],
    env: { ...process.env, RUNREEL_ENDPOINT: address },
  });
  await said();
}

/** What the agent says next. */
async function said(): Promise<unknown> {
  const heard = new AbortController();
  const { signal } = heard;
  const ended = once(agent!, "exit", { signal }).then(([code]) => {
    throw new Error(`the agent ended with ${code}`);
  });
  const [message] = (await Promise.race([once(agent!, "message", { signal }), ended])) as unknown[];
  heard.abort();
  return message;
}

/** The agent takes so many steps more, and all of them are in the store. */
async function go(steps: number): Promise<Answered> {
  agent!.send(steps);
  const answered = (await said()) as Answered;
  await parts.sink.flush();
  return answered;
}

const sql = async (query: string): Promise<void> => void (await parts.clickhouse.client.command({ query }));

async function rows<Row>(query: string): Promise<Row[]> {
  return (await parts.clickhouse.client.query({ query, format: "JSONEachRow" })).json<Row>();
}

interface ShownSpan {
  contentMissing: boolean;
  arguments: { messages: unknown[]; system: { content: string }[] } | null;
  result: { parts: { content: string }[] } | null;
}

const get = async <T>(path: string): Promise<T> => (await fetch(`${address}${path}`)).json() as Promise<T>;
const show = ({ runId, spanId }: Step): Promise<ShownSpan> => get(`/api/runs/${runId}/spans/${spanId}`);

async function isWhole(step: Step): Promise<boolean> {
  const { contentMissing, arguments: given, result } = await show(step);
  if (contentMissing) return false;
  expect(given?.messages).toHaveLength(step.count);
  expect(given?.system[0]?.content).toContain("You answer questions.");
  expect(result?.parts[0]?.content).toBe(step.answer);
  return true;
}

/** Whether a step that the agent takes now is there in full. */
async function nextIsWhole(): Promise<boolean> {
  const { steps } = await go(1);
  return isWhole(steps[0]!);
}

async function expectWholeFromNowOn(): Promise<Answered> {
  await expect.poll(nextIsWhole, { timeout: 200_000, interval: 250 }).toBe(true);
  const answered = await go(10);
  for (const step of answered.steps) expect(await isWhole(step)).toBe(true);
  return answered;
}

test("an agent goes on while every table is emptied", async () => {
  await startAgent();
  const { steps } = await go(50);
  expect(await isWhole(steps[49]!)).toBe(true);
  const tables = await rows<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND name != 'migrations'",
  );
  for (const { name } of tables) await sql(`TRUNCATE TABLE ${name}`);
  const { status: before } = await expectWholeFromNowOn();
  // Blobs and blocks were emptied one after the other.
  expect(await metrics.total("runreel_store_gone_total")).toBeGreaterThan(0);
  // The whole conversation was sent once more, and not with every step.
  const { status: after } = await go(10);
  expect(after.content.recorded - before.content.recorded).toBeLessThan(100);
});

test("an agent goes on while the database is set back to an older copy", async () => {
  await startAgent();
  await go(3);
  await sql("CREATE TABLE blobs_copy AS blobs");
  await sql("INSERT INTO blobs_copy SELECT * FROM blobs");
  await go(40);
  // Blobs first: a look between the two would find blocks missing once, and the marks of that look missing a second time.
  await sql("EXCHANGE TABLES blobs AND blobs_copy");
  for (const table of ["blocks", "spans", "runs"]) await sql(`TRUNCATE TABLE ${table}`);
  await expectWholeFromNowOn();
  expect(await metrics.total("runreel_store_gone_total")).toBe(1);
});

test("single blobs that are deleted are asked for by their hashes", async () => {
  await startAgent();
  const { steps, status: before } = await go(40);
  // Two texts of the conversation, and the group of messages that one of them is in.
  const deleted = await rows<{ name: string }>(
    `SELECT hex(hash) AS name FROM blobs WHERE data LIKE 'question 3:%' OR data LIKE 'You answer questions.%'
     UNION ALL SELECT extract(data, '[0-9a-f]{32}') FROM blobs
     WHERE hash = (SELECT content_input FROM spans WHERE span_id = unhex('${steps[39]!.spanId}'))`,
  );
  expect(deleted).toHaveLength(3);
  const names = deleted.map(({ name }) => `unhex('${name}')`).join(", ");
  await sql(`ALTER TABLE blobs DELETE WHERE hash IN (${names}) SETTINGS mutations_sync = 1`);
  expect(await isWhole(steps[39]!)).toBe(false);
  const { status } = await expectWholeFromNowOn();
  // What it had said before is readable again too.
  for (const step of steps) expect(await isWhole(step)).toBe(true);
  expect(await metrics.total("runreel_store_gone_total")).toBe(0);
  expect(await metrics.total("runreel_blobs_asked_total")).toBe(deleted.length);
  expect(before.content.dropped).toEqual({});
  expect(status.content.dropped).toEqual({ gone_from_store: deleted.length });
  expect(status.problem).toBeUndefined();
  const { processes } = await get<{ processes: { content: Status["content"] }[] }>("/api/processes");
  expect(processes[0]!.content.dropped).toEqual({ gone_from_store: deleted.length });
});

test("where content does not come again, its step and its run say that it is not there", async () => {
  await startAgent();
  const { steps } = await go(5);
  const first = steps[2]!;
  const [root] = await rows<{ name: string }>(
    `SELECT hex(content_input) AS name FROM spans WHERE span_id = unhex('${first.spanId}')`,
  );
  await sql(`ALTER TABLE blobs DELETE WHERE hash = unhex('${root!.name}') SETTINGS mutations_sync = 1`);
  const { run, steps: shown } = await get<{
    run: { lostContent: unknown };
    steps: { contentMissing: boolean }[];
  }>(`/api/runs/${first.runId}`);
  expect(run.lostContent).toEqual({ spans: 1, reason: "not_in_store" });
  expect(shown.map(({ contentMissing }) => contentMissing)).toEqual([false, false, true, false, false]);
});
