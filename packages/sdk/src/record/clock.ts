import type { HrTime } from "@opentelemetry/api";

/** How far the wall clock may run away from the monotonic one before it is believed: a laptop that slept, a clock that was set. */
const DRIFT_MAX_MS = 100;

const STEP_NANOS = 1_000;

/**
 * Tells the time in nanoseconds since the epoch, each time at least a microsecond later than the last.
 *
 * Steps are numbered by their start, so two of them must not start at the same moment.
 */
export function createClock(): () => HrTime {
  let offsetMs = Date.now() - performance.now();
  let last: HrTime = [0, 0];
  return () => {
    let nowMs = performance.now() + offsetMs;
    const wallMs = Date.now();
    if (Math.abs(nowMs - wallMs) > DRIFT_MAX_MS) {
      offsetMs = wallMs - performance.now();
      nowMs = wallMs;
      last = [0, 0];
    }
    const time = toHrTime(nowMs);
    last = isAfter(time, last) ? time : later(last);
    return last;
  };
}

/** Milliseconds since the epoch, with fractions. */
export function toHrTime(epochMs: number): HrTime {
  const seconds = Math.floor(epochMs / 1_000);
  const micros = Math.min(Math.floor((epochMs - seconds * 1_000) * 1_000), 999_999);
  return [seconds, micros * STEP_NANOS];
}

function isAfter([seconds, nanos]: HrTime, [otherSeconds, otherNanos]: HrTime): boolean {
  return seconds > otherSeconds || (seconds === otherSeconds && nanos > otherNanos);
}

function later([seconds, nanos]: HrTime): HrTime {
  const next = nanos + STEP_NANOS;
  return next < 1_000_000_000 ? [seconds, next] : [seconds + 1, 0];
}
