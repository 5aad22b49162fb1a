import type { BlockBuilder, SpansRecord, TableInsert } from "../src/model/block.ts";

/** A span that knows only what the sink's promises are about: which one it is, and which day and agent it counts for. */
export interface TinySpan {
  id: number;
  day: number;
  agent: string;
}

const DAY_ZERO = Date.UTC(2026, 10, 1);
const DAY_MS = 86_400_000;

export function tinyRecord(spans: TinySpan[]): SpansRecord {
  return { project: "default", encoding: "json", compression: "none", body: Buffer.from(JSON.stringify(spans)) };
}

/** Writes `spans`, one part for each day, and `usage_1m`. */
export function createTinyBlockBuilder(): BlockBuilder {
  let spans: TinySpan[] = [];
  return {
    get spans() {
      return spans.length;
    },
    get bytes() {
      return spans.length * 100;
    },
    add(record) {
      const added = JSON.parse(Buffer.from(record.body).toString()) as TinySpan[];
      spans.push(...added);
      return { spans: added.length, duplicates: 0, rejected: 0 };
    },
    finish(batch) {
      const inserts = [...spansInserts(batch, spans), usageInsert(batch, spans)];
      spans = [];
      return inserts;
    },
  };
}

function spansInserts(batch: string, spans: TinySpan[]): TableInsert[] {
  return [...Map.groupBy(spans, ({ day }) => day)].map(([day, ofDay]) => ({
    table: "spans",
    partition: new Date(DAY_ZERO + day * DAY_MS).toISOString().slice(0, 10),
    rows: ofDay.length,
    repeatable: false,
    native: nativeBlock(ofDay.length, [
      ["batch", "String", ofDay.map(() => text(batch))],
      ["trace_id", "FixedString(16)", ofDay.map(({ id }) => fixed(id, 16))],
      ["span_id", "FixedString(8)", ofDay.map(({ id }) => fixed(id, 8))],
      ["start", "DateTime64(9)", ofDay.map(() => uint64(BigInt(DAY_ZERO + day * DAY_MS) * 1_000_000n))],
      ["agent", "String", ofDay.map(({ agent }) => text(agent))],
    ]),
  }));
}

function usageInsert(batch: string, spans: TinySpan[]): TableInsert {
  const groups = [...Map.groupBy(spans, ({ agent }) => agent)];
  return {
    table: "usage_1m",
    partition: "202611",
    rows: groups.length,
    repeatable: true,
    native: nativeBlock(groups.length, [
      ["batch", "String", groups.map(() => text(batch))],
      ["minute", "DateTime", groups.map(() => uint32(DAY_ZERO / 1000))],
      ["agent", "String", groups.map(([agent]) => text(agent))],
      ["spans", "UInt64", groups.map(([, ofAgent]) => uint64(BigInt(ofAgent.length)))],
    ]),
  };
}

function nativeBlock(rows: number, columns: [name: string, type: string, cells: Buffer[]][]): Uint8Array[] {
  return [
    varint(columns.length),
    varint(rows),
    ...columns.flatMap(([name, type, cells]) => [text(name), text(type), ...cells]),
  ];
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}

const text = (value: string): Buffer => Buffer.concat([varint(Buffer.byteLength(value)), Buffer.from(value)]);

function fixed(value: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeUInt32BE(value, length - 4);
  return bytes;
}

function uint64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
