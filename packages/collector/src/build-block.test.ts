import { gzipSync } from "node:zlib";
import { hashBlob } from "@runreel/content";
import { describe, expect, test } from "vitest";
import { createBlockBuilder } from "./build-block.ts";
import type { SpansRecord, TableInsert } from "./model/block.ts";
import { SeenSpans } from "./rollup/seen-spans.ts";

// What a block takes, what it leaves out and counts, and how it is cut into inserts. That the bytes are right is shown by test/native.test.ts.

const NOON = Date.UTC(2026, 10, 21, 12);
const TRACE = "0af7651916cd43dd8448eb211c80319c";

test("a span that came before is counted once, in the same block or in another", () => {
  const builder = createBlockBuilder({ seen: new SeenSpans(1024) });
  expect(builder.add(recordOf([span(1), span(2), span(1)]), NOON)).toEqual({ spans: 2, duplicates: 1, rejected: 0 });
  expect(builder.add(recordOf([span(2), span(3)]), NOON)).toEqual({ spans: 1, duplicates: 1, rejected: 0 });
  expect(builder.spans).toBe(3);
  expect(rowsOf(builder.finish("b1"))["spans 2026-11-21"]).toBe(3);
  expect(builder.spans).toBe(0);
  expect(builder.add(recordOf([span(1)]), NOON)).toEqual({ spans: 0, duplicates: 1, rejected: 0 });
  expect(builder.finish("b2")).toEqual([]);
});

test("spans that are stored already are known after a restart, each in its project", () => {
  const seen = new SeenSpans(1024);
  seen.seed([{ project: "default", traceId: Buffer.from(TRACE, "hex"), spanId: Buffer.from(id(7), "hex") }]);
  const builder = createBlockBuilder({ seen });
  expect(builder.add(recordOf([span(7)]), NOON).duplicates).toBe(1);
  expect(builder.add({ ...recordOf([span(7)]), project: "other" }, NOON).duplicates).toBe(0);
});

test("a start record is no span, and does not make its span a duplicate", () => {
  const builder = createBlockBuilder();
  const open = { ...span(1), endTimeUnixNano: "0" };
  expect(builder.add(recordOf([open]), NOON)).toEqual({ spans: 0, duplicates: 0, rejected: 0 });
  expect(builder.add(recordOf([span(1)]), NOON)).toEqual({ spans: 1, duplicates: 0, rejected: 0 });
  expect(rowsOf(builder.finish("b"))).toMatchObject({
    "open_spans 2026-11-21": 1,
    "spans 2026-11-21": 1,
    "runs 202611": 1,
  });
});

test("each day and each month is an insert of its own, in a fixed order", () => {
  const builder = createBlockBuilder();
  const days = [Date.UTC(2026, 9, 31, 12), NOON, Date.UTC(2026, 9, 31, 23)];
  builder.add(recordOf(days.map((start, index) => span(index + 1, { start }))), NOON);
  const inserts = builder.finish("b");
  expect(inserts.map(({ table, partition, rows, repeatable }) => [table, partition, rows, repeatable])).toEqual([
    ["spans", "2026-10-31", 2, false],
    ["spans", "2026-11-21", 1, false],
    ["usage_1m", "202610", 2, true],
    ["usage_1m", "202611", 1, true],
    ["runs", "202610", 1, true],
  ]);
});

test("the same records make the same block", () => {
  const make = (): string[] => {
    const builder = createBlockBuilder();
    builder.add(recordOf([span(1), span(2, { parent: 1 })]), NOON);
    builder.add(recordOf([span(3, { parent: 2 })]), NOON);
    return builder.finish("b").map(({ native }) => Buffer.concat(native).toString("latin1"));
  };
  expect(make()).toEqual(make());
});

describe("what is left out is counted", () => {
  test.each<[string, SpansRecord, string]>([
    ["nonsense", { ...recordOf([]), body: Buffer.from("nonsense") }, "undecodable_record"],
    ["no gzip", { ...recordOf([span(1)]), compression: "gzip" }, "undecodable_record"],
    ["a bomb", { ...recordOf([]), compression: "gzip", body: gzipSync(Buffer.alloc(1 << 20)) }, "undecodable_record"],
    ["a span without id", recordOf([{ ...span(1), spanId: "" }]), "invalid_span_id"],
    ["a start long ago", recordOf([span(1, { start: NOON - 500 * 86_400_000 })]), "time_out_of_range"],
    ["a start in the future", recordOf([span(1, { start: NOON + 5 * 86_400_000 })]), "time_out_of_range"],
    ["a blob of another hash", recordOf([carrier("text", "a", hashBlob("text", "b"))]), "invalid_blob"],
    ["a blob of no type", recordOf([carrier("song", "a", hashBlob("text", "a"))]), "invalid_blob"],
  ])("%s", (_name, record, reason) => {
    const dropped: [string, number][] = [];
    const builder = createBlockBuilder({
      inflatedMaxBytes: 100_000,
      onDropped: (why, count) => dropped.push([why, count]),
    });
    expect(builder.add(record, NOON).spans).toBe(0);
    expect(dropped).toEqual([[reason, 1]]);
    expect(builder.finish("b")).toEqual([]);
  });
});

test("blobs go to the day they were heard, once a block, and a carrier is no span", () => {
  const builder = createBlockBuilder();
  const blob = carrier("text", "a text", hashBlob("text", "a text"));
  expect(builder.add(recordOf([blob, blob]), NOON)).toEqual({ spans: 0, duplicates: 0, rejected: 0 });
  const inserts = builder.finish("b");
  expect(rowsOf(inserts)).toEqual({ "blobs 2026-11-21": 1 });
  expect(Buffer.concat(inserts[0]!.native).includes("a text")).toBe(true);
});

test("a compressed record is the same record", () => {
  const plain = recordOf([span(1)]);
  const builder = createBlockBuilder();
  const packed: SpansRecord = { ...plain, compression: "gzip", body: gzipSync(plain.body) };
  expect(builder.add(packed, NOON).spans).toBe(1);
  expect(builder.bytes).toBeGreaterThan(0);
});

function rowsOf(inserts: TableInsert[]): Record<string, number> {
  return Object.fromEntries(inserts.map(({ table, partition, rows }) => [`${table} ${partition}`, rows]));
}

function recordOf(spans: object[]): SpansRecord {
  const body = Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
  return { project: "default", encoding: "json", compression: "none", body };
}

function id(number: number): string {
  return number.toString(16).padStart(16, "0");
}

function span(number: number, { start = NOON, parent = 0 } = {}): Record<string, unknown> {
  return {
    traceId: TRACE,
    spanId: id(number),
    ...(parent === 0 ? {} : { parentSpanId: id(parent) }),
    name: "step",
    startTimeUnixNano: `${start}000000`,
    endTimeUnixNano: `${start + 5}000000`,
  };
}

function carrier(type: string, data: string, hash: string): Record<string, unknown> {
  const attribute = (key: string, stringValue: string): object => ({ key, value: { stringValue } });
  const attributes = [
    attribute("runreel.blob.hash", hash),
    attribute("runreel.blob.type", type),
    attribute("runreel.blob.data", data),
  ];
  return { ...span(200), name: "runreel.content", events: [{ name: "runreel.blob", attributes }] };
}
