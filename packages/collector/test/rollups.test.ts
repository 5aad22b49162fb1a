import { Readable } from "node:stream";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createBlockBuilder } from "../src/build-block.ts";
import type { SpansRecord } from "../src/model/block.ts";
import { SeenSpans } from "../src/rollup/seen-spans.ts";
import { type EmbeddedStore, startEmbeddedStore } from "./embedded-store.ts";

// Usage by minute and by run equals the sum over the stored spans, however spans are spread over requests and blocks and whatever comes twice.

let store: EmbeddedStore;
beforeAll(async () => {
  store = await startEmbeddedStore();
});
afterAll(async () => {
  await store?.close();
});

const NOON = Date.UTC(2026, 10, 21, 12);
const count = fc.option(fc.nat(100_000), { nil: undefined });
const span = fc.record({
  operation: fc.constantFrom("chat", "chat", "execute_tool", "invoke_agent", "embeddings", ""),
  model: fc.constantFrom("gpt-5-mini", "gpt-900", "claude-sonnet-4-5"),
  agent: fc.constantFrom<string>("", "a", "b"),
  isFailed: fc.boolean(),
  isCached: fc.boolean(),
  startMs: fc.integer({ min: -86_400_000, max: 86_400_000 }),
  durationMs: fc.nat(100_000),
  input: count,
  cacheRead: count,
  output: count,
  trace: fc.integer({ min: 1, max: 5 }),
  parent: fc.nat(40),
});
const load = fc.record({
  spans: fc.array(span, { minLength: 10, maxLength: 60 }),
  /** Which span comes when, and which of them twice. */
  order: fc.array(fc.nat(59), { minLength: 100, maxLength: 200 }),
  recordSpans: fc.integer({ min: 1, max: 9 }),
  blockRecords: fc.integer({ min: 1, max: 9 }),
});

const sums = `sum(spans) AS spans, sum(inferences) AS inferences, sum(inferences_without_usage) AS without, sum(inferences_unpriced) AS unpriced,
  sum(tool_calls) AS tools, sum(errors) AS errors, sum(input_tokens) AS input, sum(cache_read_tokens) AS cached, sum(output_tokens) AS output,
  toString(sum(cost_usd)) AS cost`;
const counted = `count() AS spans, countIf(kind = 'inference') AS inferences,
  countIf(kind = 'inference' AND input_tokens IS NULL AND output_tokens IS NULL AND attributes['runreel.usage.cached'] != 'true') AS without,
  countIf(kind = 'inference' AND (input_tokens IS NOT NULL OR output_tokens IS NOT NULL) AND cost_usd IS NULL) AS unpriced,
  countIf(kind = 'tool') AS tools, countIf(status = 'error') AS errors, sum(ifNull(input_tokens, 0)) AS input,
  sum(ifNull(cache_read_tokens, 0)) AS cached, sum(ifNull(output_tokens, 0)) AS output,
  toString(sum(toDecimal128(ifNull(cost_usd, 0), 12))) AS cost`;

test("rollups are the sums over spans, and spans are there once", async () => {
  await fc.assert(
    fc.asyncProperty(load, async ({ spans, order, recordSpans, blockRecords }) => {
      for (const table of ["spans", "usage_1m", "runs", "payloads"]) {
        await store.connection.client.command({ query: `TRUNCATE TABLE ${table}` });
      }
      const sent = order.filter((index) => index < spans.length);
      const builder = createBlockBuilder({ seen: new SeenSpans(4096) });
      let block = 0;
      for (let at = 0; at < sent.length; at += recordSpans) {
        const part = sent.slice(at, at + recordSpans).map((index) => otlp(spans[index]!, index));
        builder.add(recordOf(part), NOON);
        if ((at / recordSpans) % blockRecords === 0) await insertBlock(builder.finish(`block ${block++}`));
      }
      await insertBlock(builder.finish(`block ${block}`));

      const [total] = await store.rows<{ spans: number }>(`SELECT ${counted} FROM spans`);
      expect(Number(total?.spans)).toBe(new Set(sent).size);
      expect(await store.rows(`SELECT ${sums} FROM usage_1m FINAL`)).toEqual([total]);
      expect(await store.rows(`SELECT ${sums} FROM runs FINAL`)).toEqual([total]);
      const byAgent = (table: string, what: string): Promise<object[]> =>
        store.rows(`SELECT agent, kind, ${what} AS spans FROM ${table} GROUP BY agent, kind ORDER BY agent, kind`);
      expect(await byAgent("usage_1m FINAL", "sum(spans)")).toEqual(await byAgent("spans", "count()"));
      const byRun = await store.rows(
        "SELECT lower(hex(run_id)) AS run, min(first_start) AS first, max(last_end) AS last FROM runs GROUP BY run ORDER BY run",
      );
      expect(byRun).toEqual(
        await store.rows(
          "SELECT lower(hex(trace_id)) AS run, min(start) AS first, max(start + toIntervalNanosecond(duration_ns)) AS last FROM spans GROUP BY run ORDER BY run",
        ),
      );
    }),
    { numRuns: 8 },
  );
});

const usage = `SELECT minute, agent, agent_version, kind, provider, model, tool, status, ${sums}, sum(runs) AS runs, sum(duration_ns) AS duration
  FROM usage_1m FINAL GROUP BY ALL ORDER BY ALL`;

test("a usage record counts as the spans do that it stands for, once, and the spans themselves count nothing when they come after all", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(span, { minLength: 1, maxLength: 30 }), async (spans) => {
      const named = spans.map((input) => ({ ...input, agent: input.agent || "c" }));
      const whole = named.map((input, index) => otlp(input, index));
      await store.connection.client.command({ query: "TRUNCATE TABLE usage_1m" });
      const builder = createBlockBuilder({ seen: new SeenSpans(4096) });
      builder.add(recordOf(whole), NOON);
      await insertBlock(builder.finish("whole"));
      const expected = await store.rows(usage);

      await store.connection.client.command({ query: "TRUNCATE TABLE usage_1m" });
      await store.connection.client.command({ query: "TRUNCATE TABLE spans" });
      const sampling = createBlockBuilder({ seen: new SeenSpans(4096) });
      const record = recordOf([usageRecord(whole, named)]);
      expect(sampling.add(record, NOON)).toEqual({ spans: 1, duplicates: 0, rejected: 0 });
      expect(sampling.add(record, NOON)).toEqual({ spans: 0, duplicates: 1, rejected: 0 });
      sampling.add(recordOf(whole.map(asCounted)), NOON);
      await insertBlock(sampling.finish("sampled"));
      expect(await store.rows(usage)).toEqual(expected);
      expect(await store.rows("SELECT kind, count() AS spans FROM spans WHERE kind = 'usage' GROUP BY kind")).toEqual([
        { kind: "usage", spans: 1 },
      ]);
    }),
    { numRuns: 8 },
  );
});

/** A usage record with a row for each of the spans. */
function usageRecord(whole: OtlpSpan[], inputs: readonly SpanInput[]): object {
  const int = (key: string, value: number): object => ({ key, value: { intValue: value } });
  const ints = (key: string, value: number | undefined): object => ({
    key,
    value: { arrayValue: { values: [{ intValue: value ?? -1 }] } },
  });
  return {
    traceId: "f".repeat(32),
    spanId: "f".repeat(16),
    name: "runreel.usage",
    startTimeUnixNano: String(BigInt(NOON) * 1_000_000n),
    endTimeUnixNano: String(BigInt(NOON) * 1_000_000n),
    events: whole.map((one, index) => {
      const { operation, input, cacheRead, output, parent, isFailed, durationMs } = inputs[index]!;
      const isTokens = ({ key }: { key: string }): boolean => key.startsWith("gen_ai.usage.");
      const isSilent = input === undefined && output === undefined;
      // Without a list of tokens on the row itself nothing else would tell that these are calls of a model.
      const isBareCall = operation === "" && !(isSilent && cacheRead === undefined);
      return {
        name: "runreel.usage",
        timeUnixNano: one.startTimeUnixNano,
        attributes: [
          ...one.attributes.filter((attribute) => !isTokens(attribute)),
          ...(isBareCall ? [{ key: "gen_ai.operation.name", value: { stringValue: "chat" } }] : []),
          ...(isFailed ? [{ key: "error.type", value: { stringValue: "_OTHER" } }] : []),
          int("runreel.usage.spans", 1),
          int("runreel.usage.runs", parent === 0 ? 1 : 0),
          int("runreel.usage.duration_ns", durationMs * 1_000_000),
          ...(isSilent ? [] : [ints("runreel.usage.input_tokens", input), ints("runreel.usage.output_tokens", output)]),
          ...(cacheRead === undefined ? [] : [ints("runreel.usage.cache_read_tokens", cacheRead)]),
        ],
      };
    }),
  };
}

function asCounted(one: OtlpSpan): object {
  return { ...one, attributes: [...one.attributes, { key: "runreel.usage.counted", value: { boolValue: true } }] };
}

type SpanInput = typeof span extends fc.Arbitrary<infer T> ? T : never;

interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  name: string;
  endTimeUnixNano: string;
  status: object;
  startTimeUnixNano: string;
  attributes: { key: string; value: object }[];
}

function otlp(input: SpanInput, index: number): OtlpSpan {
  const attributes: Record<string, string | number | boolean | undefined> = {
    "gen_ai.operation.name": input.operation,
    "gen_ai.request.model": input.model,
    "gen_ai.agent.name": input.agent === "" ? undefined : input.agent,
    "gen_ai.usage.input_tokens": input.input,
    "gen_ai.usage.cache_read.input_tokens": input.cacheRead,
    "gen_ai.usage.output_tokens": input.output,
    "runreel.usage.cached": input.isCached ? true : undefined,
  };
  const start = BigInt(NOON + input.startMs) * 1_000_000n + 1n;
  return {
    traceId: input.trace.toString(16).padStart(32, "0"),
    spanId: (index + 1).toString(16).padStart(16, "0"),
    parentSpanId: input.parent === 0 ? undefined : input.parent.toString(16).padStart(16, "0"),
    name: "x",
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + BigInt(input.durationMs) * 1_000_000n),
    status: { code: input.isFailed ? 2 : 0 },
    attributes: Object.entries(attributes).flatMap(([key, value]): OtlpSpan["attributes"] => {
      if (value === undefined) return [];
      if (typeof value === "number") return [{ key, value: { intValue: value } }];
      return [{ key, value: typeof value === "string" ? { stringValue: value } : { boolValue: value } }];
    }),
  };
}

function recordOf(spans: object[]): SpansRecord {
  const body = Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
  return { project: "default", encoding: "json", compression: "none", body };
}

async function insertBlock(inserts: { table: string; native: Uint8Array[] }[]): Promise<void> {
  for (const { table, native } of inserts) {
    const { stream } = await store.connection.client.exec({
      query: `INSERT INTO ${table} FORMAT Native`,
      values: Readable.from(native, { objectMode: false }),
      clickhouse_settings: { insert_deduplicate: 0 },
    });
    for await (const _ of stream);
  }
}
