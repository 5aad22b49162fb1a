/** Thresholds and randomness have 56 bits; as texts of this length they compare like numbers. */
const DIGITS = 14;

/** Digits of a threshold that count, beside those that are `f` because the probability is small. What OpenTelemetry recommends. */
const PRECISION = 4;

/** Rounding beyond this is lost in a double. */
const PRECISION_MAX = 12;

/**
 * The rejection threshold of a probability from 2^-56 to 1, as it stands in `ot=th:…`: hexadecimal, without zeros at the end.
 *
 * OpenTelemetry's algorithm, so that thresholds are digit for digit those of its own samplers.
 */
export function thresholdOf(probability: number): string {
  if (probability >= 1) return "0";
  const precision = Math.max(1, Math.min(PRECISION_MAX, PRECISION + Math.floor(exponentOf(probability) / -4)));
  const unit = 16 ** precision;
  // As the reference does: rounded in the range from 1 to 2.
  const rejected = 2 - probability + 0.5 / unit;
  if (rejected >= 2) return "f".repeat(precision);
  const digits = Math.floor((rejected - 1) * unit)
    .toString(16)
    .padStart(precision, "0");
  return digits.replace(/0+$/, "");
}

/** Whether randomness reaches a threshold: then the run is kept. */
export function isReached(threshold: string, randomness: string): boolean {
  return randomness >= threshold.padEnd(DIGITS, "0");
}

/** The randomness of a trace: what its tracestate says, else the end of its id. */
export function randomnessOf(traceId: string, explicit: string | undefined): string {
  return explicit ?? traceId.slice(-DIGITS);
}

/** What the member `ot` of a tracestate says of sampling. */
export interface OtelMember {
  threshold: string | undefined;
  randomness: string | undefined;
  /** The rest of it, as it stands. */
  others: string[];
}

/** Reads the member `ot`. What is no threshold, or no randomness, is left out. */
export function parseOtelMember(text: string | undefined): OtelMember {
  const member: OtelMember = { threshold: undefined, randomness: undefined, others: [] };
  for (const part of text === undefined ? [] : text.split(";")) {
    if (part.startsWith("th:")) {
      if (/^th:[0-9a-f]{1,14}$/.test(part)) member.threshold = part.slice(3);
    } else if (part.startsWith("rv:")) {
      if (/^rv:[0-9a-f]{14}$/.test(part)) member.randomness = part.slice(3);
    } else if (part !== "") member.others.push(part);
  }
  return member;
}

/** Writes the member `ot`; "" for nothing to say. */
export function formatOtelMember({ threshold, randomness, others }: OtelMember): string {
  const parts = [...others];
  if (randomness !== undefined) parts.unshift(`rv:${randomness}`);
  if (threshold !== undefined) parts.unshift(`th:${threshold}`);
  return parts.join(";");
}

/** e, where the probability is from 2^(e-1) to 2^e, without 2^e. */
function exponentOf(probability: number): number {
  let exponent = 0;
  for (let rest = probability; rest < 0.5; rest *= 2) exponent -= 1;
  return exponent;
}
