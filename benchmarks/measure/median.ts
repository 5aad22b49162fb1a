/** The middle of the values; the mean of the two in the middle when their number is even. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** Each value divided by the one it was measured beside: the machine's mood, which both felt, cancels out. */
export function pairedRatios(values: readonly number[], bases: readonly number[]): number[] {
  return values.map((value, index) => value / (bases[index] ?? Number.NaN));
}
