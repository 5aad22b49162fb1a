import { Readable } from "node:stream";
import { hashBlob } from "@runreel/content";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TableInsert } from "../src/model/block.ts";
import { UNREPORTED } from "../src/model/normalized-span.ts";
import { createBlockBuilder } from "../src/build-block.ts";
import {
  DateColumn,
  Decimal128Column,
  FixedStringColumn,
  Int64Column,
  UInt32Column,
  UInt8Column,
} from "../src/store/native/fixed-columns.ts";
import { LowCardinalityColumn } from "../src/store/native/low-cardinality-column.ts";
import { NativeBlock } from "../src/store/native/native-block.ts";
import { TextArrayColumn, TextMapColumn } from "../src/store/native/nested-columns.ts";
import { NullableDecimalColumn, NullableUInt32Column } from "../src/store/native/nullable-columns.ts";
import { StringColumn } from "../src/store/native/string-column.ts";
import { type EmbeddedStore, startEmbeddedStore } from "./embedded-store.ts";

// The bytes we write are read by a real ClickHouse: every column type with odd values and many rows, and every table through the builder.

let store: EmbeddedStore;
beforeAll(async () => {
  store = await startEmbeddedStore();
});
afterAll(async () => {
  await store?.close();
});

const columns = () => ({
  id: new UInt32Column(),
  string: new StringColumn(),
  low: new LowCardinalityColumn(),
  fixed: new FixedStringColumn(16),
  small: new UInt8Column(),
  large: new Int64Column(),
  day: new DateColumn(),
  second: new UInt32Column("DateTime('UTC')"),
  nano: new Int64Column("DateTime64(9, 'UTC')"),
  count: new NullableUInt32Column(),
  money: new NullableDecimalColumn(),
  sum: new Decimal128Column(),
  map: new TextMapColumn(),
  list: new TextArrayColumn(),
});

interface Row {
  id: number;
  string: string;
  low: string;
  fixed: string;
  small: number;
  large: string;
  day: string;
  second: string;
  nano: string;
  count: number | null;
  money: string | null;
  sum: string;
  map: Record<string, string>;
  list: string[];
}

const texts = ["", "a", "ü".repeat(25), "x".repeat(39), "y".repeat(40), "€".repeat(200), "z".repeat(70_000), '"\n\0\\'];

/** One row of values that depend on its number alone; the low-cardinality texts come in `distinct` different ones. */
function fill(cells: ReturnType<typeof columns>, id: number, distinct: number): Row {
  const hex = id.toString(16).padStart(32, "0");
  const text = texts[id % (id < 64 ? texts.length : 5)]!;
  const list = Array.from({ length: id % 3 }, (_, index) => `item ${(id + index) % 7}`);
  cells.id.append(id);
  if (id % 2 === 0) cells.string.append(text);
  else cells.string.appendSlice(Buffer.from(`.${text}.`), 1, Buffer.byteLength(text));
  cells.low.append(`low ${id % distinct}`);
  if (id === 0) cells.fixed.appendZeros();
  else cells.fixed.append(Buffer.from(`ff${hex}`, "hex"), 1);
  cells.small.append(id & 255);
  cells.large.appendNumber(id * 4294967297);
  cells.day.append(20_000 + (id % 100));
  cells.second.append(1_700_000_000 + id);
  cells.nano.appendBigInt(1_700_000_000_123_456_789n + BigInt(id));
  cells.count.append(id % 3 === 0 ? UNREPORTED : id);
  cells.money.append(id % 4 === 0 ? null : BigInt(id) * 1_000_001n);
  cells.sum.append(BigInt(id) * 10n ** 24n);
  if (id % 2 === 0) {
    for (const item of list) cells.map.append(item, text);
    cells.map.endRow();
  } else {
    const values = new StringColumn();
    for (const _ of list) values.append(text);
    cells.map.appendRow({ keys: list, values: Buffer.concat(values.take()) });
  }
  cells.list.append(list);
  return {
    id,
    string: text,
    low: `low ${id % distinct}`,
    fixed: hex,
    small: id & 255,
    large: String(id * 4294967297),
    day: new Date((20_000 + (id % 100)) * 86_400_000).toISOString().slice(0, 10),
    second: new Date((1_700_000_000 + id) * 1000).toISOString().slice(0, 19).replace("T", " "),
    nano: String(1_700_000_000_123_456_789n + BigInt(id)),
    count: id % 3 === 0 ? null : id,
    money: id % 4 === 0 ? null : decimal(BigInt(id) * 1_000_001n),
    sum: decimal(BigInt(id) * 10n ** 24n),
    map: Object.fromEntries(list.map((item) => [item, text])),
    list,
  };
}

test.each([
  { rows: 1, distinct: 1 },
  { rows: 300, distinct: 300 },
  { rows: 70_000, distinct: 66_000 },
])("a block of $rows rows of every type comes back as it went in", async ({ rows, distinct }) => {
  const cells = columns();
  const block = new NativeBlock(cells, true);
  const table = `every_type_${rows}`;
  const types = Object.entries(cells).map(([name, column]) => `${name} ${column.type}`);
  await store.connection.client.command({
    query: `CREATE TABLE ${table} (batch LowCardinality(String), ${types.join(", ")}) ENGINE = MergeTree ORDER BY id`,
  });
  const expected: Row[] = [];
  for (let id = 0; id < rows; id++) expected.push(fill(cells, id, distinct));
  // The second block shows that the columns are empty after the first one was taken.
  await insert(table, block.take(rows, "one"));
  fill(cells, rows, distinct);
  await insert(table, block.take(1, "two"));
  const found = await store.rows<Row & { batch: string }>(
    `SELECT batch, id, string, low, lower(hex(fixed)) AS fixed, small, toString(large) AS large, day, second,
      toString(toUnixTimestamp64Nano(nano)) AS nano, count, toString(money) AS money, toString(sum) AS sum, map, list
    FROM ${table} ORDER BY id`,
  );
  expect(found.length).toBe(rows + 1);
  expect(found.at(-1)?.batch).toBe("two");
  const differing = found
    .slice(0, rows)
    .filter((row, index) => JSON.stringify(row) !== JSON.stringify({ batch: "one", ...expected[index] }));
  expect(differing.slice(0, 1)).toEqual([]);
});

test("maps and lists that are all empty", async () => {
  const cells = { map: new TextMapColumn(), list: new TextArrayColumn(), after: new UInt8Column() };
  await store.connection.client.command({
    query: `CREATE TABLE all_empty (map ${cells.map.type}, list ${cells.list.type}, after UInt8) ENGINE = Memory`,
  });
  const block = new NativeBlock(cells, false);
  for (let row = 0; row < 3; row++) {
    cells.map.endRow();
    cells.list.append([]);
    cells.after.append(row);
  }
  await insert("all_empty", block.take(3, ""));
  expect(await store.rows("SELECT * FROM all_empty ORDER BY after")).toEqual(
    [0, 1, 2].map((after) => ({ map: {}, list: [], after })),
  );
});

test("every table takes what the block builder makes", async () => {
  const builder = createBlockBuilder();
  const start = Date.UTC(2026, 10, 21, 23, 59, 59);
  const at = (ms: number): string => `${start + ms}000001`;
  const trace = { traceId: "0af7651916cd43dd8448eb211c80319c" };
  const attribute = (key: string, value: string | number): object => ({
    key,
    value: typeof value === "string" ? { stringValue: value } : { intValue: value },
  });
  const chat = [
    attribute("gen_ai.operation.name", "chat"),
    attribute("gen_ai.provider.name", "openai"),
    attribute("gen_ai.request.model", "gpt-5-mini"),
    attribute("gen_ai.usage.input_tokens", 1000),
    attribute("gen_ai.usage.cache_read.input_tokens", 100),
    attribute("gen_ai.usage.output_tokens", 10),
    attribute("gen_ai.input.messages", "[]"),
  ];
  const blob = { type: "text", data: "a text", hash: hashBlob("text", "a text") };
  const spans = [
    {
      ...trace,
      spanId: "00000000000000f0",
      name: "runreel.content",
      startTimeUnixNano: at(0),
      endTimeUnixNano: at(0),
      events: [
        {
          name: "runreel.blob",
          attributes: [
            attribute("runreel.blob.hash", blob.hash),
            attribute("runreel.blob.type", blob.type),
            attribute("runreel.blob.data", blob.data),
          ],
        },
      ],
    },
    {
      ...trace,
      spanId: "0000000000000001",
      name: "invoke_agent a",
      startTimeUnixNano: at(0),
      attributes: [attribute("gen_ai.operation.name", "invoke_agent"), attribute("gen_ai.agent.name", "a")],
    },
    {
      ...trace,
      spanId: "0000000000000002",
      parentSpanId: "0000000000000001",
      name: "chat gpt-5-mini",
      startTimeUnixNano: at(10),
      endTimeUnixNano: at(500),
      attributes: chat,
    },
    {
      ...trace,
      spanId: "0000000000000003",
      parentSpanId: "0000000000000001",
      name: "checkpoint",
      startTimeUnixNano: at(2000),
      endTimeUnixNano: at(2000),
      attributes: [attribute("runreel.checkpoint.id", "c1"), attribute("runreel.content.state", blob.hash)],
    },
  ];
  const body = Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
  const counts = builder.add({ project: "p", encoding: "json", compression: "none", body }, start + 3000);
  expect(counts).toEqual({ spans: 2, duplicates: 0, rejected: 0 });
  const inserts: TableInsert[] = builder.finish("j-0-1");
  for (const { table, native } of inserts) await insert(table, native);
  expect(inserts.map(({ table, partition, rows }) => `${table} ${partition} ${rows}`)).toEqual([
    "blobs 2026-11-22 1",
    "payloads 2026-11-21 1",
    "spans 2026-11-21 1",
    "spans 2026-11-22 1",
    "checkpoints 2026-11-22 1",
    "open_spans 2026-11-21 1",
    "usage_1m 202611 2",
    "runs 202611 1",
  ]);
  for (const { table, partition } of inserts) {
    const query = `SELECT DISTINCT partition FROM system.parts WHERE database = currentDatabase() AND table = '${table}' AND active`;
    expect((await store.rows<{ partition: string }>(query)).map((row) => row.partition)).toContain(partition);
  }
  const [run] = await store.rows<object>("SELECT * FROM runs");
  expect(run).toMatchObject({ agent: "a", root_state: "open", spans: 2, inferences: 1, input_tokens: 900 });
  const [span] = await store.rows<object>("SELECT * FROM spans WHERE kind = 'inference'");
  expect(span).toMatchObject({ agent: "a", cost_usd: 0.0002475, cache_read_tokens: 100, reasoning_tokens: null });
  const [sums] = await store.rows<object>("SELECT sum(spans) AS spans, toString(sum(cost_usd)) AS cost FROM usage_1m");
  expect(sums).toEqual({ spans: 2, cost: "0.0002475" });
});

async function insert(table: string, native: Uint8Array[]): Promise<void> {
  const { stream } = await store.connection.client.exec({
    query: `INSERT INTO ${table} FORMAT Native`,
    values: Readable.from(native, { objectMode: false }),
  });
  for await (const _ of stream);
}

/** Millionths of a millionth as ClickHouse prints a decimal: without zeros at the end. */
function decimal(value: bigint): string {
  const digits = String(value).padStart(13, "0");
  return `${digits.slice(0, -12)}.${digits.slice(-12)}`.replace(/\.?0+$/, "");
}
