import type { HrTime } from "@opentelemetry/api";

import type { BackwardWriter } from "./backward-writer.ts";

const NANOS = 1_000_000_000;
const TWO_16 = 0x10000;
const TWO_32 = 0x100000000;

/** Nanoseconds since the epoch as fixed64. They pass 2^53, so the seconds are multiplied in two halves. */
export function writeTime(writer: BackwardWriter, [seconds, nanos]: HrTime): void {
  const high = Math.floor(seconds / TWO_16) * NANOS;
  const low = (high % TWO_16) * TWO_16 + (seconds % TWO_16) * NANOS + nanos;
  writer.fixed64(low % TWO_32, (Math.floor(high / TWO_16) + Math.floor(low / TWO_32)) % TWO_32);
}
