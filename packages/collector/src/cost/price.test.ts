import { calcPrice } from "@pydantic/genai-prices";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { PriceList } from "./price.ts";

// The library itself is the oracle; it computes with floating point, we with whole picodollars.

const AT = Date.UTC(2026, 10, 21, 12);
const models: [provider: string, model: string, listed: string][] = [
  ["openai", "gpt-5-mini", "openai"],
  ["openai", "gpt-5-mini-2025-08-07", "openai"],
  ["anthropic", "claude-sonnet-4-5", "anthropic"],
  ["gcp.gemini", "gemini-2.5-pro", "google"],
  ["deepseek", "deepseek-chat", "deepseek"],
  ["aws.bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0", "aws"],
];

test.each(models)("%s %s costs what the list says", (provider, model, providerId) => {
  const prices = new PriceList();
  const tokens = fc.record({
    input: fc.nat(300_000),
    cacheRead: fc.nat(100_000),
    cacheWrite: fc.nat(100_000),
    output: fc.nat(50_000),
  });
  fc.assert(
    fc.property(tokens, ({ input, cacheRead, cacheWrite, output }) => {
      const price = prices.price(provider, model, { input, cacheRead, cacheWrite, output, reasoning: 0 }, AT);
      const usage = {
        input_tokens: input + cacheRead + cacheWrite,
        cache_read_tokens: cacheRead,
        cache_write_tokens: cacheWrite,
        output_tokens: output,
      };
      const expected = calcPrice(usage, model, { providerId, timestamp: new Date(AT) })!.total_price;
      expect(Number(price) / 1e12).toBeCloseTo(expected, 9);
    }),
    { numRuns: 50 },
  );
});

const tokens = { input: 1_000_000, cacheRead: 0, cacheWrite: 0, output: 1_000_000, reasoning: 400_000 };

test("reasoning costs what output costs, and amounts are exact", () => {
  expect(new PriceList().price("openai", "gpt-5-mini", tokens, AT)).toBe(2_250_000_000_000n);
});

test("a model with its provider in front is the same model", () => {
  expect(new PriceList().price("openai", "openai/gpt-5-mini", tokens, AT)).toBe(2_250_000_000_000n);
});

test("without a provider the model decides", () => {
  expect(new PriceList().price("", "gpt-5-mini", tokens, AT)).toBe(2_250_000_000_000n);
});

test.each([
  ["openai", "gpt-900"],
  ["ollama", "llama3.1"],
  ["", ""],
  ["nobody", "gpt-5-mini"],
])("%s %s has no price, and that is not zero", (provider, model) => {
  const prices = new PriceList();
  expect(prices.price(provider, model, tokens, AT)).toBeNull();
  expect(prices.price(provider, model, tokens, AT)).toBeNull();
});

test("a price that changes with time is that of the call's time", () => {
  const prices = new PriceList();
  const at = (time: number): bigint | null => prices.price("deepseek", "deepseek-chat", tokens, time);
  const times = [Date.UTC(2025, 0, 1, 12), Date.UTC(2025, 2, 1, 20), AT];
  const listed = times.map((time) =>
    Math.round(
      calcPrice({ input_tokens: 1e6, output_tokens: 1e6 }, "deepseek-chat", {
        providerId: "deepseek",
        timestamp: new Date(time),
      })!.total_price * 1e6,
    ),
  );
  expect([...times.map(at), ...times.map(at)].map((price) => Number(price! / 1_000_000n))).toEqual([
    ...listed,
    ...listed,
  ]);
});
