const BILLION = 1_000_000_000;

/** The whole seconds in a 64-bit number of nanoseconds, exactly: a double alone would be off by up to a microsecond. */
export function secondsOf(low: number, high: number): number {
  const seconds = Math.floor((high * 4294967296 + low) / BILLION);
  // The remainder is small, so its lowest 32 bits are all of it.
  const rest = (low - Math.imul(seconds % 4294967296, BILLION)) | 0;
  if (rest < 0) return seconds - 1;
  return rest >= BILLION ? seconds + 1 : seconds;
}

/** Both halves as one number, exactly. */
export function nanosecondsOf(low: number, high: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}
