import { calcPrice } from "@pydantic/genai-prices";

/** Disjoint counts of tokens, as they are stored. */
export interface PricedTokens {
  input: number;
  cacheRead: number;
  cacheWrite: number;
  output: number;
  reasoning: number;
}

/** Prices per token in picodollars, above a number of input tokens. */
interface Tier {
  above: number;
  perToken: number;
}

type Rate = readonly Tier[];

interface Rates {
  input: Rate;
  cacheRead: Rate;
  cacheWrite: Rate;
  output: Rate;
  reasoning: Rate;
}

/** The GenAI conventions and the price list spell some providers differently. */
const PROVIDERS: Readonly<Record<string, string>> = {
  "gcp.gen_ai": "google",
  "azure.ai.openai": "azure",
  "azure.ai.inference": "azure",
  x_ai: "x-ai",
};

const CACHED_PROVIDERS_MAX = 64;
const CACHED_MODELS_MAX = 1024;
const MINUTE_MS = 60_000;

/** Price lists are in US dollars a million tokens, with at most six decimals: whole picodollars a token. */
const PICODOLLARS_A_TOKEN = 1_000_000;

/**
 * Prices calls of models from the list that is built in; nothing is fetched.
 *
 * Amounts are whole picodollars (1e-12 USD), computed without floating point: sums are exact.
 */
export class PriceList {
  readonly #rates = new Map<string, Map<string, Rates | null>>();

  /**
   * The price of one call.
   *
   * @param at when it began, in milliseconds since the epoch: prices change, some with the hour.
   * @returns null when the list has no price for the model.
   */
  price(provider: string, model: string, tokens: PricedTokens, at: number): bigint | null {
    const rates = this.#ratesOf(provider, model, at);
    if (rates === null) return null;
    const { input, cacheRead, cacheWrite, output, reasoning } = tokens;
    const inputTotal = input + cacheRead + cacheWrite;
    const inputPrice = perToken(rates.input, inputTotal);
    const cacheReadPrice = perToken(rates.cacheRead, inputTotal);
    const cacheWritePrice = perToken(rates.cacheWrite, inputTotal);
    const outputPrice = perToken(rates.output, inputTotal);
    const reasoningPrice = perToken(rates.reasoning, inputTotal);
    const answer = output - reasoning;
    const sum =
      inputPrice * input +
      cacheReadPrice * cacheRead +
      cacheWritePrice * cacheWrite +
      outputPrice * answer +
      reasoningPrice * reasoning;
    if (sum <= Number.MAX_SAFE_INTEGER) return BigInt(sum);
    return (
      times(inputPrice, input) +
      times(cacheReadPrice, cacheRead) +
      times(cacheWritePrice, cacheWrite) +
      times(outputPrice, answer) +
      times(reasoningPrice, reasoning)
    );
  }

  #ratesOf(provider: string, model: string, at: number): Rates | null {
    let models = this.#rates.get(provider);
    if (models === undefined) this.#rates.set(provider, (models = new Map()));
    let rates = models.get(model);
    if (rates !== undefined) return rates;
    // Where a price depends on the time, it is kept by the minute.
    const timed = `${model}\0${Math.floor(at / MINUTE_MS)}`;
    rates = models.get(timed);
    if (rates !== undefined) return rates;
    const found = lookUp(provider, model, at);
    if (models.size >= CACHED_MODELS_MAX || this.#rates.size >= CACHED_PROVIDERS_MAX) this.#rates.clear();
    models.set(found.isTimed ? timed : model, found.rates);
    return found.rates;
  }
}

/** A provider that the list does not know has no prices: what others take for the same model says nothing. */
function lookUp(provider: string, model: string, at: number): { rates: Rates | null; isTimed: boolean } {
  const timestamp = new Date(at);
  const options = provider === "" ? { timestamp } : { providerId: PROVIDERS[provider] ?? provider, timestamp };
  // Routers name models with their provider in front.
  const found = calcPrice({}, model, options) ?? calcPrice({}, model.slice(model.lastIndexOf("/") + 1), options);
  if (found === null) return { rates: null, isTimed: false };
  return { rates: ratesOf(found.model_price), isTimed: Array.isArray(found.model.prices) };
}

type ModelPrice = NonNullable<ReturnType<typeof calcPrice>>["model_price"];

/** Tokens without a price of their own have the one of what they are part of. */
function ratesOf(price: ModelPrice): Rates {
  const input = rateOf(price["input_mtok"]) ?? [];
  const output = rateOf(price["output_mtok"]) ?? [];
  return {
    input,
    cacheRead: rateOf(price["cache_read_mtok"]) ?? input,
    cacheWrite: rateOf(price["cache_write_mtok"]) ?? input,
    output,
    reasoning: rateOf(price["output_reasoning_mtok"]) ?? output,
  };
}

function rateOf(price: ModelPrice[string]): Rate | undefined {
  if (price === undefined) return undefined;
  if (typeof price === "number") return [{ above: -1, perToken: picodollars(price) }];
  const tiers = price.tiers.map(({ start, price: perMillion }) => ({
    above: start,
    perToken: picodollars(perMillion),
  }));
  return [{ above: -1, perToken: picodollars(price.base) }, ...tiers.sort((a, b) => a.above - b.above)];
}

function picodollars(perMillion: number): number {
  return Math.round(perMillion * PICODOLLARS_A_TOKEN);
}

function times(price: number, count: number): bigint {
  return BigInt(price) * BigInt(count);
}

/** All tokens have the price of the tier that the input reaches. */
function perToken(rate: Rate, inputTotal: number): number {
  let price = 0;
  for (const tier of rate) if (inputTotal > tier.above) price = tier.perToken;
  return price;
}
