import { InvalidArgumentError } from "commander";

const millisecondsOf: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `30m`, `1h`, `7d`, or a time; gives the ISO time that long ago. */
export function parseSince(text: string): string {
  const [, amount, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (amount !== undefined && unit !== undefined) {
    return new Date(Date.now() - Number(amount) * (millisecondsOf[unit] ?? 0)).toISOString();
  }
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw new InvalidArgumentError("Expected 90s, 30m, 1h, 7d, or a time such as 2026-11-21T08:00Z.");
  return new Date(time).toISOString();
}

/** A step: a whole number from 1. */
export function parseStep(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("Expected the number of a step, from 1.");
  return Number(text);
}

export function parseLimit(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError("Expected a number from 1 to 9999.");
  return Number(text);
}
