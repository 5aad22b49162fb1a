/** A point in time as ISO 8601 text in UTC with nanoseconds, from nanoseconds since the epoch as text. Null for 0, which stands for "not known". */
export function isoFromNano(unixNano: string | bigint): string | null {
  const nano = BigInt(unixNano);
  if (nano <= 0n) return null;
  const seconds = new Date(Number(nano / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${String(nano % 1_000_000_000n).padStart(9, "0")}Z`;
}

/** Nanoseconds since the epoch of an ISO 8601 text with up to nine digits of a second; null when it is no time. */
export function nanoFromIso(text: string): bigint | null {
  const parts = /^(.*T\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/.exec(text);
  const milliseconds = Date.parse(parts ? `${parts[1]}${parts[3] ?? "Z"}` : text);
  if (Number.isNaN(milliseconds)) return null;
  return BigInt(milliseconds) * 1_000_000n + BigInt((parts?.[2] ?? "").padEnd(9, "0"));
}

/** Milliseconds with a fraction, from nanoseconds. */
export function millisecondsFromNano(nano: bigint): number {
  return Number(nano) / 1e6;
}
