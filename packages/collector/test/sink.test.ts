import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ClickHouseClient, ExecParams } from "@clickhouse/client";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { openLocalJournal } from "../src/journal/local-journal.ts";
import type { LocalJournal } from "../src/journal/local-journal.ts";
import { encodeSpansRecord } from "../src/model/spans-record.ts";
import { readRecentSpans } from "../src/store/recent-spans.ts";
import { startSink } from "../src/store/sink.ts";
import type { Sink, SinkOptions } from "../src/store/sink.ts";
import type { SinkStep } from "../src/store/store-block.ts";
import { silent, startEmbeddedStore } from "./embedded-store.ts";
import type { EmbeddedStore } from "./embedded-store.ts";
import { createTinyBlockBuilder, tinyRecord } from "./tiny-block-builder.ts";

let store: EmbeddedStore;
let journals = 0;
let folder: string;
let nextId = 0;
let retries: number;

beforeAll(async () => {
  store = await startEmbeddedStore();
});
afterAll(() => store.close());

beforeEach(async () => {
  folder = join(store.folder, `journal-${journals++}`);
  for (const table of ["spans", "usage_1m", "blocks"])
    await store.connection.client.command({ query: `TRUNCATE TABLE ${table}` });
  nextId = 0;
  retries = 0;
});

interface Collector {
  journal: LocalJournal;
  sink: Sink;
  stop(): Promise<void>;
}

let running: Collector[] = [];
afterEach(async () => {
  await Promise.all(running.map((collector) => collector.stop()));
  running = [];
});

async function startCollector(options: Partial<SinkOptions> = {}): Promise<Collector> {
  const journal = await openLocalJournal({ folder, maxBytes: 1 << 26, segmentMaxBytes: 64 * 1024, logger: silent });
  const sink = await startSink({
    journal,
    client: store.connection.client,
    createBuilder: async () => createTinyBlockBuilder(),
    limits: { maxAgeMs: 20, maxSpans: 500, maxBytes: 1 << 20 },
    meter: { blockStored() {}, duplicates() {}, rejected() {}, retried: () => (retries += 1) },
    logger: silent,
    ...options,
  });
  const collector = {
    journal,
    sink,
    async stop() {
      await sink.close();
      await journal.close();
    },
  };
  running.push(collector);
  return collector;
}

/** Spans of two days and three agents, each with a number of its own. */
async function append({ journal }: Collector, count: number): Promise<void> {
  const spans = Array.from({ length: count }, () => nextId++).map((id) => ({
    id,
    day: id % 2,
    agent: `agent ${id % 3}`,
  }));
  await journal.append([{ traceId: new Uint8Array(16), body: encodeSpansRecord(tinyRecord(spans)) }]);
}

interface Stored {
  rows: number;
  distinct: number;
  usage: number;
  inBlocks: number;
  /** Blocks that do not begin where the one before them ends. */
  gaps: number;
}

async function readStored(): Promise<Stored> {
  const [counts] = await store.rows<Omit<Stored, "gaps">>(`SELECT
      toUInt32(count()) AS rows,
      toUInt32(uniqExact(span_id)) AS distinct,
      (SELECT toUInt32(sum(spans)) FROM usage_1m FINAL) AS usage,
      (SELECT toUInt32(sum(spans)) FROM blocks FINAL) AS inBlocks
    FROM spans`);
  const blocks = await store.rows<{ first: number; last: number }>(
    "SELECT toUInt32(blocks.first) AS first, toUInt32(blocks.last) AS last FROM blocks FINAL ORDER BY blocks.first",
  );
  const gaps = blocks.filter(({ first }, index) => first !== (blocks[index - 1]?.last ?? 0) + 1).length;
  return { ...counts!, gaps };
}

/** Every appended span once, in the rollup too. */
const everySpanOnce = (): Stored => ({ rows: nextId, distinct: nextId, usage: nextId, inBlocks: nextId, gaps: 0 });

it("stores what the journal holds, releases it, and goes on after a restart", async () => {
  const first = await startCollector();
  for (let count = 0; count < 20; count++) await append(first, 100);
  await first.sink.flush();
  expect(await readStored()).toEqual(everySpanOnce());
  expect(await first.sink.status()).toMatchObject({ failure: null });
  await first.stop();

  const second = await startCollector();
  await append(second, 50);
  await second.sink.flush();
  expect(await readStored()).toEqual(everySpanOnce());
});

it("cuts blocks by number of spans when they come fast", async () => {
  const blocks: number[] = [];
  const collector = await startCollector({
    limits: { maxAgeMs: 60_000, maxSpans: 300, maxBytes: 1 << 20 },
    meter: { blockStored: (spans) => blocks.push(spans), duplicates() {}, rejected() {}, retried() {} },
  });
  for (let count = 0; count < 10; count++) await append(collector, 100);
  await collector.sink.flush();
  expect(blocks).toEqual([300, 300, 300, 100]);
});

it.each<SinkStep>(["cut", "inserted spans", "all inserted"])(
  "neither loses nor doubles when the collector dies at step: %s",
  async (where) => {
    const reached = Promise.withResolvers<void>();
    const died = Promise.withResolvers<void>();
    const first = await startCollector({
      onStep: async (step) => {
        if (step !== where) return;
        reached.resolve();
        await died.promise;
      },
    });
    for (let count = 0; count < 5; count++) await append(first, 100);
    await reached.promise;
    // More comes in behind the cut before the process ends.
    await append(first, 100);
    const stopping = first.stop();
    died.resolve();
    await stopping;

    const second = await startCollector();
    await append(second, 100);
    await second.sink.flush();
    expect(await readStored()).toEqual(everySpanOnce());
  },
);

it("leaves out a record that cannot be read, and stores the rest", async () => {
  const rejected: number[] = [];
  const collector = await startCollector({
    meter: { blockStored() {}, duplicates() {}, rejected: (spans) => rejected.push(spans), retried() {} },
  });
  await append(collector, 10);
  await collector.journal.append([{ traceId: new Uint8Array(16), body: Buffer.from("no record") }]);
  await append(collector, 10);
  await collector.sink.flush();
  expect(await readStored()).toEqual(everySpanOnce());
  expect(rejected).toEqual([1]);
});

/** The client, but the first insert into `spans` goes as `instead` says. */
function clientWhoseFirstInsert(
  instead: (params: ExecParams, send: () => Promise<unknown>) => Promise<never>,
): ClickHouseClient {
  const { client } = store.connection;
  let isFirst = true;
  return new Proxy(client, {
    get(target, name) {
      if (name !== "exec") return Reflect.get(target, name) as unknown;
      return async (params: ExecParams) => {
        const send = (): ReturnType<ClickHouseClient["exec"]> => client.exec(params);
        if (!isFirst || !params.query.startsWith("INSERT INTO spans")) return send();
        isFirst = false;
        return instead(params, send);
      };
    },
  });
}

async function killClickHouse(): Promise<void> {
  const pid = store.connection.enginePid()!;
  process.kill(pid, "SIGKILL");
  while (store.connection.enginePid() === pid) await sleep(20);
}

it.each([
  ["goes on", async () => {}],
  ["is killed", killClickHouse],
])("does not insert again what is there, when the answer is lost and the server %s", async (_, meanwhile) => {
  const client = clientWhoseFirstInsert(async (_params, send) => {
    await send();
    await meanwhile();
    throw new Error("The answer is lost.");
  });
  const collector = await startCollector({ client });
  await append(collector, 100);
  await collector.sink.flush();
  expect(await readStored()).toEqual(everySpanOnce());
  expect(retries).toBe(1);
});

it("does not trust a token that a killed server remembers without its rows", async () => {
  // The server writes the token down before the rows; killed in between, it takes a repetition for a duplicate.
  const client = clientWhoseFirstInsert(async ({ clickhouse_settings: settings }) => {
    await store.connection.client.command({
      query: "INSERT INTO spans (batch, start) VALUES ('other', toDateTime64('2026-11-01 00:00:00', 9, 'UTC'))",
      clickhouse_settings: settings ?? {},
    });
    await store.connection.client.command({ query: "DELETE FROM spans WHERE batch = 'other'" });
    await killClickHouse();
    throw new Error("The connection was reset.");
  });
  const collector = await startCollector({ client });
  await append(collector, 100);
  await collector.sink.flush();
  expect(await readStored()).toEqual(everySpanOnce());
});

it("neither loses nor doubles when ClickHouse is killed during inserts", async () => {
  const collector = await startCollector();
  const done = new AbortController();
  const load = (async () => {
    while (!done.signal.aborted) {
      await append(collector, 40);
      await sleep(4);
    }
  })();
  for (let kill = 0; kill < 6; kill++) {
    await sleep(150 + Math.random() * 300);
    await killClickHouse();
  }
  done.abort();
  await load;
  await collector.sink.flush();
  expect(await readStored()).toEqual(everySpanOnce());
  expect(retries).toBeGreaterThan(0);
});

it("knows the spans of the newest blocks, for a builder that begins anew", async () => {
  const collector = await startCollector();
  for (let count = 0; count < 3; count++) {
    await append(collector, 10);
    await collector.sink.flush();
  }
  const { client } = store.connection;
  const recent = async (spansMin: number): Promise<number[]> => {
    const spans = await readRecentSpans({ client, journal: collector.journal.id, partition: 0, spansMin });
    return [...spans].map(({ spanId }) => Buffer.from(spanId).readUInt32BE(4));
  };
  expect((await recent(1000)).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, id) => id));
  expect((await recent(11)).every((id) => id >= 10)).toBe(true);
  expect(await recent(11)).toHaveLength(20);
});

it("waits for company again after a flush", async () => {
  const blocks: number[] = [];
  const collector = await startCollector({
    limits: { maxAgeMs: 60_000, maxSpans: 30, maxBytes: 1 << 20 },
    meter: { blockStored: (spans) => blocks.push(spans), duplicates() {}, rejected() {}, retried() {} },
  });
  await append(collector, 10);
  await collector.sink.flush();
  for (let count = 0; count < 3; count++) {
    await append(collector, 10);
    await sleep(20);
  }
  await collector.sink.flush();
  expect(blocks).toEqual([10, 30]);
});

it("begins again at the position in the store when building a block fails", async () => {
  let failures = 0;
  const collector = await startCollector({
    createBuilder: async () => {
      const builder = createTinyBlockBuilder();
      return new Proxy(builder, {
        get(target, name) {
          if (name === "finish" && failures++ < 2) throw new Error("A defect that passes.");
          return Reflect.get(target, name) as unknown;
        },
      });
    },
  });
  await append(collector, 100);
  await collector.sink.flush();
  expect(await readStored()).toEqual(everySpanOnce());
});
