import type { Tokens } from "../answers.ts";

/** What stands for a number that nobody reported. Zero would be a lie. */
const unknown = "–";

const counts = new Intl.NumberFormat("en-US");
const dollars = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });

export const count = (value: number | null | undefined): string =>
  value === null || value === undefined ? unknown : counts.format(value);

/** `1 step`, `7 steps`. */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** A decimal text in USD: two significant digits below a cent, so that the price of one call can be told from nothing. */
export function money(usd: string | null | undefined): string {
  if (usd === null || usd === undefined || usd === "") return unknown;
  const value = Number(usd);
  if (!Number.isFinite(value)) return unknown;
  if (value === 0) return "$0";
  if (Math.abs(value) >= 0.01) return dollars.format(value);
  const decimals = Math.min(12, 1 - Math.floor(Math.log10(Math.abs(value))));
  return `$${value.toFixed(decimals)}`;
}

/** From `0.4 ms` to `3 h 12 m`. */
export function duration(milliseconds: number | null | undefined): string {
  if (milliseconds === null || milliseconds === undefined) return unknown;
  if (milliseconds < 1) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 99.95) return `${seconds.toFixed(seconds < 9.995 ? 2 : 1)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 100) return `${Math.floor(seconds / 60)} m ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
}

/** `2026-11-21 04:12:33`, in UTC as everything is. */
export const moment = (iso: string): string => iso.slice(0, 19).replace("T", " ");

/** Everything the model read: fresh, from the cache, and written to it. Null when nobody reported. */
export function inputTokens(tokens: Tokens): number | null {
  const parts = [tokens.input, tokens.cacheRead, tokens.cacheWrite].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.reduce((sum, part) => sum + part, 0);
}

/** `1,204 in (1,024 cached) · 96 out (58 reasoning)`. */
export function tokensInWords(tokens: Tokens): string {
  const cached = tokens.cacheRead ? ` (${count(tokens.cacheRead)} cached)` : "";
  const reasoning = tokens.reasoning ? ` (${count(tokens.reasoning)} reasoning)` : "";
  return `${count(inputTokens(tokens))} in${cached} · ${count(tokens.output)} out${reasoning}`;
}

/** `1,204 → 96`, for a column. */
export const tokensInBrief = (tokens: Tokens): string => `${count(inputTokens(tokens))} → ${count(tokens.output)}`;
