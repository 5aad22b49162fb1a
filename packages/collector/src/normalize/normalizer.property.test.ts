import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodeTracesJson } from "../decode/otlp-json.ts";
import { NormalizedSpan, UNREPORTED } from "../model/normalized-span.ts";
import { knownKeys } from "./known-keys.ts";
import { Normalizer } from "./normalizer.ts";

// Whatever stands in the attributes, a span comes out; nothing of it is lost, and token counts add up to what was reported.

const value = fc.oneof(
  fc.string().map((stringValue) => ({ stringValue })),
  fc.integer().map((intValue) => ({ intValue })),
  fc.double().map((doubleValue) => ({ doubleValue: String(doubleValue) })),
  fc.boolean().map((boolValue) => ({ boolValue })),
  fc.array(fc.string(), { maxLength: 3 }).map((texts) => ({
    arrayValue: { values: texts.map((stringValue) => ({ stringValue })) },
  })),
  fc.constant({}),
);
const key = fc.oneof(fc.constantFrom(...knownKeys.keys()), fc.string({ maxLength: 8 }));
const attributes = fc.uniqueArray(fc.record({ key, value }), { selector: (entry) => entry.key, maxLength: 20 });

function normalized(entries: object[]): NormalizedSpan {
  const ids = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" };
  const span = { ...ids, name: "x", startTimeUnixNano: "1", endTimeUnixNano: "2", attributes: entries };
  const normalizer = new Normalizer();
  const record = new NormalizedSpan();
  normalizer.begin(
    decodeTracesJson(Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }))),
  );
  normalizer.normalize(0, record);
  return record;
}

test("any attributes make a span, and unknown ones stay", () => {
  fc.assert(
    fc.property(attributes, (entries) => {
      const span = normalized(entries);
      const kept = span.attributes.map((row) => span.batch.key(row));
      const unknown = entries.filter(({ key }) => !knownKeys.has(key));
      for (const entry of unknown) expect(kept).toContain(entry.key.toWellFormed());
      expect(new Set(kept).size).toBe(kept.length);
    }),
    { numRuns: 300 },
  );
});

test("what makes room for other content of the same place stays, once", () => {
  const inputs = ["traceloop.entity.input", "ai.prompt.messages", "ai.prompt", "gen_ai.input.messages", "input.value"];
  const of = (key: string): object => ({ key, value: { stringValue: `<${key}>` } });
  fc.assert(
    fc.property(fc.shuffledSubarray(inputs, { minLength: 1 }), (keys) => {
      const span = normalized(keys.map(of));
      const kept = span.attributes.map((row) => span.batch.key(row));
      const { bytes, at, length } = span.inlineInput;
      const taken = keys.filter((key) => bytes.toString("utf8", at, at + length).includes(`<${key}>`));
      expect([...kept, ...taken].toSorted()).toEqual(keys.toSorted());
    }),
  );
});

test("disjoint counts add up to the totals", () => {
  const count = fc.option(fc.nat(10_000), { nil: undefined });
  fc.assert(
    fc.property(count, count, count, count, count, (input, cacheRead, cacheWrite, output, reasoning) => {
      const counts = {
        input_tokens: input,
        "cache_read.input_tokens": cacheRead,
        "cache_creation.input_tokens": cacheWrite,
        output_tokens: output,
        "reasoning.output_tokens": reasoning,
      };
      const entries = Object.entries(counts).flatMap(([name, intValue]) =>
        intValue === undefined ? [] : [{ key: `gen_ai.usage.${name}`, value: { intValue } }],
      );
      const operation = { key: "gen_ai.operation.name", value: { stringValue: "chat" } };
      const span = normalized([operation, ...entries]);
      const cached = (cacheRead ?? 0) + (cacheWrite ?? 0);
      const fresh = input === undefined ? UNREPORTED : cached > input ? input : input - cached;
      expect(span.inputTokens).toBe(fresh);
      expect(span.cacheReadTokens).toBe(cacheRead ?? UNREPORTED);
      expect(span.cacheWriteTokens).toBe(cacheWrite ?? UNREPORTED);
      expect(span.reasoningTokens).toBe(reasoning ?? UNREPORTED);
      // Reasoning is a part of the output, so it is never more.
      expect(output === undefined || span.reasoningTokens <= span.outputTokens).toBe(true);
    }),
    { numRuns: 200 },
  );
});
